"""How a student came to where they stand, and where a score lies among others: pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import accumulate
from statistics import quantiles
from typing import Final
from uuid import UUID

from data.reading.students.standing import Completion

ENOUGH: Final = 4
"""Scores that a middle half can be told of."""


@dataclass(frozen=True)
class Reached:
    """After a completion (or the loss of one): how many modules were completed then."""

    completion: Completion
    completed: int


def reached(
    completions: Sequence[Completion],
    modules: Collection[UUID],
    completed_now: int,
    since: datetime | None = None,
) -> tuple[int, list[Reached]]:
    """How many of the modules were completed at `since` (or before the first of these completions), and after
    each later one.

    Counted back from today, so that the last is what the page says. Never below none, nor above all: a
    history that has a gap is no reason to draw nonsense.
    """
    mine = [
        one for one in completions if one.module_id in modules and (since is None or one.at > since)
    ]
    before = completed_now - sum(one.change for one in mine)
    counts = accumulate((one.change for one in mine), initial=before)
    first, *after = (min(max(count, 0), len(modules)) for count in counts)
    return first, [Reached(one, count) for one, count in zip(mine, after, strict=True)]


@dataclass(frozen=True)
class ClassSpread:
    """How scores are spread: the median, and the middle half where there are enough of them."""

    median: Decimal
    half: tuple[Decimal, Decimal] | None


def spread(scores: Sequence[Decimal]) -> ClassSpread | None:
    """None without a score."""
    if not scores:
        return None
    if len(scores) == 1:
        return ClassSpread(scores[0], None)
    low, median, high = quantiles(scores, n=4, method="inclusive")
    return ClassSpread(median, (low, high) if len(scores) >= ENOUGH else None)
