"""Who keeps the roster: the tables that coordinators and administrators write, told in plain Python.

Each row's `organisation` is whose roster it is; None is what belongs to none: colleagues who are everywhere.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from tests.people import (
    ADMIN,
    ANN,
    CLASS_1A,
    CLASS_1B,
    CLASS_SOUTH,
    CLEO,
    COORDINATOR,
    COURSE,
    DAN,
    EVERYWHERE,
    INSPECTOR,
    NORTH,
    OTHER_TEACHER,
    SOUTH,
    SOUTH_COORDINATOR,
    TEACHER,
    VIEWER,
)
from tests.rls.facts import (
    HOME,
    ROLE,
    STUDIES_AT,
    Identity,
    manages,
    role,
)
from tests.rls.rules import STUDENTS, Relation, Row
from tests.rls.spare_roster import (
    EMPTY_CLASS,
    NEW_STUDENT,
    NEW_TEACHER,
)
from tests.rls.staff_students import IDA, KAI, LEA

BOTH: Final = (NORTH, SOUTH)
WORKS_AS: Final = ROLE | dict.fromkeys(NEW_TEACHER.values(), "teacher")
WORKS_AT: Final = HOME | {one: home for home, one in NEW_TEACHER.items()}
COLLEAGUES: Final = (
    *(TEACHER, COORDINATOR, SOUTH_COORDINATOR, EVERYWHERE, ADMIN, VIEWER, INSPECTOR),
    *(KAI, LEA, IDA),
    *NEW_TEACHER.values(),
)
HAVE_WORKED: Final = {TEACHER, COORDINATOR, SOUTH_COORDINATOR, EVERYWHERE, ADMIN, LEA}
"""Who has a class, or has changed something."""

MEMBERS: Final = (
    *((CLASS_1A, ANN), (CLASS_1B, CLEO), (CLASS_SOUTH, DAN), (CLASS_1B, KAI)),
    *((CLASS_SOUTH, LEA), (CLASS_SOUTH, IDA)),
)


# --- rules ---


def keeps(who: Identity, row: Row) -> bool:
    """Is it of a roster that they keep?"""
    return manages(who, row.organisation)


def keeps_other(who: Identity, row: Row) -> bool:
    """So it is, and not about themselves as a student."""
    return keeps(who, row) and who.person != row.student


def may_give_role(who: Identity, row: Row) -> bool:
    assert row.colleague
    return keeps(who, row) and (WORKS_AS[row.colleague] != "admin" or role(who) == "admin")


def dismisses(who: Identity, row: Row) -> bool:
    return may_give_role(who, row) and who.person != row.colleague


def places_student(who: Identity, row: Row) -> bool:
    assert row.student
    return keeps_other(who, row) and manages(who, STUDIES_AT[row.student])


# --- rows ---


def told(organisation: UUID | None) -> str:
    return f"'{organisation}'" if organisation else "null"


def _class_row(class_: UUID, where: str = "class_id = '{}'") -> Row:
    return Row(where.format(class_), organisation=HOME[class_])


ROSTER: Final[Mapping[str, Relation]] = {
    "public.organisations": Relation(
        "organisations, as they are kept",
        tuple(Row(f"id = '{one}'", organisation=one) for one in BOTH),
        sees=keeps,
        adds=lambda who, row: role(who) == "admin",
        changes=keeps,
        adding=lambda who, row: (
            "insert into public.organisations (id, name) values (gen_random_uuid(), 'New')"
        ),
        changing=lambda who, row: "update public.organisations set name = 'Another'",
        unsigned_change_fails=True,
    ),
    "school.student": Relation(
        "students, as they are kept (removed where nothing is stored of them)",
        tuple(
            Row(f"id = '{one}'", student=one, organisation=STUDIES_AT[one])
            for one in (*STUDENTS, *NEW_STUDENT.values())
        ),
        sees=keeps,
        adds=keeps,
        changes=keeps_other,
        removes=keeps_other,
        adding=lambda who, row: (
            "insert into school.student (id, organisation_id, full_name) "
            f"values (gen_random_uuid(), {told(row.organisation)}, 'New')"
        ),
        changing=lambda who, row: "update school.student set full_name = 'Another'",
        removing=True,
        is_in_use=lambda row: row.student not in NEW_STUDENT.values(),
        unsigned_change_fails=True,
    ),
    "school.staff": Relation(
        "staff, as they are kept, with their e-mail (removed where they have done nothing)",
        tuple(
            Row(f"id = '{one}'", organisation=WORKS_AT.get(one), colleague=one)
            for one in COLLEAGUES
        ),
        sees=keeps,
        adds=may_give_role,
        changes=may_give_role,
        removes=dismisses,
        adding=lambda who, row: (
            "insert into school.staff (id, organisation_id, full_name, email, role) values "
            f"(gen_random_uuid(), {told(row.organisation)}, 'New', 'new@example.org', "
            f"'{WORKS_AS[row.colleague]}')"  # type: ignore[index]
        ),
        changing=lambda who, row: "update school.staff set full_name = 'Another'",
        removing=True,
        is_in_use=lambda row: row.colleague in HAVE_WORKED,
        unsigned_change_fails=True,
    ),
    "school.class": Relation(
        "classes, as they are kept (removed where nobody and nothing is in them)",
        (
            *(_class_row(one, "id = '{}'") for one in (CLASS_1A, CLASS_SOUTH)),
            *(
                Row(f"id = '{one}'", organisation=home, class_=None, target=one)
                for home, one in EMPTY_CLASS.items()
            ),
        ),
        sees=keeps,
        adds=keeps,
        changes=keeps,
        removes=keeps,
        adding=lambda who, row: (
            f"insert into school.class (organisation_id, name) values ({told(row.organisation)}, 'New')"
        ),
        changing=lambda who, row: "update school.class set name = 'Another'",
        removing=True,
        is_in_use=lambda row: row.target is None,
        unsigned_change_fails=True,
    ),
    "school.class_student": Relation(
        "who is in a class, as it is kept",
        tuple(
            Row(
                f"class_id = '{class_}' and student_id = '{one}'",
                student=one,
                organisation=HOME[class_],
            )
            for class_, one in MEMBERS
        ),
        sees=keeps,
        adds=places_student,
        removes=keeps_other,
        adding=lambda who, row: (
            "insert into school.class_student (class_id, student_id) "
            f"values ('{EMPTY_CLASS[row.organisation]}', '{row.student}')"  # type: ignore[index]
        ),
        removing=True,
        unsigned_change_fails=True,
    ),
    "school.class_teacher": Relation(
        "who teaches a class, as it is kept",
        tuple(
            Row(f"class_id = '{class_}'", organisation=HOME[class_], colleague=one)
            for class_, one in ((CLASS_1A, TEACHER), (CLASS_1B, OTHER_TEACHER), (CLASS_SOUTH, LEA))
        ),
        sees=keeps,
        adds=keeps,
        removes=keeps,
        adding=lambda who, row: (
            "insert into school.class_teacher (class_id, staff_id) "
            f"values ('{EMPTY_CLASS[row.organisation]}', '{row.colleague}')"  # type: ignore[index]
        ),
        removing=True,
        unsigned_change_fails=True,
    ),
    "school.class_module": Relation(
        "what a class learns, as it is kept",
        tuple(
            Row(f"class_id = '{class_}' and module_id = '{COURSE}'", organisation=HOME[class_])
            for class_ in (CLASS_1A, CLASS_SOUTH)
        ),
        sees=keeps,
        adds=keeps,
        changes=keeps,
        removes=keeps,
        adding=lambda who, row: (
            "insert into school.class_module (class_id, module_id, position) "
            f"values ('{EMPTY_CLASS[row.organisation]}', '{COURSE}', 1)"  # type: ignore[index]
        ),
        changing=lambda who, row: "update school.class_module set position = 9",
        removing=True,
        unsigned_change_fails=True,
    ),
}
"""The tables of people and classes, which are written by whoever keeps a roster."""
