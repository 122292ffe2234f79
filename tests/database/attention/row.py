"""A row of the platform's table, and what it says by itself."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

Moment = datetime | str | None
"""As a row holds it; what no calendar of Python's knows ('infinity', years before Christ) as text."""

FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """A row of the platform's table."""

    status: str = "NotStarted"
    percentage: int | None = None
    score: Decimal | None = None
    details: Any = None
    last_updated: Moment = None
    completed_at: Moment = None


def has_problem(row: Row, now: datetime) -> bool:
    """Is something in it that nobody can mean?"""
    score = shown_score(row)
    return (
        plausible(row.last_updated, now) is None
        or (row.completed_at is not None and plausible(row.completed_at, now) is None)
        or not (row.details is None or isinstance(row.details, dict))
        or (score is not None and not is_score(score))
    )


def is_score(number: Decimal) -> bool:
    """Can it be a score?"""
    return not number.is_nan() and 0 <= number <= 100


def shown_score(row: Row) -> Decimal | None:
    """The score, else that of the details: the newer spelling before the older."""
    if row.score is not None or not isinstance(row.details, dict):
        return row.score
    found = (number_in(row.details.get(key)) for key in ("score_percentage", "score"))
    return next((number for number in found if number is not None), None)


def number_in(value: object) -> Decimal | None:
    """A number, be it written as one or as plain digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(str(value))
    plain = isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,20})?", value)
    return Decimal(str(value)) if plain else None


def attempts(details: object) -> int:
    """The most at a lesson's quiz that is not passed."""
    results = details.get("lesson_quiz_results") if isinstance(details, dict) else None
    return max(
        (
            _number(one.get("attempts"))
            for one in _values(results)
            if isinstance(one, dict) and _is_failed(one.get("passed"))
        ),
        default=0,
    )


def _number(attempts: object) -> int:
    if isinstance(attempts, str):
        is_plain = re.fullmatch(r"[0-9]+(\.0+)?", attempts.strip())
        return int(float(attempts)) if is_plain else 0
    return int(attempts) if isinstance(attempts, int | float) and attempts is not True else 0


def _is_failed(passed: object) -> bool:
    if isinstance(passed, str):
        return passed.strip().lower() in {"failed", "false", "f", "no", "n", "off", "0"}
    return passed is False or (passed == 0 and passed is not None)


def last_moment(details: object, now: datetime) -> datetime | None:
    """The newest moment that the details hold, as far as it can be meant; by now at the latest."""
    found = newest(*(plausible(read_moment(one), now) for one in moments_written(details)))
    return min(found, now) if found else None


def moments_written(details: object) -> list[object]:
    """Where the platform keeps its timestamps."""
    if not isinstance(details, dict):
        return []
    found = [details.get(key) for key in ("submitted_at", "started_at", "completion_date")]
    for result in _values(details.get("lesson_quiz_results")):
        if isinstance(result, dict):
            found += [result.get("last_attempt_at"), result.get("last_attempted_at")]
    for tries in _values(details.get("lesson_quiz_attempts")):
        if isinstance(tries, list):
            found += [one.get("submitted_at") for one in tries if isinstance(one, dict)]
    return found


def _values(part: object) -> list[object]:
    return list(part.values()) if isinstance(part, dict) else []


def read_moment(written: object) -> datetime | None:
    """A moment of the details; without a zone it is of UTC."""
    shape = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}.*)?"
    if not isinstance(written, str) or not re.fullmatch(shape, written):
        return None
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def plausible(moment: Moment, now: datetime) -> datetime | None:
    """A moment that somebody could mean: since 1970, and not to come."""
    return moment if isinstance(moment, datetime) and FIRST <= moment <= now + DAY else None


def newest(*moments: datetime | None) -> datetime | None:
    return max((one for one in moments if one is not None), default=None)
