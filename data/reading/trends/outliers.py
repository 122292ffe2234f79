"""Modules across classes: which are finished least, and which class is far from the others. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from statistics import median
from typing import Final
from uuid import UUID

from data.reading.trends.weeks import FEWEST_CLASSES

FEWEST_BEGUN: Final = 5
"""Of fewer students a share is chance."""
FEWEST_TIMES: Final = 4
GAP: Final = Fraction(1, 5)
"""So far from the median of the others, and further, a class's share is an outlier; 1 is everybody."""
TIMES: Final = 2
"""So many times the others' days are one, where it is LEAST_DAYS or more."""
LEAST_DAYS: Final = timedelta(days=3)


@dataclass(frozen=True)
class Tally:
    """How far a class is in a module: how many of its `students` have begun it, completed it, and are below its
    pass mark. Of the period are `completions`, less what was undone, and how long those `took` of which that is
    known."""

    class_id: UUID
    module_id: UUID
    module: str
    begun: int
    completed: int
    failed: int
    took: tuple[timedelta, ...] = ()
    completions: int = 0
    students: int = 0

    @property
    def finished(self) -> Fraction | None:
        """Of those who have begun it, the share that completed it."""
        return Fraction(self.completed, self.begun) if self.begun else None

    @property
    def middle(self) -> timedelta | None:
        """The median of the times that it took."""
        return _median(self.took) if self.took else None


@dataclass(frozen=True)
class Outlier:
    """A class that is far from the others in a module: by the share that finished it or by the time, of which
    the median of so many `others` is this."""

    tally: Tally
    others: int
    share: Fraction | None = None
    time: timedelta | None = None


def together(tallies: Sequence[Tally]) -> Tally:
    """A module in several classes."""
    first = tallies[0]
    return Tally(
        first.class_id,
        first.module_id,
        first.module,
        sum(one.begun for one in tallies),
        sum(one.completed for one in tallies),
        sum(one.failed for one in tallies),
        tuple(time for one in tallies for time in one.took),
        sum(one.completions for one in tallies),
        sum(one.students for one in tallies),
    )


def worst_first(tallies: Iterable[Tally]) -> list[Tally]:
    """Those finished by the fewest of who began, then those with most below it. What fewer than FEWEST_BEGUN
    began comes after them, for one student more or less would make it the worst; last what nobody began."""

    def badness(one: Tally) -> tuple[int, Fraction, Fraction, str]:
        doubt = (one.begun < FEWEST_BEGUN) + (one.begun == 0)
        failed = Fraction(one.failed, one.begun or 1)
        return doubt, one.finished or Fraction(0), -failed, one.module

    return sorted(tallies, key=badness)


def furthest(tallies: Sequence[Tally], among: UUID | None = None) -> Outlier | None:
    """Of the classes with one module (or of one of them) the one whose share is furthest from the median of the
    others, where it is a GAP or more."""
    far = []
    for one, others in _compared([one for one in tallies if one.begun >= FEWEST_BEGUN], among):
        of_others = median(other.finished or Fraction(0) for other in others)
        gap = abs((one.finished or 0) - of_others)
        if gap >= GAP:
            far.append((gap, Outlier(one, len(others), share=of_others)))
    return _most(far)


def slowest(tallies: Sequence[Tally], among: UUID | None = None) -> Outlier | None:
    """Of the classes with one module (or of one of them) the one that took longest beyond the others' median,
    where it is TIMES as long and LEAST_DAYS more."""
    far = []
    for one, others in _compared([one for one in tallies if len(one.took) >= FEWEST_TIMES], among):
        its, of_others = _median(one.took), _median([_median(other.took) for other in others])
        if its >= TIMES * of_others and its - of_others >= LEAST_DAYS:
            far.append(
                (
                    Fraction((its - of_others) / LEAST_DAYS),
                    Outlier(one, len(others), time=of_others),
                )
            )
    return _most(far)


def is_compared(tallies: Iterable[Tally], among: UUID | None = None) -> bool:
    """Is there a module by whose shares classes (one of them) can be compared?"""
    known = [one for one in tallies if one.begun >= FEWEST_BEGUN]
    many = Counter(one.module_id for one in known)
    return any(
        many[one.module_id] > FEWEST_CLASSES for one in known if among in (None, one.class_id)
    )


def _compared(
    known: Sequence[Tally], among: UUID | None
) -> Iterable[tuple[Tally, Sequence[Tally]]]:
    """Each class with the others, where these are enough."""
    if len(known) <= FEWEST_CLASSES:
        return []
    return [
        (one, [other for other in known if other is not one])
        for one in known
        if among in (None, one.class_id)
    ]


def _most(far: Sequence[tuple[Fraction, Outlier]]) -> Outlier | None:
    return max(far, key=lambda one: one[0])[1] if far else None


def _median(times: Sequence[timedelta]) -> timedelta:
    return timedelta(seconds=median(one.total_seconds() for one in times))
