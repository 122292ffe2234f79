"""As paths.py: no name in what guards and records the roster means another thing to whoever causes it."""

from typing import Final

from tests.people import ANN, BEN, COORDINATOR, NORTH, OTHER_TEACHER, UNUSED
from tests.rls.matrix import REFUSED
from tests.rls.probes.paths import SHADOWED, turned
from tests.rls.probes.probe import ADA, CORA, PLATFORM, Probe
from tests.rls.probes.roster import enters_student
from tests.rls.spare_roster import NEW_STUDENT, roster_batch_of


def _leaving(one: object) -> str:
    """From here on this student is the one who left: told without an operator."""
    return (
        f"update school.student set is_active = false, left_on = '2026-01-01' where id = '{one}'; "
    )


def _refused(statement: str) -> Probe:
    return Probe(PLATFORM, f"do $probe$ begin {SHADOWED}; {statement}; end $probe$", REFUSED)


ROSTER_PATHS: Final = [
    *(
        turned(CORA, f"perform internal.{call}")
        for call in (
            *(
                f"my_managed_{what}()"
                for what in ("organisations", "students", "classes", "modules", "ids")
            ),
            "manages_all()",
            "sees_guests()",
            "my_grantable_roles()",
            f"may_undo_roster('{roster_batch_of(COORDINATOR)}')",
        )
    ),
    turned(
        PLATFORM,
        f"insert into school.student (id, organisation_id, full_name) values ('{UNUSED}', '{NORTH}', 'x')",
        "delete from school.roster_lock",
        "update school.class_module set position = 9",
        "update school.staff set full_name = 'x'",
        "update school.staff set email = email",
    ),
    turned(
        CORA,
        f"insert into school.student (id, organisation_id, full_name) values ('{UNUSED}', '{NORTH}', 'x')",
    ),
    # Whose id it is already is asked only where somebody has it.
    turned(
        ADA,
        enters_student(OTHER_TEACHER),
    ),
    turned(
        PLATFORM,
        "delete from school.student where left_on is not null",
        before=_leaving(NEW_STUDENT[NORTH]),
    ),
    turned(
        PLATFORM,
        f"update school.student set merged_into = '{BEN}' where left_on is not null",
        before=_leaving(ANN),
    ),
    *(
        _refused(statement)
        for statement in (
            "delete from dashboard.history",
            "delete from school.student",
            "delete from school.staff",
            "delete from public.lessons",
            "update school.staff set is_active = false",
        )
    ),
]
