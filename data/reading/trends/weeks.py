"""The weeks of a period, as far as they are on record: Monday to Sunday, by days of UTC's. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final
from uuid import UUID

DAY: Final = timedelta(days=1)
YEAR: Final = timedelta(weeks=52)
"""From a week to the same one of last year: whole weeks, so that a Monday is compared with a Monday."""

FEWEST_CLASSES: Final = 3
"""Of fewer other classes a median says more of one of them than of all."""

Counted = Mapping[tuple[UUID | None, date], int]
"""By class (None for all together) and by the Monday that a week begins on."""


@dataclass(frozen=True)
class Week:
    """The days of a week that are counted, from the first to the last; `is_whole` where all seven are over
    and on record."""

    first: date
    last: date
    is_whole: bool

    @property
    def monday(self) -> date:
        return monday(self.first)


@dataclass(frozen=True)
class Series:
    """A figure week by week: of what is shown, of other classes one by one and per student of theirs, and of
    the same weeks of last year (None where nothing is on record)."""

    weeks: Sequence[Week]
    values: Sequence[int]
    others: Sequence[Sequence[float]]
    students: int
    last_year: Sequence[int | None]

    def of_others(self, first: int, last: int) -> float | None:
        """What these weeks (by place, `last` left out) would be at the median of the other classes; None of too
        few."""
        if len(self.others) < FEWEST_CLASSES:
            return None
        return median(sum(one[first:last]) for one in self.others) * self.students


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - day.weekday() * DAY


def weeks(first: date, last: date, today: date, begins: date) -> list[Week]:
    """The weeks from a day to another, none that is to come and none before records begin."""
    start, end = max(first, begins), min(last, today)
    found = []
    while start <= end:
        sunday = monday(start) + 6 * DAY
        # The day on which records begin is not known from its first hour.
        whole = begins < start == monday(start) and sunday <= end and sunday < today
        found.append(Week(start, min(sunday, end), whole))
        start = sunday + DAY
    return found


def series(
    shown: Sequence[Week],
    counted: Counted,
    year_ago: Counted,
    begins: date,
    sizes: Mapping[UUID, int],
    of_class: UUID | None = None,
) -> Series:
    """What was `counted` in these weeks, and in those a YEAR before: of all together, or of one class beside
    the others of `sizes` (students by class; one without students is none to compare with)."""
    others = {one: size for one, size in sizes.items() if one != of_class and size}
    return Series(
        shown,
        [counted.get((of_class, week.monday), 0) for week in shown],
        [
            [counted.get((one, week.monday), 0) / size for week in shown]
            for one, size in (others.items() if of_class else ())
        ],
        sizes[of_class] if of_class else sum(sizes.values()),
        [
            year_ago.get((of_class, week.monday - YEAR), 0) if week.first - YEAR > begins else None
            for week in shown
        ],
    )
