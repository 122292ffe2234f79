"""From "so many days ago" to a believable moment."""

from datetime import UTC, datetime
from typing import Final

DAY: Final = 86_400
MONDAY: Final = 4 * DAY  # 1970-01-05
OPENS: Final = 7 * 3_600
OPEN_FOR: Final = 15 * 3_600

# A school day counts this often, a day of the weekend that often: 5 × 1.25 + 2 × 0.375 = 7.
WEEKDAY: Final = 1.25
WEEKEND: Final = 0.375

HISTORY_DAYS: Final = 60


class Clock:
    """Moments before `now`, in UTC and whole seconds: by day, seldom at weekends, never after now.

    An older age is never a later moment, so the order of what happened does not depend on the day of loading.
    """

    def __init__(self, now: datetime) -> None:
        self._now = int(now.timestamp())
        self._today = _worked(self._now)
        self._days: dict[int, str] = {}

    def at(self, age: float) -> str:
        """The moment `age` days ago, written as PostgreSQL writes it in JSON."""
        day, second = divmod(min(_moment(self._today - age), self._now), DAY)
        if day not in self._days:
            self._days[day] = datetime.fromtimestamp(day * DAY, UTC).date().isoformat()
        minute, second = divmod(second, 60)
        return f"{self._days[day]}T{minute // 60:02}:{minute % 60:02}:{second:02}+00:00"


def _worked(moment: int) -> float:
    """How much working time, in average days, has passed until this moment."""
    week, second = divmod(moment - MONDAY, 7 * DAY)
    day, second = divmod(second, DAY)
    hours = min(max((second - OPENS) / OPEN_FOR, 0.0), 1.0)
    if day < 5:
        return week * 7 + (day + hours) * WEEKDAY
    return week * 7 + 5 * WEEKDAY + (day - 5 + hours) * WEEKEND


def _moment(worked: float) -> int:
    """The moment at which so much working time had passed: the reverse."""
    week, rest = divmod(worked, 7)
    if rest < 5 * WEEKDAY:
        day, hours = divmod(rest / WEEKDAY, 1)
    else:
        day, hours = divmod((rest - 5 * WEEKDAY) / WEEKEND, 1)
        day = min(day + 5, 6)
    return MONDAY + int((week * 7 + day) * DAY + OPENS + hours * OPEN_FOR)
