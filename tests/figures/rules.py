"""The rules of the domain, written a second time: what one row says."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, TypeGuard

from tests.figures.stored import Row

FIRST = datetime(1970, 1, 1, tzinfo=UTC)
STUCK_AFTER = 3
SPELLINGS = ("pass_threshold", "passThreshold", "passing_threshold", "passingThreshold")


@dataclass(frozen=True)
class Cell:
    """A student in a module, as everybody has to show it."""

    status: str = "NotStarted"
    percentage: int | None = None
    score: Decimal | None = None
    from_details: bool = False
    stuck: bool = False
    failed: bool = False

    @property
    def legible(self) -> Decimal | None:
        """The score as far as it is written out among others: one beyond any scale is not."""
        if self.score is None or self.score.is_nan() or abs(self.score) > 9999:
            return None
        return self.score


def number(value: Any) -> Decimal | None:
    """A JSON number, or a text of plain digits."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,20})?", value):
        return Decimal(value)
    return None


def pass_mark(module: Row) -> Decimal:
    """The first usable spelling; 60 where there is none."""
    configuration = module["configuration"]
    written = configuration if isinstance(configuration, dict) else {}
    marks = [number(written.get(spelling)) for spelling in SPELLINGS]
    return next((mark for mark in marks if mark is not None and 0 <= mark <= 100), Decimal(60))


def is_scored(module: Row) -> bool:
    return bool(module["type"].strip().casefold() == "assessment")


def cell(row: Row | None, module: Row) -> Cell:
    """What a row says; a missing one was not started."""
    if row is None:
        return Cell()
    details = row["progress_details"] if isinstance(row["progress_details"], dict) else {}
    inside = [number(details.get(name)) for name in ("score_percentage", "score")]
    in_details = next((one for one in inside if one is not None), None)
    score = row["score"] if row["score"] is not None else in_details
    return Cell(
        row["status"],
        row["progress_percentage"],
        score,
        row["score"] is None and score is not None,
        _has_stuck(details),
        can_be(score) and score < pass_mark(module),
    )


def has_problem(row: Row | None, cell: Cell, now: datetime) -> bool:
    """Something in it that nobody can mean: a moment, a score, details that are no object."""
    if row is None:
        return False
    days = (one for one in (row["last_updated"], row["completed_at"]) if one is not None)
    return (
        not all(FIRST <= day <= now + timedelta(days=1) for day in days)
        or not isinstance(row["progress_details"], dict | None)
        or (cell.score is not None and not can_be(cell.score))
    )


def can_be(score: Decimal | None) -> TypeGuard[Decimal]:
    """One from 0 to 100: others are shown, and count nowhere."""
    return score is not None and not score.is_nan() and 0 <= score <= 100


def _has_stuck(details: dict[str, Any]) -> bool:
    quizzes = details.get("lesson_quiz_results")
    return isinstance(quizzes, dict) and any(
        isinstance(quiz, dict) and is_stuck(quiz) for quiz in quizzes.values()
    )


def is_stuck(quiz: dict[str, Any]) -> bool:
    """By what is summed up of a lesson's quiz."""
    return (whole(quiz.get("attempts")) or 0) >= STUCK_AFTER and outcome(
        quiz.get("passed")
    ) is False


def whole(value: Any) -> int | None:
    """A count, also one that was written as text."""
    if isinstance(value, str) and re.fullmatch("[0-9]{1,7}", value):
        return int(value)
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**6
    return value if is_count else None


def outcome(value: Any) -> bool | None:
    """Passed or not, also in words."""
    if isinstance(value, str):
        return {"passed": True, "failed": False, "no": False}.get(value.casefold())
    return value if isinstance(value, bool) else None


def share(part: float | Fraction, of: int) -> str:
    """To the nearest; everything and nothing only where it is so."""
    if not of:
        return "–"
    exact = Fraction(part) * 100 / of
    nearest = floor(exact + Fraction(1, 2))
    if exact and not nearest:
        return "< 1 %"
    return "> 99 %" if nearest == 100 and exact < 100 else f"{nearest} %"


def score(number: Decimal | None, limit: Decimal | None = None) -> str | None:
    """With one decimal, halves up; exact where it would look like the limit or an end, and beyond these."""
    if number is None:
        return None
    if not can_be(number):
        return str(number)
    rounded = Fraction(floor(Fraction(number) * 10 + Fraction(1, 2)), 10)
    if any(rounded == one != Fraction(number) for one in (0, 100, limit) if one is not None):
        return str(number)
    return str(rounded.numerator) if rounded.denominator == 1 else f"{float(rounded):.1f}"
