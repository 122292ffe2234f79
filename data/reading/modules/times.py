"""How long a module took those who completed it, as far as that is known. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles
from uuid import UUID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class TimeBin:
    """So many took `first` days or more, and less than one day more than `last`."""

    first: int
    last: int
    count: int


@dataclass(frozen=True)
class TimesTaken:
    """`taken` are the known times by student, longest first; of the `completed` the others are not known."""

    completed: int
    taken: Mapping[UUID, timedelta]

    @property
    def middle(self) -> timedelta | None:
        """The median."""
        return timedelta(seconds=median(self._seconds)) if self.taken else None

    @property
    def middle_half(self) -> tuple[timedelta, timedelta] | None:
        """From when to when the middle half took; of fewer than four nothing sensible can be said."""
        if len(self.taken) < 4:
            return None
        low, _, high = quantiles(self._seconds, n=4, method="inclusive")
        return timedelta(seconds=low), timedelta(seconds=high)

    @property
    def bins(self) -> list[TimeBin]:
        """At most about twelve bins of whole days, from none to the longest."""
        days = [time // DAY for time in self.taken.values()]
        longest = max(days, default=0)
        width = next((w for w in (1, 2, 7, 14, 28, 91, 365) if longest < 12 * w), 3650)
        return [
            TimeBin(first, first + width - 1, sum(first <= day < first + width for day in days))
            for first in range(0, longest + 1, width)
        ]

    @property
    def _seconds(self) -> list[float]:
        return [time.total_seconds() for time in self.taken.values()]


def times_taken(completed: int, taken: Mapping[UUID, timedelta | None]) -> TimesTaken:
    """Of the completed, how long each took where that is known."""
    known = {student: time for student, time in taken.items() if time is not None}
    return TimesTaken(completed, dict(sorted(known.items(), key=lambda one: one[1], reverse=True)))
