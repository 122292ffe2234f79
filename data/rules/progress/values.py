"""What a row of progress holds, and what somebody wishes of it: status, pass or fail, percentage and score
are four separate facts (as in SCORM 2004 and cmi5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

LOWEST: Final = 0
HIGHEST: Final = 100
"""The ends of a percentage and of a score."""


def in_range(number: Decimal | float) -> bool:
    """May a percentage or a score be this number? What is none (NaN) may not."""
    is_none = number.is_nan() if isinstance(number, Decimal) else number != number
    return not is_none and LOWEST <= number <= HIGHEST


class Status(StrEnum):
    """`progress_status`, in the order a student passes through it.

    A platform may know more words. `Status("Paused")` carries such a one through everything: equal to that
    word alone, and not among `list(Status)`. It is shown as it is, counted apart, and set by nobody.
    """

    NOT_STARTED = "NotStarted"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"

    @classmethod
    def _missing_(cls, value: object) -> Status | None:
        if not isinstance(value, str):
            return None
        other = str.__new__(cls, value)
        other._name_, other._value_ = "OTHER", value
        return other

    def __reduce_ex__(self, protocol: object) -> tuple[type[Status], tuple[str]]:
        """By its word: Python 3.11.2 copies by a name, which a word of the platform's own has not."""
        return Status, (self.value,)

    @classmethod
    def of_ours(cls, written: str) -> Status:
        """The one of the three that is written; ValueError for any other word."""
        return list(cls)[[one.value for one in cls].index(written)]

    @property
    def is_other(self) -> bool:
        """Is it a word of the platform's own?"""
        return self not in set(Status)

    @property
    def label(self) -> str:
        """The word people read: 'Not started'."""
        return {"NotStarted": "Not started", "InProgress": "In progress"}.get(self, self.value)


class Field(StrEnum):
    """The columns a coordinator may correct, by their names in the table."""

    STATUS = "status"
    PERCENTAGE = "progress_percentage"
    SCORE = "score"
    COMPLETED_AT = "completed_at"

    @property
    def label(self) -> str:
        """The word people read: 'Percentage'."""
        return {
            Field.STATUS: "Status",
            Field.PERCENTAGE: "Percentage",
            Field.SCORE: "Score",
            Field.COMPLETED_AT: "Completed on",
        }[self]

    @property
    def allowed(self) -> str:
        """What may be written in it, as a sentence goes on: 'a whole number from 0 to 100'."""
        return {
            Field.STATUS: ", ".join(status.label for status in Status),
            Field.PERCENTAGE: f"a whole number from {LOWEST} to {HIGHEST}",
            Field.SCORE: f"a number from {LOWEST} to {HIGHEST}",
            Field.COMPLETED_AT: "year-month-day, such as 2026-03-31",
        }[self]

    @property
    def hint(self) -> str:
        """The same as a sentence of its own: 'A whole number from 0 to 100.'"""
        return f"{self.allowed[:1].upper()}{self.allowed[1:]}."


Key = tuple[UUID, UUID]
"""A student and a module."""

# A percentage is a whole number, a score an exact decimal, a completed date knows its zone.
Value = Status | int | Decimal | datetime | None
Values = Mapping[Field, Value]


@dataclass(frozen=True)
class Problem:
    """Why something was refused: `message` is a sentence for the person who typed it."""

    field: Field | None
    code: str
    message: str


def must_be(field: Field, code: str) -> Problem:
    """A number that the field cannot hold."""
    return Problem(field, code, f"The {field.label.lower()} must be {field.allowed}.")


NOT_OURS: Final = Problem(Field.STATUS, "unknown_status", f"Choose one of: {Field.STATUS.allowed}.")
"""Of a status that nobody sets."""


@dataclass(frozen=True)
class Edit:
    """A wish: set `changes` on one row, given that its editor saw the values in `seen` (all four)."""

    student_id: UUID
    module_id: UUID
    changes: Values
    seen: Values


EMPTY_ROW: Final[Values] = {
    Field.STATUS: Status.NOT_STARTED,
    Field.PERCENTAGE: None,
    Field.SCORE: None,
    Field.COMPLETED_AT: None,
}
"""A missing row means NotStarted."""


def differs(one: Value, other: Value) -> bool:
    """Is it another value? A stored score may be NaN, which equals nothing, not even itself."""
    return one != other and not (one != one and other != other)
