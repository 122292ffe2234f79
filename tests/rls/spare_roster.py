"""Beside the cast: people, classes and modules of whom nothing is stored, so that they may be removed; and what
stands for everybody's changes of the roster."""

from typing import Any, Final
from uuid import UUID

import psycopg

from tests.people import (
    ANN,
    COORDINATOR,
    DAN,
    EVERYWHERE,
    NORTH,
    SOUTH,
    SOUTH_COORDINATOR,
)

Connection = psycopg.Connection[tuple[Any, ...]]


def _id(number: int) -> UUID:
    return UUID(f"00000000-0000-4000-8000-{number:012d}")


NEW_STUDENT: Final = {NORTH: _id(71), SOUTH: _id(72)}
NEW_TEACHER: Final = {NORTH: _id(73), SOUTH: _id(74)}
EMPTY_CLASS: Final = {NORTH: _id(75), SOUTH: _id(76)}
"""Nobody is in it, and nothing."""

FORMER_CLASS: Final = {NORTH: _id(77), SOUTH: _id(78)}
"""Nobody is in it any more."""

OWN_MODULE: Final = {NORTH: _id(79), SOUTH: _id(80)}
"""Only the former class of the organisation has it."""

RETIRED: Final = {NORTH: _id(81), SOUTH: _id(82)}
"""So is this one, which is retired."""

WORKED_IN: Final = _id(83)
"""No class has it, and Dan has worked in it."""

RETIRED_UNUSED: Final = _id(84)
"""No class has it, nobody has worked in it, and it is retired."""

LESSON: Final = {
    module: UUID(int=module.int + 100)
    for module in (*OWN_MODULE.values(), *RETIRED.values(), WORKED_IN)
}

ROSTER_AUTHORS: Final = {COORDINATOR: NORTH, SOUTH_COORDINATOR: SOUTH, EVERYWHERE: None}
"""Who saved changes of a roster, and of which; of None, of a colleague who is everywhere."""


def roster_batch_of(person: UUID) -> UUID:
    """The id of the batch that this member of the staff saved."""
    return UUID(int=person.int + 3000)


def furnish_roster(connection: Connection) -> None:
    """As the owner, with the triggers off: nothing of it is in the history but what is written here."""
    enter_spare(connection)
    record_changes(connection)


def enter_spare(connection: Connection) -> None:
    """What a platform's own tables hold of them."""
    for one in (NORTH, SOUTH):
        _enter_organisation(connection, one)
    for module in (WORKED_IN, RETIRED_UNUSED):
        _add(connection, "public.modules (id, type, name)", module, "Course", f"Former {module}")
    _add(connection, "public.lessons (id, module_id, title)", LESSON[WORKED_IN], WORKED_IN, "Then")
    _add(connection, "public.student_module_progress (student_id, module_id)", DAN, WORKED_IN)


def record_changes(connection: Connection) -> None:
    """What is known of them here alone."""
    for one, entered in ((NORTH, ANN), (SOUTH, DAN)):
        _add(connection, "school.retired_module (module_id)", RETIRED[one])
        _add(
            connection,
            "school.source_id (organisation_id, source, kind, source_id, our_id)",
            *(one, "office", "student", "1", entered),
        )
        _add(
            connection,
            "school.roster_lock (organisation_id, kind, locked_id, field)",
            *(one, "student", entered, "full_name"),
        )
    _add(connection, "school.retired_module (module_id)", RETIRED_UNUSED)
    for number, (person, organisation) in enumerate(ROSTER_AUTHORS.items(), 1):
        _record(connection, number, person, organisation)
    connection.execute(
        "insert into dashboard.roster_change (id, relation, key, operation, author_id, after) "
        "overriding system value values (-9, 'module', '{}', 'insert', %s, '{}')",
        (SOUTH_COORDINATOR,),
    )


def _enter_organisation(connection: Connection, one: UUID) -> None:
    student, teacher = NEW_STUDENT[one], NEW_TEACHER[one]
    for person in (student, teacher):
        _add(connection, "auth.users (id)", person)
    _add(connection, "school.student (id, organisation_id, full_name)", student, one, "New")
    _add(
        connection,
        "school.staff (id, organisation_id, full_name, email, role)",
        *(teacher, one, "New", f"{teacher}@example.org", "teacher"),
    )
    for class_ in (EMPTY_CLASS[one], FORMER_CLASS[one]):
        _add(connection, "school.class (id, organisation_id, name)", class_, one, f"Spare {class_}")
    for position, module in enumerate((OWN_MODULE[one], RETIRED[one]), 1):
        _add(connection, "public.modules (id, type, name)", module, "Course", f"Own {module}")
        _add(connection, "public.lessons (id, module_id, title)", LESSON[module], module, "First")
        _add(
            connection,
            "school.class_module (class_id, module_id, position)",
            *(FORMER_CLASS[one], module, position),
        )


def _record(connection: Connection, number: int, person: UUID, organisation: UUID | None) -> None:
    _add(
        connection,
        "dashboard.roster_batch (id, author_id, source, digest)",
        *(roster_batch_of(person), person, "form", "0" * 64),
    )
    connection.execute(
        "insert into dashboard.roster_change "
        "(id, relation, key, organisation_id, operation, author_id, batch_id, after) "
        "overriding system value values (%s, 'staff', '{}', %s, 'insert', %s, %s, '{}')",
        (-number, organisation, person, roster_batch_of(person)),
    )


def _add(connection: Connection, target: str, *row: object) -> None:
    places = ", ".join(["%s"] * len(row))
    connection.execute(f"insert into {target} values ({places})".encode(), row)
