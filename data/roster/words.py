"""A change of the roster in words: what it is about, who, and what changes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from data.i18n.dates import short_date
from data.roster.changes import RosterChange, Values
from data.rules.roster import ROLES

SUBJECTS: Final = {
    "organisation": "Organisation",
    "module": "Module",
    "lesson": "Lesson",
    "staff": "Staff",
    "student": "Student",
    "class": "Class",
    "class_teacher": "Class",
    "class_student": "Student",
    "class_module": "Class",
    "retired_module": "Module",
    "source_id": "Id elsewhere",
    "roster_lock": "Lock",
}
"""What a line is about, by its relation."""

FIELDS: Final = {
    "full_name": "Name",
    "name": "Name",
    "title": "Title",
    "email": "E-mail",
    "number": "School number",
    "role": "Role",
    "organisation_id": "Organisation",
    "is_active": "Active",
    "left_on": "Left on",
    "merged_into": "Same person as",
    "school_year": "School year",
    "archived_at": "Archived on",
    "type": "Type",
    "sequence": "Order",
    "configuration": "Pass mark",
    "position": "Place",
    "has_quiz": "Quiz",
    "our_id": "Is",
}
"""The columns that people change, in their order."""

UNSAID: Final = {
    *("full_name", "name", "title"),
    *("organisation_id", "is_active", "position", "sequence"),
}
"""Of what is new, what the line says already, or what goes without saying."""

Names = Mapping[UUID, str]


@dataclass(frozen=True)
class LineOfChange:
    """One change: "Student", "Eve Moss", "Name: Eve Mos → Eve Moss"."""

    subject: str
    who: str
    what: str


def lines(changes: Iterable[RosterChange], names: Names) -> list[LineOfChange]:
    """A line a change, in their order; `names` has what people, classes and modules are called now."""
    changes = list(changes)
    known = {**names, **own_names(changes)}
    return [
        LineOfChange(SUBJECTS[one.relation], _who(one, known), _what(one, known)) for one in changes
    ]


def ids_in(changes: Iterable[RosterChange]) -> set[UUID]:
    """Everything that the lines name."""
    return {
        value
        for one in changes
        for side in (one.key, one.before or {}, one.after or {})
        for value in side.values()
        if isinstance(value, UUID)
    }


def own_names(changes: Iterable[RosterChange]) -> dict[UUID, str]:
    """What the changes themselves call what is new, or gone."""
    found = {}
    for one in changes:
        said = {**(one.before or {}), **(one.after or {})}
        named = [said[column] for column in ("full_name", "name", "title") if column in said]
        if named and "id" in one.key and one.operation != "update":
            found[one.key["id"]] = str(named[0])
    return found


def _name(known: Names, value: Any) -> str:
    return (
        known.get(value, "somebody or something unknown") if isinstance(value, UUID) else str(value)
    )


WHOSE: Final = {
    "class_teacher": "class_id",
    "class_student": "student_id",
    "class_module": "class_id",
    "retired_module": "module_id",
    "roster_lock": "locked_id",
}
"""Which part of the key a line is about, where it is not the id."""


def _who(change: RosterChange, known: Names) -> str:
    if change.relation == "source_id":
        return str(change.key["source_id"])
    return _name(known, change.key[WHOSE.get(change.relation, "id")])


def _membership(comes: str, goes: str, column: str) -> Callable[[RosterChange, Names], str]:
    def say(change: RosterChange, known: Names) -> str:
        other = _name(known, change.key.get(column))
        if change.operation == "update":
            return f"{other}, {_differences(change, known).lower()}"
        return (comes if change.operation == "insert" else goes).format(other)

    return say


SAID: Final[Mapping[str, Callable[[RosterChange, Names], str]]] = {
    "class_teacher": _membership("Taught by {} too", "Not taught by {} any more", "staff_id"),
    "class_student": _membership("Joins {}", "Leaves {}", "class_id"),
    "class_module": _membership("Has {} too", "Has {} no more", "module_id"),
    "retired_module": _membership("Retired", "In use again", "module_id"),
    "roster_lock": lambda change, _: (
        f"{FIELDS[change.key['field']]}: roster files leave it alone"
        if change.operation == "insert"
        else f"{FIELDS[change.key['field']]}: roster files write it again"
    ),
}


def _what(change: RosterChange, known: Names) -> str:
    if change.relation in SAID:
        return SAID[change.relation](change, known)
    if change.operation == "update":
        return _differences(change, known)
    if change.after is None:
        return "Removed"
    told = [
        f"{label.lower()} {_value(name, change.after[name], known)}"
        for name, label in FIELDS.items()
        if name not in UNSAID and change.after.get(name) not in (None, "", False)
    ]
    return "New" + (f": {', '.join(told)}" if told else "")


def _differences(change: RosterChange, known: Names) -> str:
    before, after = change.before or {}, change.after or {}
    return ", ".join(
        f"{label}: {_value(name, before[name], known)} → {_value(name, after[name], known)}"
        for name, label in FIELDS.items()
        if name in after and name in before
    )


def _value(name: str, value: Any, known: Names) -> str:
    match value:
        case None | "":
            return "none"
        case bool():
            return "yes" if value else "no"
        case date():
            return short_date(value)
        case dict() if name == "configuration":
            return pass_mark(value)
        case str() if name == "role":
            return ROLES.get(value, value)
    return _name(known, value)


def pass_mark(configuration: Values) -> str:
    """As it stands among a module's settings."""
    return f"{configuration['pass_threshold']}" if "pass_threshold" in configuration else "none"
