"""What guards the roster, one condition at a time: whoever writes it, and for rows that no statement names."""

from typing import Final
from uuid import UUID

from data.access.claims import ClaimsKey
from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLASS_SOUTH,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    EVERYWHERE,
    INSPECTOR,
    NORTH,
    PROJECT,
    SOUTH,
    SOUTH_COORDINATOR,
    TEACHER,
    UNUSED,
    VIEWER,
)
from tests.rls.oracle import PROGRESS, batch_of
from tests.rls.probes.probe import (
    ADA,
    ADD,
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
from tests.rls.probes.roles import theirs_on
from tests.rls.probes.roster import (
    EVA,
    NEW,
    NEW_COLLEAGUE,
    both,
    enters_student,
    means,
    staff,
    student,
)
from tests.rls.probes.roster_history import NEWEST, within
from tests.rls.spare_roster import WORKED_IN

# --- rows that nobody named ---

COUNTED: Final = (
    "set_config('probe.at', (current_setting('probe.at')::integer + 1)::text, true)::integer"
)
"""How many rows were met so far: told without reading any column."""


def _one_by_one(statement: str, rows: int) -> Probe:
    """For the first row that is met, for the second and so on: as many rows go through in all."""
    return after(
        CORA,
        "declare touched integer; gone integer := 0; begin for place in 1..20 loop "
        f"begin perform set_config('probe.at', '0', true); {statement}; "
        "get diagnostics touched = row_count; gone := gone + touched; raise sqlstate 'ZZ002'; "
        "exception when sqlstate 'ZZ002' or insufficient_privilege or restrict_violation "
        "or foreign_key_violation then null; end; end loop; "
        f"if gone <> {rows} then raise exception '% rows', gone; end if; end",
        "true",
    )


# What reads no column needs no right to see the row: whose it is must be said for the change itself.
UNNAMED: Final = [
    Probe(CORA, "update public.organisations set name = 'Another'", "1"),
    Probe(CORA, "update school.staff set full_name = 'Another'", "7"),
    Probe(CORA, "delete from school.class_student", "5"),
    _one_by_one(f"delete from school.staff where {COUNTED} = place", 3),
    # Oneself stays, and everybody else goes to the other school.
    _one_by_one(
        f"update school.staff set organisation_id = case {COUNTED} when place then '{NORTH}'::uuid "
        f"else '{SOUTH}' end",
        0,
    ),
]

ELSEWHERE: Final = [
    *(
        refused(who, means(table, kind, one, organisation))
        for table in ("source_id", "roster_lock")
        for who, kind, one, organisation in (
            (CORA, "student", DAN, SOUTH),
            (CORA, "class", CLASS_SOUTH, SOUTH),
            (EVA, "staff", SOUTH_COORDINATOR, NORTH),
        )
    ),
    refused(
        CORA,
        f"insert into school.class_teacher (class_id, staff_id) values ('{CLASS_SOUTH}', '{TEACHER}')",
    ),
    # Nobody enters themselves as a student.
    refused(ADA, enters_student(ADMIN)),
    # Who is somebody else already is not meant.
    Probe(
        CORA,
        both(
            student(ANN, f"is_active = false, merged_into = '{BEN}'"),
            student(CLEO, f"is_active = false, merged_into = '{ANN}'"),
        ),
        "23514 nobody of this school is meant",
    ),
]

# --- whoever writes the tables, with no rights on anything of ours ---

BY_OTHERS: Final = [
    after(PLATFORM, f"{theirs_on(rights, table)}; {statement}", "true")
    for rights, table, statement in (
        ("update", "school.staff", "update school.staff set full_name = 'x'"),
        (
            "update, select",
            "school.student",
            student(ANN, f"is_active = false, merged_into = '{BEN}'"),
        ),
        ("delete, select", "school.staff", f"delete from school.staff where id = '{NEW_COLLEAGUE}'"),
        ("delete, select", "school.student", f"delete from school.student where id = '{NEW}'"),
        ("delete, select", "public.modules", f"delete from public.modules where id = '{UNUSED}'"),
    )
]  # fmt: skip

# --- of whom, of what and by whom something is stored ---

WORK: Final = (
    f"dashboard.identity values ('issuer', 'another', '{NEW_COLLEAGUE}')",
    "dashboard.history (student_id, module_id, operation, source, author_id, batch_id) "
    f"values ('{ANN}', '{COURSE}', 'update', 'form', '{NEW_COLLEAGUE}', '{batch_of(COORDINATOR)}')",
    f"dashboard.batch (id, author_id, source) values ('{UNUSED}', '{NEW_COLLEAGUE}', 'form')",
    "dashboard.roster_change (relation, key, operation, author_id, after) "
    f"values ('module', '{{}}', 'insert', '{NEW_COLLEAGUE}', '{{}}')",
    "dashboard.roster_batch (id, author_id, source, digest) "
    f"values ('{UNUSED}', '{NEW_COLLEAGUE}', 'form', repeat('0', 64))",
    "dashboard.lock (student_id, module_id, fields, locked_values, author_id, reason) "
    f"values ('{BEN}', '{PROJECT}', '{{score}}', '{{\"score\": null}}', '{NEW_COLLEAGUE}', 'x')",
    "dashboard.dismissal (rule, student_id, module_id, values_digest, author_id) "
    f"values ('z', '{ANN}', '{COURSE}', repeat('0', 32), '{NEW_COLLEAGUE}')",
    "dashboard.flag_response (id, class_id, student_id, rule, author_id, response) "
    f"values ('{UNUSED}', '{CLASS_1A}', '{ANN}', 'x', '{NEW_COLLEAGUE}', 'seen')",
    "dashboard.class_target (id, class_id, author_id) "
    f"values ('{UNUSED}', '{CLASS_1A}', '{NEW_COLLEAGUE}')",
    "dashboard.attention_change (organisation_id, figure, value, follows, author_id) "
    f"values ('{NORTH}', 'stuck', 1, -1, '{NEW_COLLEAGUE}')",
    "dashboard.holiday (id, organisation_id, name, first_day, last_day, author_id) "
    f"values ('{UNUSED}', '{NORTH}', 'x', '2026-12-24', '2026-12-24', '{NEW_COLLEAGUE}')",
    f"dashboard.erasure (author_id, counts) values ('{NEW_COLLEAGUE}', '{{}}')",
)

UNRECORDED: Final = f"alter table {PROGRESS} disable trigger user"
"""As before this program came: progress of which there is no history."""

HAS_WORKED: Final = [
    *(
        refused(
            PLATFORM,
            both(
                f"insert into {written}", f"delete from school.staff where id = '{NEW_COLLEAGUE}'"
            ),
        )
        for written in WORK
    ),
    refused(
        PLATFORM,
        both(
            f"update auth.users set email = 'x' where id = '{NEW}'",
            UNRECORDED,
            f"{ADD}('{NEW}', '{COURSE}', 'InProgress')",
            f"delete from school.student where id = '{NEW}'",
        ),
    ),
    refused(PLATFORM, f"delete from public.lessons where module_id = '{WORKED_IN}'"),
]

# --- who was switched off, and who sees guests ---

INES: Final = BY_PERSON[INSPECTOR]

GUESTS: Final = [
    after(
        PLATFORM,
        f"update school.student set full_name = 'Zoë O’Neill' where id = '{ANN}'",
        f"(select plain_name from school.student where id = '{ANN}') = 'zoeoneill'",
    ),
    *(is_so(who, "internal.sees_guests()") for who in (TESS, EVA, ADA, INES)),
    *(is_so(who, "internal.sees_everybody()") for who in (ADA, INES)),
    *(is_so(who, "internal.everybody_but() = internal.me()") for who in (ADA, INES)),
    *(is_so(who, "internal.everybody_but() is null") for who in (TESS, CORA, BY_PERSON[VIEWER])),
    *(is_so(who, "not internal.sees_everybody()") for who in (TESS, CORA, BY_PERSON[VIEWER])),
    *(is_so(who, "not internal.sees_guests()") for who in (CORA, BY_PERSON[VIEWER])),
    # Who sees everything and changes nothing.
    is_so(
        INES,
        "not internal.manages_all() and not exists (select from roster.editable)",
    ),
    is_so(INES, "not exists (select from internal.my_managed_organisations())"),
    Probe(
        PLATFORM,
        staff(TEACHER, "organisation_id = null"),
        '23514 new row for relation "staff" violates check constraint "staff_check"',
    ),
]

NO_ADMIN: Final = after(
    PLATFORM,
    "alter table school.staff disable trigger guard_last_admin_in_updates; "
    "update school.staff set is_active = false where role = 'admin'; "
    "alter table school.staff enable trigger guard_last_admin_in_updates; "
    + staff(ADMIN, "full_name = 'x'"),
    "true",
)
"""Where there was none, nothing is to be kept."""

GUARDS: Final = [*UNNAMED, *ELSEWHERE, *BY_OTHERS, *HAS_WORKED, *GUESTS, NO_ADMIN]

SAVED: Final = (
    "insert into dashboard.roster_batch (id, author_id, source, digest) "
    f"values ('{UNUSED}', '{SOUTH_COORDINATOR}', 'form', repeat('0', 64))"
)
OF_A_MODULE: Final = (
    "insert into dashboard.roster_change (relation, key, operation, author_id, batch_id, after) "
    f"values ('module', '{{}}', 'insert', '{SOUTH_COORDINATOR}', '{UNUSED}', '{{}}')"
)


def of_roster_guards(key: ClaimsKey) -> list[Probe]:
    """Probes of who was switched off, and of what somebody else saves at the same time."""

    def switched_off(one: UUID) -> str:
        return f"{staff(one, 'is_active = false')}; {signed(key, one)}"

    return [
        after(PLATFORM, switched_off(EVERYWHERE), "not internal.manages_all()"),
        after(PLATFORM, switched_off(TEACHER), "not internal.sees_guests()"),
        # Who has left as a student sees nothing as one, a viewer included.
        *(
            after(
                PLATFORM,
                "insert into school.student (id, organisation_id, full_name, is_active) "
                f"values ('{one}', '{NORTH}', 'x', false); {signed(key, one)}",
                f"not exists (select from internal.my_students() as it where it = '{one}')",
            )
            for one in (VIEWER, INSPECTOR)
        ),
        after(
            PLATFORM,
            f"{SAVED}; {signed(key, COORDINATOR)}; {within(UNUSED)}",
            NEWEST.format(f"batch_id is null and author_id = '{COORDINATOR}'"),
        ),
        # A module is everybody's, and what somebody did to it theirs to undo.
        *(
            after(
                PLATFORM,
                f"{SAVED}; {OF_A_MODULE}; {signed(key, one)}",
                f"{may} internal.may_undo_roster('{UNUSED}')",
            )
            for one, may in ((SOUTH_COORDINATOR, ""), (COORDINATOR, "not"))
        ),
    ]
