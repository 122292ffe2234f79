"""How long a module took, where that can be known, and nothing where it cannot.

Known is what a start and an end stand on record for: in the details of an assessment that was begun and handed
in, else in the history, where somebody was seen to leave "Not started" and later to complete.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.rules.details import AssessmentDetails, parse
from data.rules.progress import Status


@dataclass(frozen=True)
class Moved:
    """One entry of a cell's history that changed its status; `became` is None where the row was deleted,
    `was` None where there was no row before."""

    at: datetime
    was: Status | None
    became: Status | None


def span(moves: Iterable[Moved]) -> tuple[datetime, datetime] | None:
    """From when a module was begun until it was completed, by its history (oldest first); None where that
    does not tell both: it began later than the work, or what was not started became completed at once."""
    begun: datetime | None = None
    completed: datetime | None = None
    for move in moves:
        if move.became in (None, Status.NOT_STARTED):
            begun = completed = None
        elif move.became is Status.COMPLETED:
            completed = move.at
        else:
            completed = None
            if move.was in (None, Status.NOT_STARTED):
                begun = move.at
    return (begun, completed) if begun and completed else None


def sitting(
    module_type: str, started: object, submitted: object
) -> tuple[datetime | None, datetime | None]:
    """When an assessment was begun and handed in, where its details (any JSON) give both to the minute."""
    read = parse(module_type, {"started_at": started, "submitted_at": submitted})
    if not isinstance(read, AssessmentDetails):
        return None, None
    return _exact(read.started_at), _exact(read.submitted_at)


def _exact(moment: date | None) -> datetime | None:
    return moment if isinstance(moment, datetime) else None


def took(
    moves: Iterable[Moved],
    completed_at: datetime | None,
    started_at: datetime | None,
    submitted_at: datetime | None,
) -> timedelta | None:
    """How long a completed module took. The day it counts as completed (`completed_at`) ends it where it is
    not before its beginning; `started_at` and `submitted_at` are those in the details."""
    if started_at and submitted_at and submitted_at > started_at:
        return submitted_at - started_at
    found = span(moves)
    if found is None:
        return None
    begun, completed = found
    if completed_at and begun < completed_at < completed:
        completed = completed_at
    return completed - begun
