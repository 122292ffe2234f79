"""Who may do what in an attached database: as in any (tests/rls/oracle.py), but for this."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tests.people import COURSE, UNUSED
from tests.rls.facts import Identity
from tests.rls.oracle import EDITABLE, PROGRESS, RELATIONS
from tests.rls.oracle_catalogue import CATALOGUE
from tests.rls.oracle_roster import ROSTER
from tests.rls.rights import ADDED, BESIDE_SAVES, CALLED, CHANGED, ENTERED, Rights
from tests.rls.rules import Relation, Row, is_in_charge, nobody

HOSTS: Final = (
    *("public.organisations", "public.modules", "public.lessons", PROGRESS),
    *(
        "sis.student",
        "sis.staff",
        "sis.class",
        "sis.class_student",
        "sis.class_teacher",
        "sis.class_module",
    ),
)
"""The platform's own tables."""

OURS_THERE: Final = {
    "internal.attachment": "how it is attached",
    "internal.role_word": "what the platform's words for roles mean",
    "internal.platform_error": "what went wrong while the platform wrote",
}

PASSED_BY: Final = {
    "internal.changed_row": "what is saved just now",
    "internal.added_row": "what is added just now",
    "internal.stale_fact": "what is to be counted again",
    "internal.roster_mark": "that the roster is to be read again",
    "internal.astray_fact": "what is counted otherwise than it is",
    "internal.worked_week": "in which weeks each student worked on which module",
    "internal.standing": "how students stand, by class",
    "internal.unsettled": "whose standing is to be counted again",
    "internal.class_day": "what was completed in each class, day by day",
    "internal.class_score": "how many of each class passed and failed a module",
    "internal.student_part": "what each student of a class completed when, passed and failed",
    "internal.class_summary": "what the overview says of each class, and whom the rules flag in it",
    "internal.class_news": "what is new in each class, of whom, and who of the staff changed it",
    "internal.doubt": "how many rows of each student break a rule",
    "internal.flag_record": "when each flag was first seen, and when it was gone",
    "internal.flags_recorded": "since when flags are recorded",
}
"""What nobody asks for, and mostly has no rows."""

UNSEEN: Final = ("school.class_teacher", "school.class_module", "school.retired_module")
"""Copies that nobody asks for: pages read them by the views of `roster`, or not at all."""

KEPT: Final = {
    name: relation
    for some in (ROSTER, CATALOGUE)
    for name, relation in some.items()
    if name not in ("dashboard.roster_change", "dashboard.roster_batch")
}
"""What is kept on the platform; that it changed is recorded here as anywhere."""


def _added(who: Identity, row: Row) -> str:
    return (
        "select from dashboard.add_progress("
        f"'{{{row.student}}}', '{{{UNUSED}}}', '{{InProgress}}', '{{1}}', '{{1}}', '{{null}}') as added "
        "where added is not null"
    )


def _corrected(who: Identity, row: Row) -> str:
    return (
        "select from (select student_id, module_id, dashboard.update_progress("
        "array[student_id], array[module_id], '{Completed}', '{100}', '{1}', '{2026-03-01}', "
        "'{t}', '{t}', '{t}', '{t}', false) as done from (values "
        f"('{row.student}'::uuid, '{COURSE}'::uuid)) as one (student_id, module_id) offset 0) as it"
    )


def _kept_by_nobody(name: str, relation: Relation) -> Relation:
    """The platform keeps its own roster: nobody writes it here."""
    if name in UNSEEN:
        return Relation(relation.means, relation.rows, asked=())
    return replace(
        relation,
        adds=nobody,
        changes=nobody,
        removes=nobody,
        adding=None,
        changing=None,
        removing=False,
        unsigned_change_fails=False,
    )


ATTACHED: Final[Mapping[str, Relation]] = {
    **RELATIONS,
    **{name: _kept_by_nobody(name, relation) for name, relation in KEPT.items()},
    **{name: Relation("the platform's", asked=()) for name in HOSTS},
    **{name: Relation(means, asked=()) for name, means in OURS_THERE.items()},
    **{name: Relation(means, rows=(), asked=()) for name, means in PASSED_BY.items()},
    # Whose own is nobody's to correct is not read there either: pages read dashboard.progress.
    EDITABLE: replace(RELATIONS[EDITABLE], sees=is_in_charge, adding=_added, changing=_corrected),
}
"""What is who's there, by the name of each table and view."""

NOT_GIVEN: Final = {*HOSTS, EDITABLE, *KEPT}
OF_THE_PLATFORM: Final = {"auth.uid", "auth.jwt", "extensions.pgrst_ddl_watch"}
"""Everybody's, in schemas that nobody of ours enters."""

RIGHTS: Final = Rights(
    ATTACHED,
    {name: columns for name, columns in ADDED.items() if name not in NOT_GIVEN},
    # To hold rows until they are written.
    {name: columns for name, columns in CHANGED.items() if name not in NOT_GIVEN}
    | {EDITABLE: {"last_updated"}},
    {role: CALLED.get(role, set()) - BESIDE_SAVES | OF_THE_PLATFORM for role in ENTERED},
    {role: schemas - {"auth"} for role, schemas in ENTERED.items()},
)
