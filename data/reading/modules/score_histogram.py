"""How the scores of one module are spread. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Final

from data.rules.progress import HIGHEST, LOWEST, in_range

WIDTH: Final = 10


@dataclass(frozen=True)
class ScoreBin:
    """Scores from `low` up to, but not including, `high` (100 included in the last), by the pass mark."""

    low: int
    high: int
    passed: int
    failed: int


@dataclass(frozen=True)
class ScoreHistogram:
    """The scores that can be. `beyond` are outside 0 to 100: they are only counted, for they tell nothing."""

    bins: tuple[ScoreBin, ...]
    passed: int
    failed: int
    beyond: int
    middle: Decimal | None

    @property
    def known(self) -> int:
        return self.passed + self.failed


def spread(scores: Iterable[Decimal], pass_mark: Decimal) -> ScoreHistogram:
    """The spread of finite scores."""
    stored = list(scores)
    inside = sorted(score for score in stored if in_range(score))
    bins = []
    for low in range(LOWEST, HIGHEST, WIDTH):
        high = low + WIDTH
        here = [s for s in inside if low <= s < high or (s == high == HIGHEST)]
        passed = sum(score >= pass_mark for score in here)
        bins.append(ScoreBin(low, high, passed, len(here) - passed))
    passed = sum(score >= pass_mark for score in inside)
    return ScoreHistogram(
        tuple(bins),
        passed,
        len(inside) - passed,
        len(stored) - len(inside),
        median(inside) if inside else None,
    )
