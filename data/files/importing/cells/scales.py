"""Out of how many a column's numbers are: said by its heading or by a person, never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from data.files.importing.cells.numbers import plain
from data.files.importing.folding import fold
from data.rules.progress import HIGHEST, Field

_NUMBER: Final = r"([0-9]+(?:[.,][0-9]+)?)"
_MAXIMUM: Final = re.compile(
    rf"(?:\bmax(?:imum)?(?:\.|\b)(?:\s*(?:points|pts|marks|score))?|\bout of|(?<![0-9])/|\bmaxpoints|[(\[]of\s)"
    rf"[\s:=]*{_NUMBER}"
    rf"|[(\[]\s*{_NUMBER}\s*(?:points|pts|marks)\b|\btotal pts:\s*{_NUMBER}",
    re.IGNORECASE,
)
_NAMED_POINTS: Final = frozenset({"point", "points", "pts", "punkte"})
_POINTS: Final = _NAMED_POINTS | {"mark", "marks", "grade", "grades", "note"}
SMALL: Final = 20
"""Scores that all are this or less may well be out of 20, 10 or 5."""
_ENOUGH: Final = 3
_PLACES: Final = Decimal("0.01")
_ABSURD: Final = 1_000_000


@dataclass(frozen=True)
class Scale:
    """What 100 percent are, where it is known; and the numbers whose scale only a person can say."""

    out_of: Decimal | None = None
    doubted: Decimal | None = None

    def is_doubtful(self, number: Decimal) -> bool:
        """Could it be of another scale? Nothing is nothing on every one."""
        return self.doubted is not None and 0 < number <= self.doubted

    def percent(self, number: Decimal) -> Decimal:
        """The same out of 100: of points to two places."""
        if self.out_of is None or self.out_of == HIGHEST:
            return number
        exact = number * HIGHEST / self.out_of
        is_short = self.out_of == 1 or abs(exact) > _ABSURD
        return Decimal(plain(exact if is_short else exact.quantize(_PLACES, ROUND_HALF_UP)))


def scale_of(
    field: Field, heading: str, numbers: Sequence[Decimal], answer: Decimal | None
) -> Scale:
    """Of one column; `numbers` are those without a percent sign, `answer` is what a person answered."""
    maximum = answer or maximum_in(heading)
    if maximum:
        return Scale(maximum)
    most = max(numbers, default=Decimal(0))
    if most <= 1:
        return Scale(doubted=Decimal(1))
    is_small = most <= SMALL and _may_be_points(heading, numbers)
    if field is Field.SCORE and (is_small or _are_points(heading, most)):
        return Scale(doubted=most)
    return Scale(doubted=Decimal(1)) if any(0 < one < 1 for one in numbers) else Scale()


def maximum_in(heading: str) -> Decimal | None:
    """20 of "Points [max 20]", "Score (out of 20)", "Essay [Total Pts: 20 Score]"."""
    found = _MAXIMUM.search(heading)
    written = next((one for one in found.groups() if one), "") if found else ""
    return Decimal(written.replace(",", ".")) or None if written else None


def _are_points(heading: str, most: Decimal) -> bool:
    """Are they points by their name, and of an unknown maximum?"""
    return (
        most < HIGHEST
        and "%" not in heading
        and not _NAMED_POINTS.isdisjoint(fold(heading).split())
    )


def _may_be_points(heading: str, numbers: Sequence[Decimal]) -> bool:
    if "%" in heading:
        return False
    named = not _POINTS.isdisjoint(fold(heading).split())
    return named or len(numbers) >= _ENOUGH
