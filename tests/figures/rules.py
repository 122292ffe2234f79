"""The rules of the domain, written a second time: what one row says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from tests.figures.stored import Row

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
        _is_stuck(details),
        score is not None and not score.is_nan() and score < pass_mark(module),
    )


def _is_stuck(details: dict[str, Any]) -> bool:
    quizzes = details.get("lesson_quiz_results")
    return isinstance(quizzes, dict) and any(
        isinstance(quiz, dict)
        and isinstance(quiz.get("attempts"), int)
        and quiz["attempts"] >= STUCK_AFTER
        and quiz.get("passed") is False
        for quiz in quizzes.values()
    )


def share(part: float, whole: int) -> str:
    """To the nearest; everything and nothing only where it is so."""
    if not whole:
        return "0 %"
    exact = Fraction(part) * 100 / whole
    nearest = floor(exact + Fraction(1, 2))
    if exact and not nearest:
        return "< 1 %"
    return "> 99 %" if nearest == 100 and exact < 100 else f"{nearest} %"


def score(number: Decimal | None, limit: Decimal | None = None) -> str | None:
    """With one decimal, halves away from zero; beside a limit exact where it would look like it."""
    if number is None:
        return None
    if number.is_nan() or abs(number) >= 10_000:
        return str(number)
    tenths = floor(abs(Fraction(number)) * 10 + Fraction(1, 2))
    rounded = Fraction(tenths if number > 0 else -tenths, 10)
    if limit is not None and rounded == Fraction(limit) != Fraction(number):
        return str(number)
    return str(rounded.numerator) if rounded.denominator == 1 else f"{float(rounded):.1f}"
