"""The rules of a student's progress in a module: pure, and the same for form, grid and file.

Status, pass or fail, percentage and score are four separate facts (as in SCORM 2004 and cmi5).
`check()` reads what a person typed; `settle()` says what an edit leads to. Nothing here reads or writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final
from uuid import UUID


class Status(StrEnum):
    """`progress_status`, in the order a student passes through it."""

    NOT_STARTED = "NotStarted"
    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"

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


ASSESSMENT: Final = "assessment"

# A percentage is a whole number, a score an exact decimal, a completed date knows its zone.
Value = Status | int | Decimal | datetime | None
Values = Mapping[Field, Value]


@dataclass(frozen=True)
class Problem:
    """Why something was refused: `message` is a sentence for the person who typed it."""

    field: Field | None
    code: str
    message: str


@dataclass(frozen=True)
class Edit:
    """A wish: set `changes` on one row, given that its editor saw the values in `seen` (all four)."""

    student_id: UUID
    module_id: UUID
    changes: Values
    seen: Values


@dataclass(frozen=True)
class Settled:
    """What an edit leads to: every value that changes, and the consequences nobody typed, in words."""

    values: dict[Field, Value] = field(default_factory=dict)
    consequences: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


EMPTY_ROW: Final[Values] = {
    Field.STATUS: Status.NOT_STARTED,
    Field.PERCENTAGE: None,
    Field.SCORE: None,
    Field.COMPLETED_AT: None,
}
"""A missing row means NotStarted."""

LONGEST_NUMBER: Final = 40

EARLIEST: Final = datetime(1970, 1, 1, tzinfo=UTC)


def check(
    typed: Mapping[Field, object], now: datetime, zone: tzinfo = UTC
) -> tuple[dict[Field, Value], list[Problem]]:
    """Read what was typed, field by field.

    `typed` maps a field to text, a number, a date or None (empty); `now` is the database's clock, with a
    zone; `zone` is where a date without a time was meant. Returns the values that could be read and a
    problem for each that could not; a field stands in one of the two, never in both.
    """
    values: dict[Field, Value] = {}
    problems: list[Problem] = []
    for name, raw in typed.items():
        read = _read(name, raw, now, zone)
        if isinstance(read, Problem):
            problems.append(read)
        else:
            values[name] = read
    return values, problems


def _read(name: Field, raw: object, now: datetime, zone: tzinfo) -> Value | Problem:
    if isinstance(raw, int) and abs(raw) >= 10**LONGEST_NUMBER:
        raw = "too long"  # Python itself refuses to write out integers of thousands of digits
    empty = raw is None or (isinstance(raw, str) and not raw.strip())
    if name is Field.STATUS:
        return _read_status(raw)
    if empty:
        return None
    if name is Field.PERCENTAGE:
        return _read_percentage(raw)
    if name is Field.SCORE:
        return _read_score(raw)
    return _read_completed_at(raw, now, zone)


def _read_status(raw: object) -> Value | Problem:
    wanted = str(raw).replace(" ", "").casefold()
    for status in Status:
        if status.value.casefold() == wanted:
            return status
    choices = ", ".join(status.label for status in Status)
    return Problem(Field.STATUS, "unknown_status", f"Choose one of: {choices}.")


def _read_number(raw: object) -> Decimal | None:
    if isinstance(raw, bool):
        return None
    text = str(raw).strip().removesuffix("%").strip()
    # A comma is a decimal comma: progress has no thousands. ASCII digits only, so that what a person
    # sees is what is stored.
    if len(text) > LONGEST_NUMBER or not re.fullmatch(r"[+-]?[0-9]+([.,][0-9]+)?", text):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


def _read_percentage(raw: object) -> Value | Problem:
    number = _read_number(raw)
    if number is None or number != number.to_integral_value() or not 0 <= number <= 100:
        return Problem(
            Field.PERCENTAGE, "percentage", "The percentage must be a whole number from 0 to 100."
        )
    return int(number)


def _read_score(raw: object) -> Value | Problem:
    number = _read_number(raw)
    if number is None or not 0 <= number <= 100:
        return Problem(Field.SCORE, "score", "The score must be a number from 0 to 100.")
    return number


def _read_completed_at(raw: object, now: datetime, zone: tzinfo) -> Value | Problem:
    try:
        moment = _moment(raw, now, zone)
        in_future = moment > now
    except (ValueError, OverflowError, TypeError):
        return Problem(
            Field.COMPLETED_AT,
            "completed_at",
            "Give the date as year-month-day, such as 2026-03-31.",
        )
    if in_future:
        return Problem(
            Field.COMPLETED_AT, "future", "The completed date must not be in the future."
        )
    if moment < EARLIEST:
        return Problem(
            Field.COMPLETED_AT, "completed_at", "The completed date must not be before 1970."
        )
    return moment


def _moment(raw: object, now: datetime, zone: tzinfo) -> datetime:
    if isinstance(raw, str):
        raw = (
            datetime.fromisoformat(raw.strip())
            if len(raw.strip()) > 10
            else date.fromisoformat(raw.strip())
        )
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=zone)
    if not isinstance(raw, date):
        raise TypeError(raw)
    # Noon keeps a bare date the same day in most zones; today's noon may be yet to come.
    noon = datetime.combine(raw, time(12), tzinfo=zone)
    return now if raw == now.astimezone(zone).date() and noon > now else noon


def settle(changes: Values, seen: Values, module_type: str, now: datetime) -> Settled:
    """Apply the rules to an edit of a row that stands as `seen` (all four fields).

    `now` is the database's clock. In the result `values` holds what differs from `seen`, and nothing else;
    it is empty where there are problems.
    """
    after: dict[Field, Value] = {**seen, **changes}
    consequences: list[str] = []
    problems = _contradictions(changes, after, module_type)
    if problems:
        return Settled(problems=problems)

    before_status, status = seen[Field.STATUS], after[Field.STATUS]
    if status is Status.COMPLETED and before_status is not Status.COMPLETED:
        if module_type != ASSESSMENT and after[Field.PERCENTAGE] != 100:
            after[Field.PERCENTAGE] = 100
            consequences.append("The percentage becomes 100.")
        if after[Field.COMPLETED_AT] is None:
            after[Field.COMPLETED_AT] = now
            consequences.append("The completed date becomes today.")
    if status is not Status.COMPLETED and before_status is Status.COMPLETED:
        if seen[Field.COMPLETED_AT] is not None:
            after[Field.COMPLETED_AT] = None
            consequences.append("The completed date is cleared.")
    if status is Status.NOT_STARTED and before_status is not Status.NOT_STARTED:
        if after[Field.PERCENTAGE] != 0:
            after[Field.PERCENTAGE] = 0
            consequences.append("The percentage becomes 0. Lessons and answers are kept.")
    return Settled(_different(after, seen), consequences)


def put_back(changes: Values, seen: Values) -> Settled:
    """In place of `settle()` where values that stood before come back: nothing is judged, nothing added."""
    return Settled(_different(changes, seen))


def _different(after: Values, seen: Values) -> dict[Field, Value]:
    return {
        name: value
        for name, value in after.items()
        if value is not seen[name] and differs(value, seen[name])
    }


def differs(one: Value, other: Value) -> bool:
    """Is it another value? A stored score may be NaN, which equals nothing, not even itself."""
    return one != other and not (one != one and other != other)


def _contradictions(changes: Values, after: Values, module_type: str) -> list[Problem]:
    """Wishes that exclude each other. What the row held before and nobody touched is not judged."""
    problems: list[Problem] = []
    status, percentage = after[Field.STATUS], after[Field.PERCENTAGE]
    if changes.get(Field.COMPLETED_AT) is not None and status is not Status.COMPLETED:
        problems.append(
            Problem(
                Field.COMPLETED_AT,
                "date_without_completion",
                "Only a completed module has a completed date. Choose Completed, or clear the date.",
            )
        )
    if Field.PERCENTAGE not in changes:
        return problems
    if status is Status.COMPLETED and module_type != ASSESSMENT and percentage != 100:
        problems.append(
            Problem(
                Field.PERCENTAGE,
                "completed_below_100",
                "A completed module is at 100 percent. Choose In progress, or set 100.",
            )
        )
    if status is Status.NOT_STARTED and percentage not in (0, None):
        problems.append(
            Problem(
                Field.PERCENTAGE,
                "not_started_above_0",
                "A module that was not started is at 0 percent. Choose In progress, or set 0.",
            )
        )
    return problems
