"""Who looked at whose data is written by the database alone, and read by administrators alone."""

from typing import Final
from uuid import UUID

from data.access.claims import ClaimsKey
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLASS_1B,
    CLASS_SOUTH,
    CLEO,
    COORDINATOR,
    DAN,
    DISABLED,
    NORTH,
    SOUTH_COORDINATOR,
    STRANGER,
    TEACHER,
    UNUSED,
    VIEWER,
)
from tests.rls.facts import GUEST
from tests.rls.probes.paths import turned
from tests.rls.probes.probe import (
    ADA,
    ANNS,
    BY_PERSON,
    CORA,
    PLATFORM,
    TESS,
    Probe,
    after,
    is_so,
    refused,
    signed,
)
from tests.rls.staff_students import KAI


def _disclose(*students: UUID, kind: str = "file", in_class: UUID | None = None) -> str:
    ids = ", ".join(map(str, students))
    class_ = f"'{in_class}'" if in_class else "null"
    return f"dashboard.disclose('{kind}', '{{{ids}}}', {class_})"


REWRITES: Final = [
    refused(PLATFORM, statement)
    for statement in (
        "update dashboard.disclosure set person_id = null",
        "delete from dashboard.disclosure",
        "truncate dashboard.disclosure",
    )
]

DISCLOSURES: Final = [
    *REWRITES,
    *(Probe(who, f"select {_disclose(ANN)}", "1") for who in (TESS, CORA, ADA, BY_PERSON[VIEWER])),
    # All of them, or nothing at all.
    refused(TESS, f"select {_disclose(ANN, CLEO)}"),
    refused(CORA, f"select {_disclose(DAN)}"),
    refused(CORA, f"select {_disclose(UNUSED)}"),
    refused(ANNS, f"select {_disclose(BEN)}"),
    refused(TESS, f"select {_disclose(ANN, in_class=CLASS_1B)}"),
    refused(BY_PERSON[DISABLED], f"select {_disclose()}"),
    refused(BY_PERSON[STRANGER], f"select {_disclose()}"),
    refused(GUEST, f"select {_disclose(ANN)}"),
    is_so(ADA, f"exists (select from dashboard.disclosures('{CLEO}', null, null))"),
    is_so(ADA, f"not exists (select from dashboard.disclosures('{BEN}', null, null))"),
    *(
        is_so(who, f"not exists (select from dashboard.disclosures('{CLEO}', null, null))")
        for who in (CORA, TESS, ANNS)
    ),
    is_so(ADA, f"exists (select from dashboard.all_stored_data('{CLEO}') where part = 'disclosure')"),
    turned(ADA, f"perform dashboard.disclosures('{CLEO}', null, null)"),
    turned(CORA, f"perform {_disclose(ANN)}"),
]  # fmt: skip


def of_disclosures(key: ClaimsKey) -> list[Probe]:
    """What is written, looked at as the owner, who sees all; and what an erasure leaves of it."""

    def writes(person: UUID, *calls: str, condition: str) -> Probe:
        performed = "; ".join(f"perform {one}" for one in calls)
        return after(PLATFORM, f"{signed(key, person)}; {performed}", condition)

    def lines(number: int, where: str) -> str:
        return f"{number} = (select count(*) from dashboard.disclosure where {where})"

    def by(person: UUID, number: int = 1) -> str:
        return lines(number, f"person_id = '{person}'")

    def about(*students: UUID) -> str:
        return f"student_ids = '{{{', '.join(map(str, students))}}}'"

    looks = _disclose(BEN, ANN, kind="look", in_class=CLASS_1A)
    again = _disclose(ANN, BEN, ANN, kind="look", in_class=CLASS_1A)
    of_both = f"{about(ANN, BEN)} and class_id = '{CLASS_1A}'"
    erased = f"dashboard.erase_student('{CLEO}', 'Cleo Zhang')"
    return [
        writes(
            TEACHER,
            looks,
            again,
            condition=lines(
                1, f"{of_both} and person_id = '{TEACHER}' and role = 'teacher' and kind = 'look'"
            ),
        ),
        # Other students, another class or kind, and what is exported are lines of their own.
        writes(
            TEACHER,
            looks,
            _disclose(ANN, kind="look", in_class=CLASS_1A),
            _disclose(ANN, BEN, kind="look"),
            condition=by(TEACHER, 3),
        ),
        writes(TEACHER, *[_disclose(ANN)] * 2, condition=by(TEACHER, 2)),
        # Who is a student too sees nobody else by looking at themselves.
        writes(KAI, _disclose(KAI, ANN), condition=lines(1, about(ANN))),
        writes(KAI, _disclose(KAI), condition=by(KAI, 0)),
        writes(
            ADMIN,
            erased,
            condition=f"{lines(1, 'true')} and {lines(1, about(DAN))}",
        ),
        writes(
            ADMIN,
            f"dashboard.erase_student('{DAN}', 'Dan Süd')",
            erased,
            condition=lines(0, "true"),
        ),
        writes(ADMIN, erased, condition=by(ADMIN)),
        after(
            PLATFORM,
            "insert into dashboard.disclosure (person_id, role, kind, student_ids) "
            f"select id, 'x', 'file', '{{{BEN}}}' from unnest('{{{ANN}, {COORDINATOR}}}'::uuid[]) as id; "
            f"{signed(key, ADMIN)}; perform dashboard.erase_student('{ANN}', 'Ann Ågren')",
            f"{by(ANN, 0)} and {by(COORDINATOR)} and {lines(1, 'person_id is null')}",
        ),
        # Where there is no class, nobody needs one.
        after(
            PLATFORM,
            f"update school.class set organisation_id = '{NORTH}' where id = '{CLASS_SOUTH}'; "
            f"{signed(key, SOUTH_COORDINATOR)}; perform {_disclose(DAN)}",
            by(SOUTH_COORDINATOR),
        ),
        # Of whoever was entered twice, what is recorded of both.
        after(
            PLATFORM,
            f"update school.student set is_active = false, merged_into = '{BEN}' where id = '{CLEO}'; "
            f"{signed(key, ADMIN)}",
            f"1 = (select count(*) from dashboard.disclosures('{BEN}', null, null))",
        ),
    ]
