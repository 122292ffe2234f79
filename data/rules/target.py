"""A class's target: what share of it is to be completed by a day, and how far that has come on any day.

A plan of the school's own, set by whoever teaches the class. It is no deadline: nothing is late by it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final, Literal

from data.i18n.dates import date_without_year, short_date
from data.i18n.formats import count
from data.rules.progress import Problem

LONGEST: Final = timedelta(days=730)
"""Nobody plans a class for more than two years."""

NO_SHARE: Final = Problem(None, "share", "Enter a share from 1 to 100 %.")
NO_DAY: Final = Problem(None, "day", "Choose the day by which it is to be completed.")
PAST: Final = Problem(None, "day", "Choose today or a later day.")
TOO_FAR: Final = Problem(None, "day", "Choose a day within two years.")
NOTHING_THERE: Final = Problem(
    None, "empty", "This class has nothing to complete yet: it needs students and modules first."
)
COMPLETED: Final = Problem(
    None, "share", "The class has completed that much already. Enter a larger share."
)

Progress = Literal["reached", "not reached", "on plan", "ahead", "behind"]


@dataclass(frozen=True)
class Standing:
    """How far a target has come; `points` are percentage points from the plan, of what is ahead or behind."""

    progress: Progress
    points: int = 0


@dataclass(frozen=True)
class Target:
    """`share` percent of a class's cells by the end of `by_day`; set on `set_on`, when so many of them were
    completed (`completed` of `cells`, more than none)."""

    share: int
    by_day: date
    completed: int
    cells: int
    set_on: date

    def planned(self, day: date) -> Fraction:
        """How many percent are planned to be completed on a day: a straight line, day by day, from what was
        completed on the day on which it was set to the share on the last day; level before and after. One set
        for the same day plans the whole share at once."""
        length = (self.by_day - self.set_on).days
        if length <= 0 or day >= self.by_day:
            return Fraction(self.share)
        begun = Fraction(100 * self.completed, self.cells)
        gone = Fraction(max(0, (day - self.set_on).days), length)
        return begun + (self.share - begun) * gone

    def standing(self, completed: int, cells: int, day: date) -> Standing | None:
        """How far it has come on a day on which so many cells are completed; None of a class without any.

        Whoever has the share has reached it, on whichever day. After the last day the others have not reached
        it. Until then they are ahead of the plan of that day, behind it, or on it: less than half a percentage
        point from it.
        """
        if not cells:
            return None
        share = Fraction(100 * completed, cells)
        if share >= self.share:
            return Standing("reached")
        if day > self.by_day:
            return Standing("not reached")
        beyond = share - self.planned(day)
        points = int(abs(beyond) + Fraction(1, 2))
        if not points:
            return Standing("on plan")
        return Standing("ahead" if beyond > 0 else "behind", points)


def in_words(standing: Standing) -> str:
    """'on plan', '8 points behind plan', 'reached', 'not reached'."""
    if not standing.points:
        return standing.progress
    points = count(standing.points, "point", "points")
    return f"{points} {'behind' if standing.progress == 'behind' else 'ahead of'} plan"


def day_in_words(by_day: date, today: date) -> str:
    """'20 Dec', of another year '20 Dec 2027'."""
    return date_without_year(by_day) if by_day.year == today.year else short_date(by_day)


def check_target(share: int | None, by_day: date | None, today: date) -> Problem | None:
    """What is wrong with what was entered, in words; None where nothing is."""
    if share is None or not 1 <= share <= 100:
        return NO_SHARE
    if by_day is None:
        return NO_DAY
    if by_day < today:
        return PAST
    return TOO_FAR if by_day > today + LONGEST else None
