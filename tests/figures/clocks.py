"""Days around a change of the clocks, worked out by hand: no library of zones is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """A zone, the moment, and how far its clocks are ahead of UTC before and after it."""

    zone: str
    at: datetime
    before: timedelta
    after: timedelta

    def clock(self, moment: datetime) -> datetime:
        """What the clocks on the wall say; only of moments of these months."""
        ahead = self.before if moment < self.at else self.after
        return moment.replace(tzinfo=None) + ahead

    def day(self, moment: datetime) -> date:
        return self.clock(moment).date()

    def begins(self, day: date) -> datetime:
        """A day's first moment: none of these clocks changes at midnight."""
        midnight = datetime.combine(day, time(), UTC)
        return midnight - (self.before if midnight - self.before < self.at else self.after)

    @property
    def days(self) -> list[date]:
        """The day of the change, and those beside it."""
        its = self.day(self.at)
        return [its - DAY, its, its + DAY]

    @property
    def moments(self) -> list[datetime]:
        """Within an hour of the change, and of its day the first two hours and both ends."""
        second = timedelta(seconds=1)
        near = [self.at + timedelta(minutes=each) for each in (-60, -30, 0, 30, 60)]
        first = [
            self.begins(self.day(self.at)) + timedelta(minutes=each) for each in range(0, 121, 30)
        ]
        ends = [self.begins(day) for day in self.days[1:]]
        return sorted({*near, *first, *ends, *(end - second for end in [*ends, self.at])})


def _change(zone: str, at: str, before: float, after: float) -> Change:
    ahead = (timedelta(hours=before), timedelta(hours=after))
    return Change(zone, datetime.fromisoformat(at).replace(tzinfo=UTC), *ahead)


CHANGES = (
    _change("Europe/London", "2025-03-30 01:00", 0, 1),
    _change("Europe/London", "2025-10-26 01:00", 1, 0),
    _change("America/New_York", "2025-03-09 07:00", -5, -4),
    _change("America/New_York", "2025-11-02 06:00", -4, -5),
    _change("Australia/Lord_Howe", "2025-04-05 15:00", 11, 10.5),
    _change("Australia/Lord_Howe", "2025-10-04 15:30", 10.5, 11),
)


def moments() -> Iterator[tuple[Change, datetime]]:
    """Every moment of every change."""
    return ((change, at) for change in CHANGES for at in change.moments)
