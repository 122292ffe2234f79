"""Dates as people write them. Which part is the day is never guessed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache
from itertools import product
from typing import Final, Literal, TypeVar

from babel.dates import get_day_names, get_month_names

from data.files.importing.folding import fold

_TIME: Final = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?(?P<zone> ?(?:UTC|GMT)(?P<hours>[+-]\d{1,2})?)?)?"
)
_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>\d{{4}})(?:[-/]|[.年년] ?)(?P<month>\d{{1,2}})(?:[-/]|[.月월] ?)"
    rf"(?P<day>\d{{1,2}})[.日일]?{_TIME}",
    re.ASCII,
)
_DOTTED: Final = re.compile(
    rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}|\d{{2}}){_TIME}", re.ASCII
)
_EITHER: Final = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<sign>[/-])(?P<two>\d{{1,2}})(?P=sign)(?P<three>\d{{4}}|\d{{2}}){_TIME}",
    re.ASCII,
)
_ORDINAL: Final = r"(?:st|nd|rd|th|er|º)?"
_WORDED: Final = re.compile(
    rf"(?:(?P<weekday>[^\W\d_]{{2,12}})\.?,? )?"
    rf"(?:(?P<day>[0-9]{{1,2}}){_ORDINAL}[ .-]+(?:de |of )?(?P<name>[^\W\d_]{{3,12}})"
    rf"|(?P<name2>[^\W\d_]{{3,12}})\.? (?P<day2>[0-9]{{1,2}}){_ORDINAL})"
    rf"[ .,-]+(?:de )?(?P<year>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_SERIAL: Final = re.compile(r"[1-9]\d{4}(?:\.\d+)?", re.ASCII)
# In Croatian "listopad" is October, in Polish November: read in neither.
_LANGUAGES: Final = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "da", "nb", "fi", "hu", "ro", "tr", "ru",
    "uk", "hr",
)  # fmt: skip
_WIDTHS: Final[tuple[Literal["wide", "abbreviated"], ...]] = ("wide", "abbreviated")
_FORMS: Final[tuple[Literal["format", "stand-alone"], ...]] = ("format", "stand-alone")


class DateOrder(StrEnum):
    """Which part of 3/4/26 is first. The year only of 26-04-03, with dashes."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Serials(StrEnum):
    """From which year a spreadsheet counts days: Windows, or a Mac of long ago."""

    FROM_1900 = "1900"
    FROM_1904 = "1904"


_DAY_ZERO: Final = {
    Serials.FROM_1900: datetime(1899, 12, 30),  # noqa: DTZ001 - a spreadsheet knows no zone
    Serials.FROM_1904: datetime(1904, 1, 1),  # noqa: DTZ001
}
_EARLIEST: Final = date(1970, 1, 1)
One = TypeVar("One", DateOrder, Serials)


class AmbiguousDateError(ValueError):
    """3/4/2026: the third of April or the fourth of March."""


class AmbiguousSerialError(ValueError):
    """43000: a day of 2017, or of 2021 where days are counted from 1904."""


def orders(written: str) -> Mapping[DateOrder, date]:
    """The days that 3/4/26 may be, by what is first; none where it is written in another way."""
    found = _EITHER.fullmatch(written.strip())
    if found is None:
        return {}
    one, two, three = found["one"], found["two"], found["three"]
    wanted = {DateOrder.DAY: (three, two, one), DateOrder.MONTH: (three, one, two)}
    if found["sign"] == "-" and len(one) == len(two) == len(three) == 2:
        wanted[DateOrder.YEAR] = (one, two, three)
    days = {order: _possible(*parts) for order, parts in wanted.items()}
    return {order: one for order, one in days.items() if one is not None}


def serials(written: str, today: date) -> Mapping[Serials, datetime]:
    """The moments that 45975 may be, of those that something can have been completed at."""
    if not _SERIAL.fullmatch(written.strip()):
        return {}
    passed = timedelta(seconds=round(float(written) * 86_400))
    found = {base: zero + passed for base, zero in _DAY_ZERO.items()}
    return {base: one for base, one in found.items() if _EARLIEST <= one.date() <= today}


def order_of(column: Iterable[str]) -> DateOrder | None:
    """What a whole column settles: a part over 12 is no month. None where nothing or both is settled."""
    return _only(frozenset(orders(one)) for one in column)


def serials_of(column: Iterable[str], today: date) -> Serials | None:
    """The same of numbers of days: the one by which none is yet to come."""
    return _only(frozenset(serials(one, today)) for one in column)


def _only(possible: Iterable[frozenset[One]]) -> One | None:
    """The one thing that all cells may be which may be anything of the kind."""
    readings = [each for each in possible if each]
    common = frozenset.intersection(*readings) if readings else frozenset()
    return next(iter(common)) if len(common) == 1 else None


@dataclass(frozen=True)
class DateReader:
    """How one column writes days; nothing where neither the column nor a person settled it."""

    order: DateOrder | None = None
    base: Serials | None = None
    today: date = date.max

    def read(self, written: str) -> date | datetime | None:
        """A day or moment; None where it is not written as one.

        Raises AmbiguousDateError and AmbiguousSerialError where it could be two, ValueError for a 31st of
        February.
        """
        text = written.strip()
        if found := _YEAR_FIRST.fullmatch(text) or _DOTTED.fullmatch(text):
            return _at(found, _exact(found["year"], found["month"], found["day"]))
        if found := _WORDED.fullmatch(text):
            if found["weekday"] and fold(found["weekday"]) not in _weekdays():
                return None
            month = _month(found["name"] or found["name2"])
            day = found["day"] or found["day2"]
            return _at(found, _exact(found["year"], str(month), day)) if month else None
        if found := _EITHER.fullmatch(text):
            return _at(found, self._day(orders(text), text))
        return self._moment(serials(text, self.today), text)

    def _day(self, possible: Mapping[DateOrder, date], text: str) -> date:
        if self.order is not None:
            if self.order not in possible:
                raise ValueError(text)
            return possible[self.order]
        if len(days := set(possible.values())) > 1:
            raise AmbiguousDateError(text)
        if not days:
            raise ValueError(text)
        return days.pop()

    def _moment(self, possible: Mapping[Serials, datetime], text: str) -> date | datetime | None:
        if not possible:
            return None
        if self.base is None and len(possible) > 1:
            raise AmbiguousSerialError(text)
        moment = possible.get(self.base) if self.base else next(iter(possible.values()))
        if moment is None:
            raise ValueError(text)
        return moment if moment.time() != time() else moment.date()


def is_ambiguous(written: str) -> bool:
    """Could it be two days?"""
    return len(set(orders(written).values())) > 1


def _exact(year: str, month: str, day: str) -> date:
    century = 0 if len(year) == 4 else 2000 if int(year) < 70 else 1900
    return date(century + int(year), int(month), int(day))


def _possible(year: str, month: str, day: str) -> date | None:
    try:
        return _exact(year, month, day)
    except ValueError:
        return None


@cache
def _months() -> Mapping[str, int]:
    """By every name that is one month only, whatever the language."""
    found: dict[str, set[int]] = {"sept": {9}}
    for language, width, form in product(_LANGUAGES, _WIDTHS, _FORMS):
        for number, name in get_month_names(width, form, language).items():
            found.setdefault(fold(name), set()).add(number)
    return {name: min(numbers) for name, numbers in found.items() if len(numbers) == 1}


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(
        fold(name)
        for language, width, form in product(_LANGUAGES, _WIDTHS, _FORMS)
        for name in get_day_names(width, form, language).values()
    )


def _month(name: str) -> int | None:
    return _months().get(fold(name))


def _at(found: re.Match[str], on: date) -> date | datetime:
    """The day, or the moment in the zone that is written."""
    if found["hour"] is None:
        return on
    zone = timezone(timedelta(hours=int(found["hours"] or 0))) if found["zone"] else None
    hour, half = int(found["hour"]), (found["half"] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(found["hour"])
        hour = hour % 12 + (12 if half == "p" else 0)
    at = time(hour, int(found["minute"]), int(found["second"] or 0), tzinfo=zone)
    return datetime.combine(on, at)
