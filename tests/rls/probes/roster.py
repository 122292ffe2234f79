"""What whoever keeps a roster may not do, however it is tried; each beside what they may."""

from typing import Final
from uuid import UUID

from tests.people import (
    ADMIN,
    ANN,
    BEN,
    CLASS_1A,
    CLEO,
    COURSE,
    DAN,
    EVERYWHERE,
    NORTH,
    OTHER_TEACHER,
    SOUTH,
    SOUTH_COORDINATOR,
    TEACHER,
    UNUSED,
)
from tests.rls.oracle import PROGRESS
from tests.rls.probes.probe import (
    ADA,
    ADD,
    BY_PERSON,
    CORA,
    PLATFORM,
    Probe,
    after,
    is_so,
    refused,
)
from tests.rls.spare_roster import NEW_STUDENT, NEW_TEACHER
from tests.rls.staff_students import IDA, KAI

EVA: Final = BY_PERSON[EVERYWHERE]
KAIS: Final = BY_PERSON[KAI]
NEW, NEW_COLLEAGUE = NEW_STUDENT[NORTH], NEW_TEACHER[NORTH]


def staff(one: UUID, change: str) -> str:
    return f"update school.staff set {change} where id = '{one}'"


def student(one: UUID, change: str) -> str:
    return f"update school.student set {change} where id = '{one}'"


def both(*statements: str) -> str:
    """Refused as a whole, where the last is."""
    return f"do $probe$ begin {'; '.join(statements)}; end $probe$"


def is_role(one: UUID, role: str) -> str:
    return f"(select role = '{role}' from school.staff where id = '{one}')"


OWN: Final = [
    *(
        refused(who, staff(who.person, change))  # type: ignore[arg-type]
        for who, change in (
            (CORA, "role = 'teacher'"),
            (CORA, "is_active = false"),
            (EVA, f"organisation_id = '{NORTH}'"),
            (ADA, "role = 'coordinator'"),
            (ADA, "is_active = false"),
            (ADA, f"organisation_id = '{SOUTH}'"),
        )
    ),
    *(after(who, staff(who.person, "full_name = 'Me'"), "true") for who in (CORA, EVA, ADA)),  # type: ignore[arg-type]
    # Nor do they change anything of themselves as a student.
    Probe(KAIS, student(KAI, "full_name = 'Me'"), "0"),
    Probe(KAIS, f"delete from school.class_student where student_id = '{KAI}'", "0"),
    refused(
        KAIS,
        f"insert into school.class_student (class_id, student_id) values ('{CLASS_1A}', '{KAI}')",
    ),
    Probe(
        KAIS,
        student(CLEO, f"is_active = false, merged_into = '{KAI}'"),
        "23514 nobody of this school is meant",
    ),
]

ROLES: Final = [
    # None above one's own, given or taken.
    *(refused(who, staff(TEACHER, "role = 'admin'")) for who in (CORA, EVA)),
    *(
        Probe(who, staff(ADMIN, change), "0")
        for who in (CORA, EVA)
        for change in ("role = 'teacher'", "is_active = false", "email = 'mine@example.org'")
    ),
    *(
        after(who, staff(TEACHER, "role = 'coordinator'"), is_role(TEACHER, "coordinator"))
        for who in (CORA, EVA, ADA)
    ),
    after(ADA, staff(TEACHER, "role = 'admin'"), is_role(TEACHER, "admin")),
    after(ADA, staff(IDA, "role = 'coordinator'"), is_role(IDA, "coordinator")),
    is_so(CORA, "3 = (select count(*) from internal.my_grantable_roles())"),
    is_so(ADA, "4 = (select count(*) from internal.my_grantable_roles())"),
    # To one's own organisations, and from them.
    refused(CORA, staff(TEACHER, f"organisation_id = '{SOUTH}'")),
    refused(CORA, staff(KAI, "organisation_id = null")),
    after(EVA, staff(TEACHER, f"organisation_id = '{SOUTH}'"), "true"),
    after(EVA, staff(KAI, "organisation_id = null"), "true"),
    # A second address of the same letters would keep its owner from signing in.
    Probe(
        CORA,
        "insert into school.staff (id, organisation_id, full_name, email, role) "
        f"values (gen_random_uuid(), '{NORTH}', 'x', 'ADA@example.org', 'teacher')",
        "23505 a colleague has this address",
    ),
    Probe(CORA, staff(TEACHER, "email = 'Ada@example.org'"), "23505 a colleague has this address"),
    after(CORA, staff(TEACHER, "email = 'TESS@example.org'"), "true"),
    after(PLATFORM, staff(TEACHER, "email = 'Ada@example.org'"), "true"),
]

LAST_ADMIN: Final = [
    refused(PLATFORM, "update school.staff set is_active = false where role = 'admin'"),
    refused(PLATFORM, "update school.staff set role = 'coordinator' where role = 'admin'"),
    refused(
        PLATFORM,
        both(staff(ADMIN, "is_active = false"), f"delete from school.staff where id = '{IDA}'"),
    ),
    after(PLATFORM, staff(ADMIN, "is_active = false"), "true"),
    after(PLATFORM, f"delete from school.staff where id = '{IDA}'", "true"),
]


def enters_student(id_: UUID) -> str:
    return (
        "insert into school.student (id, organisation_id, full_name) "
        f"values ('{id_}', '{NORTH}', 'x')"
    )


PEOPLE: Final = [
    # Nobody's progress is claimed by entering its owner as a student.
    *(refused(who, enters_student(OTHER_TEACHER)) for who in (CORA, EVA)),
    after(ADA, enters_student(OTHER_TEACHER), "true"),
    after(
        CORA, enters_student(UNUSED), f"exists (select from school.student where id = '{UNUSED}')"
    ),
    refused(
        CORA,
        "insert into school.staff (id, organisation_id, full_name, email, role) "
        f"values ('{DAN}', '{NORTH}', 'x', 'x@example.org', 'teacher')",
    ),
    *(
        after(
            PLATFORM,
            f"delete from school.{table} where id = '{one}'",
            f"not exists (select from auth.users where id = '{one}')",
        )
        for table, one in (("student", NEW), ("staff", NEW_COLLEAGUE))
    ),
    after(
        PLATFORM,
        f"update auth.users set email = 'x' where id = '{NEW}'; delete from school.student where id = '{NEW}'",
        f"exists (select from auth.users where id = '{NEW}')",
    ),
    # Whoever was entered twice is another of the same school.
    Probe(
        CORA,
        student(ANN, f"is_active = false, merged_into = '{DAN}'"),
        "23514 nobody of this school is meant",
    ),
    after(CORA, student(ANN, f"is_active = false, merged_into = '{BEN}'"), "true"),
    # Of the other organisation nobody comes in.
    refused(
        CORA,
        f"insert into school.class_student (class_id, student_id) values ('{CLASS_1A}', '{DAN}')",
    ),
    refused(
        CORA,
        f"insert into school.class_teacher (class_id, staff_id) values ('{CLASS_1A}', '{SOUTH_COORDINATOR}')",
    ),
    after(
        EVA,
        f"insert into school.class_teacher (class_id, staff_id) values ('{CLASS_1A}', '{SOUTH_COORDINATOR}')",
        "true",
    ),
]

NOTE: Final = (
    "insert into dashboard.note (id, student_id, author_id, act, kind, text) "
    f"values ('{UNUSED}', '{NEW}', '{NEW_COLLEAGUE}', 'written', 'note', 'x')"
)

STORED: Final = [
    # Of whom, of what and by whom something is stored stays, though nothing else holds it.
    refused(
        PLATFORM,
        both(
            f"delete from {PROGRESS} where student_id = '{BEN}'",
            f"delete from school.class_student where student_id = '{BEN}'",
            f"delete from school.student where id = '{BEN}'",
        ),
    ),
    refused(PLATFORM, both(NOTE, f"delete from school.student where id = '{NEW}'")),
    refused(PLATFORM, both(NOTE, f"delete from school.staff where id = '{NEW_COLLEAGUE}'")),
    after(PLATFORM, f"delete from school.student where id = '{NEW}'", "true"),
    after(PLATFORM, f"delete from school.staff where id = '{NEW_COLLEAGUE}'", "true"),
    refused(
        PLATFORM,
        both(
            f"{ADD}('{ANN}', '{UNUSED}', 'InProgress')",
            f"delete from {PROGRESS} where module_id = '{UNUSED}'",
            f"delete from public.modules where id = '{UNUSED}'",
        ),
    ),
    refused(
        PLATFORM,
        both(
            f"delete from {PROGRESS} where module_id = '{COURSE}'",
            f"delete from public.lessons where module_id = '{COURSE}'",
        ),
    ),
    after(PLATFORM, f"delete from public.modules where id = '{UNUSED}'", "true"),
]


def means(table: str, kind: str, one: UUID, organisation: UUID = NORTH) -> str:
    columns, more = {
        "source_id": ("organisation_id, source, kind, source_id, our_id", "'x', "),
        "roster_lock": ("organisation_id, field, kind, locked_id", ""),
    }[table]
    middle = f"'{kind}', 'new'" if more else f"'{kind}'"
    return (
        f"insert into school.{table} ({columns}) values ('{organisation}', 'x', {middle}, '{one}')"
    )


MEANT: Final = [
    *(
        refused(who, means(table, kind, one))
        for table in ("source_id", "roster_lock")
        for who, kind, one in (
            (CORA, "student", DAN),
            (EVA, "student", DAN),
            (CORA, "staff", ADMIN),
            (CORA, "class", ANN),
        )
    ),
    refused(CORA, f"update school.source_id set our_id = '{DAN}'"),
    *(
        after(who, means(table, kind, one), "true")
        for table in ("source_id", "roster_lock")
        for who, kind, one in (
            (CORA, "student", ANN),
            (CORA, "class", CLASS_1A),
            (CORA, "staff", TEACHER),
            (EVA, "staff", ADMIN),
        )
    ),
    after(CORA, means("source_id", "module", COURSE), "true"),
]

KEPT: Final = [*OWN, *ROLES, *LAST_ADMIN, *PEOPLE, *STORED, *MEANT]
