"""The figures of the rules of attention, which an organisation or a class may choose: one row a figure. Pure.

PostgreSQL goes by them and keeps their limits (internal.attention_figures in
data/database/sql/attention_figures.sql, a row under the same key). Here stands what they are called.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from data.i18n.formats import count
from data.rules.progress import Problem

Figures = Mapping[str, int]
"""What holds for a class, by key."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class ClassFigures:
    """What holds for a class: its figures, and the days off, each from a moment until before another."""

    figures: Figures
    off: Sequence[tuple[datetime, datetime]] = ()

    @property
    def stuck_after(self) -> int | None:
        """After how many attempts at a quiz somebody is stuck; None where the rule is off."""
        return self.figures["stuck_attempts"] if self.figures["stuck"] else None

    def days(self, since: datetime, now: datetime) -> tuple[int, int]:
        """How many whole days went by, and how many more that are off, as internal.raised() counts them."""
        off = sum(
            (max(min(end, now) - max(first, since), timedelta()) for first, end in self.off),
            timedelta(),
        )
        days = (now - since - off) // _DAY
        return days, (now - since) // _DAY - days


def stuck_after(held: Iterable[ClassFigures]) -> int | None:
    """After how many attempts somebody is stuck in any of these classes; None where the rule is off in all."""
    return min((one.stuck_after for one in held if one.stuck_after is not None), default=None)


@dataclass(frozen=True)
class RuleFigure:
    """What holds where nobody chose (`usual`), the limits, and what it is called beside the rule's title.
    Without a label it says whether the rule of this name is on."""

    key: str
    rule: str
    usual: int
    lowest: int
    highest: int
    label: str = ""

    def words(self, value: int) -> str:
        """A value as it is read: 'on', '7'."""
        return f"{value}" if self.label else ("on" if value else "off")


def _switch(rule: str) -> RuleFigure:
    return RuleFigure(rule, rule, 1, 0, 1)


FIGURES: Final = (
    _switch("stuck"),
    RuleFigure("stuck_attempts", "stuck", 3, 2, 10, "Attempts at least"),
    _switch("slipped"),
    RuleFigure("slipped_modules", "slipped", 1, 1, 20, "Modules at least"),
    _switch("not_begun"),
    RuleFigure("not_begun_share", "not_begun", 50, 10, 100, "Class begun, % at least"),
    _switch("failed"),
    RuleFigure("failed_modules", "failed", 1, 1, 20, "Modules at least"),
    _switch("inactive"),
    RuleFigure("inactive_days", "inactive", 7, 2, 90, "Days at least"),
    _switch("far_behind"),
    RuleFigure("far_behind_share", "far_behind", 50, 10, 90, "Less than % of the median"),
    RuleFigure("far_behind_modules", "far_behind", 4, 1, 50, "Modules behind at least"),
    _switch("stalled"),
    RuleFigure("stalled_days", "stalled", 14, 3, 180, "Days at least"),
    _switch("doubtful"),
    RuleFigure("doubtful_modules", "doubtful", 1, 1, 20, "Modules at least"),
)

BY_KEY: Final = {one.key: one for one in FIGURES}

USUAL: Final[Figures] = {one.key: one.usual for one in FIGURES}


def check_figures(values: Mapping[str, int | None]) -> Problem | None:
    """What is wrong with a choice, if anything; None takes one back."""
    for key, value in values.items():
        known = BY_KEY[key]
        if value is not None and not known.lowest <= value <= known.highest:
            what = known.label or "On or off"
            return Problem(
                None,
                "out_of_range",
                f"{what}: from {known.lowest} to {known.highest}. Nothing was saved.",
            )
    return None


LONGEST_HOLIDAY: Final = 120
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


def check_holiday(name: str, first: date | None, last: date | None) -> Problem | None:
    """What is wrong with days off, if anything."""
    said = name.strip()
    if not said:
        return _wrong("Give the holiday a name.")
    if len(name) > 100:
        return _wrong("The name has more than 100 characters: make it shorter.")
    if "\x00" in name:
        return _wrong("The name holds a character that cannot be stored.")
    if first is None or last is None:
        return _wrong("Enter the first day and the last day.")
    if last < first:
        return _wrong("The last day is before the first day: exchange them.")
    if first < FIRST_DAY or last > LAST_DAY:
        return _wrong("Enter days from 2000 to 2099.")
    days = (last - first).days + 1
    if days > LONGEST_HOLIDAY:
        return _wrong(
            f"That is {count(days, 'day', 'days')}; a holiday has at most {LONGEST_HOLIDAY}. Check the "
            "years, or enter it in parts."
        )
    return None


def _wrong(sentence: str) -> Problem:
    return Problem(None, "holiday", f"{sentence} Nothing was saved.")
