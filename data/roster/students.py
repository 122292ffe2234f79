"""What becomes of students, as changes: entered, corrected, placed in classes, left."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from data.roster.changes import RosterChange, Values, added, changed, only
from data.roster.locks import locks
from data.roster.reading.classes import ClassEntry
from data.roster.reading.students import StudentEntry

COLUMNS = ("full_name", "email", "number", "is_active", "left_on")
"""What people correct of a student."""


def new_student(
    organisation_id: UUID, values: Values, class_ids: Iterable[UUID] = ()
) -> list[RosterChange]:
    """A student who was not here before, in these classes."""
    key = {"id": uuid4()}
    return [
        added("student", key, organisation_id=organisation_id, **values),
        *(added("class_student", {"class_id": one, "student_id": key["id"]}) for one in class_ids),
    ]


def corrected(one: StudentEntry, values: Values, class_ids: Collection[UUID]) -> list[RosterChange]:
    """The same student with other values and in these classes."""
    change = changed("student", {"id": one.id}, stored(one), values)
    kept = locks("student", one.organisation_id, change, one.locked) if one.is_from_file else ()
    return [*([change] if change else []), *kept, *placed(one, class_ids)]


def stored(one: StudentEntry) -> dict[str, Any]:
    """The columns as they are."""
    return {name: getattr(one, name) for name in COLUMNS}


def placed(one: StudentEntry, class_ids: Collection[UUID]) -> list[RosterChange]:
    """In these classes and no others."""
    return only("class_student", {"student_id": one.id}, "class_id", one.class_ids, class_ids)


def no_longer_counted(
    changes: Iterable[RosterChange], students: Iterable[StudentEntry], classes: Iterable[ClassEntry]
) -> int:
    """How many modules are in a class that one of the students leaves, and in none that they are in then."""
    learnt = {one.id: set(one.module_ids) for one in classes}
    moves = [one for one in changes if one.relation == "class_student"]
    lost: set[UUID] = set()
    for student in students:
        mine = [one for one in moves if one.key["student_id"] == student.id]
        gone = {one.key["class_id"] for one in mine if one.operation == "delete"}
        after = {*student.class_ids} - gone | {one.key["class_id"] for one in mine} - gone
        lost |= _modules(learnt, gone) - _modules(learnt, after)
    return len(lost)


def _modules(learnt: Mapping[UUID, set[UUID]], class_ids: Iterable[UUID]) -> set[UUID]:
    return {module for one in class_ids for module in learnt.get(one, ())}


def left(one: StudentEntry, on: date) -> list[RosterChange]:
    """Somebody who left: out of the classes that go on, and found among those who left. Nothing else goes."""
    return corrected(one, {**stored(one), "is_active": False, "left_on": on}, ())


def back(one: StudentEntry) -> list[RosterChange]:
    """Somebody who is here again; the classes are said anew."""
    return corrected(one, {**stored(one), "is_active": True, "left_on": None}, one.class_ids)
