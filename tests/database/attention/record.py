"""What is known of each module of each student, from the rows as they were written one after another.

In plain Python: it asks no database, and shares nothing with what the program itself makes of a row.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from tests.database.attention.row import (
    Row,
    attempts,
    has_problem,
    last_moment,
    newest,
    plausible,
    shown_score,
)

Key = tuple[UUID, UUID]
"""A student and a module."""


class Who(Enum):
    """Who writes: the student, the platform by itself, or anybody else (whichever way)."""

    STUDENT = "student"
    PLATFORM = "platform"
    STAFF = "staff"


@dataclass(frozen=True)
class Known:
    """What is known of a module of a student; `row` is None where there is none (any more)."""

    row: Row | None = None
    own_change: datetime | None = None
    in_details: datetime | None = None
    unexplained: datetime | None = None
    progressed_at: datetime | None = None
    slipped_at: datetime | None = None
    became_completed: datetime | None = None
    completion_at: datetime | None = None
    last_change: datetime | None = None
    has_problem: bool = False
    has_new_details: bool = False

    @property
    def status(self) -> str:
        """A missing row means NotStarted."""
        return self.row.status if self.row else "NotStarted"

    @property
    def activity(self) -> datetime | None:
        """Since when nothing of the student's work is known: their own, else what may have been theirs."""
        if self.row is None:
            return None
        return newest(self.own_change, self.in_details) or self.unexplained

    @property
    def changed_at(self) -> datetime | None:
        """The newest that is known of it: work, or where none is, when it was last updated by whomever."""
        return self.activity or self.last_change

    @property
    def score(self) -> Decimal | None:
        """The score that is shown."""
        return shown_score(self.row) if self.row else None

    @property
    def attempts(self) -> int:
        """The most at a quiz that is not passed."""
        return attempts(self.row.details) if self.row else 0


@dataclass
class Record:
    """Everything that was written, as it stands."""

    known: dict[Key, Known] = field(default_factory=dict)

    def write(self, who: Who, now: datetime, key: Key, row: Row | None) -> None:
        """Somebody wrote this row, or (None) deleted it."""
        before = self.known.get(key, Known())
        if before.row is None and row is None:
            return
        if who is Who.STUDENT and (before.row is None or row is None or changed(before.row, row)):
            before = replace(before, own_change=newest(before.own_change, now))
        self.known[key] = (
            Known(own_change=before.own_change)  # another row would begin anew
            if row is None
            else _after(before, row, who, now)
        )

    def of(self, student: UUID, module: UUID) -> Known:
        return self.known.get((student, module), Known())


def _after(before: Known, row: Row, who: Who, now: datetime) -> Known:
    old = before.row
    # One that is written as it stands is read anew where its newest change was of the details.
    is_read = (
        old is None
        or changed_details(old, row)
        or (before.has_new_details and not changed(old, row))
    )
    became_completed = now if before.status != "Completed" else before.became_completed
    completed_at = plausible(row.completed_at, now) or became_completed
    return Known(
        row=row,
        own_change=before.own_change,
        in_details=last_moment(row.details, now) if is_read else before.in_details,
        unexplained=newest(before.unexplained, unexplained(old, row, who, now)),
        progressed_at=progressed(old, row, now) or before.progressed_at,
        slipped_at=slipped(before, row, who, now),
        became_completed=became_completed,
        completion_at=completed_at if row.status == "Completed" else None,
        last_change=plausible(row.last_updated, now),
        has_problem=has_problem(row, now),
        has_new_details=is_read,
    )


def unexplained(old: Row | None, row: Row, who: Who, now: datetime) -> datetime | None:
    """When they may have worked, though nothing tells: as old as the platform says, but never to come."""
    if who is not Who.PLATFORM:
        return None
    if old is None:
        said = plausible(row.last_updated, now) if row.status != "NotStarted" else None
        return min(said, now) if said else None
    if not changed_details(old, row):
        return None
    said = plausible(row.last_updated, now) if row.last_updated != old.last_updated else None
    return min(said or now, now)


def progressed(old: Row | None, row: Row, now: datetime) -> datetime | None:
    """When it came further, if it did by this; a row that was made says since when it was like that."""
    if not came_further(old, row):
        return None
    said = plausible(row.last_updated, now) if old is None else None
    return said if said and said <= now else now


def came_further(old: Row | None, row: Row) -> bool:
    """Begun, completed, or a higher percentage; a missing row means NotStarted."""
    old = old or Row()
    has_begun = old.status == "NotStarted" != row.status
    is_completed = old.status != "Completed" == row.status
    return has_begun or is_completed or (row.percentage or 0) > (old.percentage or 0)


def slipped(before: Known, row: Row, who: Who, now: datetime) -> datetime | None:
    """Since when a module is not completed any more, that staff did not take back."""
    if row.status == "Completed":
        return None
    if before.status == "Completed":
        return None if who is Who.STAFF else now
    return before.slipped_at


def changed(old: Row, row: Row) -> bool:
    return changed_details(old, row) or replace(old, details=None) != replace(row, details=None)


def changed_details(old: Row, row: Row) -> bool:
    """As JSON has it, where true is not 1."""
    return json.dumps(old.details, sort_keys=True) != json.dumps(row.details, sort_keys=True)
