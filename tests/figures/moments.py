"""When something happened: what a student last did, and since when a module is completed."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.figures.rules import FIRST, number
from tests.figures.stored import Row

WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?")


def plausible(moment: datetime | None, now: datetime) -> datetime | None:
    """One that somebody could mean."""
    known = moment is not None and FIRST <= moment <= now + timedelta(days=1)
    return moment if known else None


def last_activity(row: Row | None, history: Sequence[Row], now: datetime) -> datetime | None:
    """The newest moment at which the student did something: by the details, or by a change of their own."""
    if row is None:
        return None
    inside = (plausible(read(text), now) for text in _texts(row["progress_details"]))
    own = (entry["at"] for entry in history if entry["source"] == "student")
    return max((moment for moment in (*inside, *own) if moment is not None), default=None)


def idle_since(row: Row | None, history: Sequence[Row], now: datetime) -> datetime | None:
    """Since when nothing of their work is known: else the newest change that may have been theirs."""
    if row is None:
        return None
    gone = max(
        (at for at, entry in enumerate(history) if entry["operation"] == "delete"), default=-1
    )
    changes = (_unexplained(entry) for entry in history[gone + 1 :])
    known = last_activity(row, history, now)
    return known or max((at for at in changes if at is not None), default=None)


def _unexplained(entry: Row) -> datetime | None:
    """The platform made a row that was begun, or changed details."""
    after: Row = entry["after"] or {}
    at: datetime = entry["at"]
    is_made = entry["operation"] == "insert"
    is_touched = not is_made and "progress_details" not in after | (entry["before"] or {})
    if entry["source"] != "platform" or is_touched or (is_made and after["status"] == "NotStarted"):
        return None
    known = plausible(read(after.get("last_updated")), at)
    if known:
        return min(known, at)
    return None if is_made else at


def _texts(details: Any) -> Iterator[Any]:
    """Wherever the platform writes moments, whatever stands there."""
    if not isinstance(details, dict):
        return
    yield from (details.get(key) for key in ("submitted_at", "started_at", "completion_date"))
    for quiz in _values(details.get("lesson_quiz_results")):
        if isinstance(quiz, dict):
            yield from (value for key, value in quiz.items() if key.startswith("last_attempt"))
    for tries in _values(details.get("lesson_quiz_attempts")):
        for one in tries if isinstance(tries, list) else [tries]:
            yield one.get("submitted_at") if isinstance(one, dict) else None


def _values(part: Any) -> Iterable[Any]:
    return part.values() if isinstance(part, dict) else ()


def read(text: Any) -> datetime | None:
    if not isinstance(text, str) or not WRITTEN.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def became(entry: Row) -> int:
    """+1 where an entry completed its module, -1 where it took that back."""

    def completed(side: str) -> bool:
        return bool(entry[side] and entry[side].get("status") == "Completed")

    return completed("after") - completed("before")


def is_of_staff(row: Row | None, history: Sequence[Row]) -> bool:
    """Staff wrote it, and nobody else made its figures others since."""
    found = False
    state: Row = {}
    for entry in history:
        was, state = _figures(state), state | (entry["after"] or {})
        if entry["source"] not in ("student", "platform"):
            found = True
        elif entry["operation"] != "update" or _figures(state) != was:
            found = False
    return found and row is not None


def _figures(state: Row) -> tuple[Any, ...]:
    """Status, percentage and the score that is shown."""
    details = state.get("progress_details")
    inside = details if isinstance(details, dict) else {}
    scores = (
        number(one)
        for one in (state.get("score"), inside.get("score_percentage"), inside.get("score"))
    )
    score = next((one for one in scores if one is not None), None)
    return state.get("status"), state.get("progress_percentage"), score


def completed_since(row: Row | None, history: Sequence[Row], now: datetime) -> datetime | None:
    """The stored day where it can be meant, else when the history saw it; None where neither tells, and for
    what is not completed."""
    if row is None or row["status"] != "Completed":
        return None
    seen = [entry["at"] for entry in history if became(entry) > 0]
    return plausible(row["completed_at"], now) or (seen[-1] if seen else None)


def was_completed(row: Row | None, history: Sequence[Row], now: datetime, then: datetime) -> bool:
    """Was it completed at that moment, as far as anything tells today?"""
    since = completed_since(row, history, now)
    is_completed = row is not None and row["status"] == "Completed"
    if is_completed and (since is None or since <= then):
        return True
    begun: datetime | None = None
    for entry in history:
        change = became(entry)
        if change > 0:
            begun = entry["at"]
        if change < 0 and (since is None or entry["at"] < since):
            if then < entry["at"] and (begun is None or begun <= then):
                return True
        if change < 0:
            begun = None
    return False
