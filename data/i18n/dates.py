"""Days as people write them, by the names and the order that Babel knows of a language.

Numbers are not left to it: measured, a score takes it 10 µs and thousands 8, where a format string takes one.
"""

from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date

from data.i18n.formats import local

LANGUAGE: Final = Locale("en")
"""With the day first, as in Britain, and the months' short names of all English ('Sep', not 'Sept')."""


def short_date(one: date) -> str:
    """'12 Nov 2026'."""
    return _written(one, "d MMM y")


def long_date(one: date) -> str:
    """'12 November 2026'."""
    return _written(one, "d MMMM y")


def date_with_weekday(one: date) -> str:
    """'Thursday 12 November 2026'."""
    return _written(one, "EEEE d MMMM y")


def date_without_year(one: date) -> str:
    """'12 Nov'."""
    return _written(one, "d MMM")


def month_and_year(one: date) -> str:
    """'November 2026'."""
    return _written(one, "MMMM y")


def day(moment: datetime | None, here: tzinfo) -> str | None:
    """'12 Nov 2026', of the day that it is there."""
    return None if moment is None else short_date(local(moment, here))


def whole_day(moment: datetime, here: tzinfo) -> str:
    """'12 November 2026', of the day that it is there."""
    return long_date(local(moment, here))


def _written(one: date, pattern: str) -> str:
    return _of_day(one.toordinal(), pattern)


@lru_cache(maxsize=4096)
def _of_day(ordinal: int, pattern: str) -> str:
    """A page writes the same few days again and again."""
    return format_date(date.fromordinal(ordinal), pattern, locale=LANGUAGE)
