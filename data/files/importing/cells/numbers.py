"""Numbers as people and programs write them. Which mark divides decimals is decided by the whole column."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final

from data.files.importing.folding import visible
from data.rules.progress import HIGHEST, LOWEST

LONGEST: Final = 40
MARKS: Final = {".": "point", ",": "comma"}
_SHOWN: Final = 8  # digits, of which
_PLACES: Final = 6  # are decimals: fewer are somebody's own rounding

# Digits and signs of East Asian and Arabic keyboards, and the minus of typesetters. Not what Unicode calls
# compatible: there 8² is 82.
_ASCII: Final = str.maketrans(
    "０１２３４５６７８９٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹．，٫％٪＋－−﹣", "0123456789" * 3 + ".,.%%+---"
)
_PERCENT: Final = re.compile(
    r"\s*(?:percent|per cent|pct\.?|prozent|pour cent|por ciento)\Z", re.IGNORECASE
)
_GAPS: Final = "'’ \u00a0\u2009\u202f"
_OTHER: Final = {".": ",", ",": "."}


def _pattern(mark: str) -> re.Pattern[str]:
    gaps = f"[{_GAPS}{_OTHER[mark]}]"
    grouped = rf"[1-9][0-9]{{0,2}}(?P<gap>{gaps})[0-9]{{3}}(?:(?P=gap)[0-9]{{3}})*"
    return re.compile(
        rf"(?P<sign>[+-]?) ?(?P<whole>{grouped}|[0-9]*)(?:[{mark}](?P<part>[0-9]+))?"
        r"(?P<power>[eE][+-]?[0-9]{1,2})?"
    )


_PATTERNS: Final = {mark: _pattern(mark) for mark in MARKS}


_FRACTION: Final = re.compile(
    r"([0-9]+(?:[.,][0-9]+)?)\s*(?:/|out of|of|von|sur|de|di|van)\s*([0-9]+(?:[.,][0-9]+)?)",
    re.IGNORECASE | re.ASCII,
)


class AmbiguousNumberError(ValueError):
    """1,000: a thousand, or one."""


@dataclass(frozen=True)
class Number:
    """A number as it is written; `is_percent` where a percent sign is beside it."""

    value: Decimal
    is_percent: bool = False


@lru_cache(maxsize=20_000)
def readings(written: str) -> Mapping[str, Number]:
    """What a text says, by the mark that divides decimals; empty where it is no number."""
    text = _PERCENT.sub("%", visible(written).translate(_ASCII))
    bare = text.removesuffix("%").removeprefix("%").strip()
    if not bare or len(text) > LONGEST:
        return {}
    percent = "%" in text
    found = {mark: _value(pattern, bare) for mark, pattern in _PATTERNS.items()}
    return {mark: Number(one, percent) for mark, one in found.items() if one is not None}


def _value(pattern: re.Pattern[str], text: str) -> Decimal | None:
    found = pattern.fullmatch(text)
    if found is None or not (found["whole"] or found["part"]):
        return None
    whole = "".join(one for one in found["whole"] if one.isdecimal())
    part = f".{found['part']}" if found["part"] else ""
    return Decimal(f"{found['sign']}{whole or 0}{part}{found['power'] or ''}")


def fraction(written: str) -> tuple[Decimal, Decimal] | None:
    """14 and 20 of "14/20", "14 / 20", "14 out of 20"; None where it is not written so, or of nothing."""
    found = _FRACTION.fullmatch(visible(written))
    if found is None or any(is_ambiguous(one) for one in found.groups()):
        return None
    points, most = (read_number(one, None) for one in found.groups())
    return (points.value, most.value) if points and most and most.value else None


def mark_of(column: Iterable[str]) -> str | None:
    """The mark that divides decimals in a column: "." or ","; None where nothing or both is settled."""
    marks = {frozenset(found) for one in column if len(found := readings(one)) == 1}
    return next(iter(marks.pop())) if len(marks) == 1 else None


def is_ambiguous(written: str) -> bool:
    """Could it be two numbers?"""
    return len({one.value for one in readings(written).values()}) > 1


def is_bare_number(cell: object) -> bool:
    """Is it a number without a percent sign?"""
    if isinstance(cell, str):
        return any(not one.is_percent for one in readings(cell).values())
    return isinstance(cell, int | float)


def read_number(written: str, mark: str | None) -> Number | None:
    """A number; None where it is not written as one. Raises AmbiguousNumberError where it could be two."""
    found = readings(written)
    if mark is not None and mark in found:
        return found[mark]
    if len({one.value for one in found.values()}) > 1:
        raise AmbiguousNumberError(written)
    return next(iter(found.values()), None)


def whole_percent(number: Decimal) -> Decimal:
    """Rounded to the nearest, but to 0 and 100 only what is that."""
    rounded = number.quantize(Decimal(1), ROUND_HALF_UP)
    if LOWEST < number < HIGHEST:
        return min(max(rounded, Decimal(LOWEST + 1)), Decimal(HIGHEST - 1))
    return rounded


def plain(number: Decimal) -> str:
    """'85', '0.5': without an exponent, nor zeros at the end."""
    written = f"{number:f}"
    return written.rstrip("0").removesuffix(".") if "." in written else written


def digits(number: float) -> str:
    """As many digits as a spreadsheet holds, and no exponent."""
    return f"{Decimal(f'{number:.15G}'):f}"


def says(written: Decimal, stored: Decimal) -> bool:
    """Is it the stored number, as somebody saved it who shows fewer digits?

    A spreadsheet holds 15 digits and shows about ten: 66.66666667 is what it makes of two thirds.
    """
    if written == stored or digits(float(written)) == digits(float(stored)):
        return True
    shown = written.as_tuple()
    places = shown.exponent
    if len(shown.digits) < _SHOWN or not isinstance(places, int) or places > -_PLACES:
        return False
    return abs(written - stored) <= Decimal(5).scaleb(places - 1)
