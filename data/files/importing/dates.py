"""Dates as people write them. Which part is the day is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Final

_TIME: Final = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
)
_YEAR_FIRST: Final = re.compile(
    rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){_TIME}", re.ASCII
)
_DOTTED: Final = re.compile(
    rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}){_TIME}", re.ASCII
)
_EITHER: Final = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<sign>[/-])(?P<two>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}){_TIME}",
    re.ASCII,
)
_WORDED: Final = re.compile(
    rf"(?:(?P<day>\d{{1,2}})[ .-]+(?P<name>[A-Za-z]{{3,9}})|(?P<name2>[A-Za-z]{{3,9}})\.? (?P<day2>\d{{1,2}}))"
    rf"[ .,-]+(?P<year>\d{{4}}){_TIME}",
    re.ASCII,
)
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


class AmbiguousDateError(ValueError):
    """3/4/2026: the third of April or the fourth of March."""


def day_comes_first(written: Iterable[str]) -> bool | None:
    """What a whole column settles: a part over 12 is no month. None where nothing or both is settled."""
    settled = {order for one in written if (order := _order(one)) is not None}
    return settled.pop() if len(settled) == 1 else None


def _order(written: str) -> bool | None:
    found = _EITHER.fullmatch(written.strip())
    if found is None:
        return None
    one, two = int(found["one"]), int(found["two"])
    return None if (one > 12) == (two > 12) else one > 12


def read_date(written: str, day_first: bool | None) -> date | datetime | None:
    """A day or moment; None where it is not written as one.

    Raises AmbiguousDateError where the order of day and month is not known, ValueError for a 31st of February.
    """
    text = written.strip()
    if found := _YEAR_FIRST.fullmatch(text) or _DOTTED.fullmatch(text):
        return _moment(found, int(found["month"]), int(found["day"]))
    if found := _WORDED.fullmatch(text):
        month = _month(found["name"] or found["name2"])
        return _moment(found, month, int(found["day"] or found["day2"])) if month else None
    if found := _EITHER.fullmatch(text):
        one, two = int(found["one"]), int(found["two"])
        first = _order(text) if day_first is None else day_first
        if first is None and one != two:
            raise AmbiguousDateError(written)
        return _moment(found, two, one) if first else _moment(found, one, two)
    return None


def is_ambiguous(written: str) -> bool:
    """Could it be two days?"""
    try:
        read_date(written, None)
    except AmbiguousDateError:
        return True
    except ValueError:
        return False
    return False


def _month(name: str) -> int | None:
    wanted = name.lower()
    for number, month in enumerate(_MONTHS, 1):
        if wanted in {month, month[:3]} or (wanted, number) == ("sept", 9):
            return number
    return None


def _moment(found: re.Match[str], month: int, day: int) -> date | datetime:
    on = date(int(found["year"]), month, day)
    if found["hour"] is None:
        return on
    hour, half = int(found["hour"]), (found["half"] or "").lower()[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(found["hour"])
        hour = hour % 12 + (12 if half == "p" else 0)
    return datetime.combine(on, time(hour, int(found["minute"]), int(found["second"] or 0)))
