"""Moments and figures as people read them: the same on the page and on paper. Every figure is rounded to the
nearest, halves away from zero; matrix/model.js does the same in the browser, and a test holds them together."""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import chain
from itertools import count as count_from
from math import floor
from types import MappingProxyType
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


_IN_FIGURE = re.compile(r"(?<=\d) (?=%|/ \d)|(?<=\d /) (?=\d)|(?<=[<>]) (?=\d+ %)")


def unbroken(text: str) -> str:
    """With spaces that no line breaks at in '41 %', '< 1 %' and '55 / 60'; browser.js has the same."""
    return _IN_FIGURE.sub("\u00a0", text)


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment in a zone; as it is on the first or last day there is."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def figure(number: Decimal | None) -> str | None:
    """A score: whole where it is whole, else one decimal. As it was stored beyond 0 to 100, and where rounding
    would say that it is one of these ends: 99.96."""
    if number is None:
        return None
    if not number.is_finite() or not 0 <= number <= 100:
        return str(number)
    return _unlike(number, decimals(number, 1), (Decimal(0), Decimal(100)))


def from_details(score: Decimal) -> str:
    """'55 from details': what is shown of a row that has no score of its own."""
    return f"{figure(score)} from details"


def figure_beside(number: Decimal, limit: Decimal) -> str:
    """As figure(), but exact where rounding would say that the limit is reached: 59.96 beside 60."""
    return _unlike(number, str(figure(number)), (limit,))


def _unlike(number: Decimal, shown: str, limits: Iterable[Decimal]) -> str:
    """What is shown, but the number itself where it would look like one of these that it is not."""
    is_misleading = any(shown == decimals(one, 1) and number != one for one in limits)
    return str(number) if is_misleading else shown


def decimals(number: Decimal | float, most: int) -> str:
    """A finite number with at most so many decimals, and none that are zero at its end: '66.7', '80'."""
    # By its digits: 0.125 is a half to whoever reads it, whatever a float makes of it.
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    return f"{rounded.normalize() + 0:f}"


def listed(names: Sequence[str], rest: str = "") -> str:
    """'A', 'A and B', 'A, B and C'; with `rest` of more than three 'A, B and 3 more modules'."""
    if rest and len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} {rest}"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def count(number: int, one: str, many: str) -> str:
    """'1 student', '28 students', '25,000 students'."""
    return f"{number:,} {one if number == 1 else many}"


def others(number: int) -> str:
    """Behind counts by status, where some are in one of the platform's own: ', 1 other'."""
    return f", {number:,} other" if number else ""


def few(names: Iterable[object], most: int = 8) -> str:
    """The first few of them, and how many more there are: 'A, B and 3 more'."""
    written = list(map(str, names))
    more = f" and {len(written) - most} more" if len(written) > most else ""
    return ", ".join(written[:most]) + more


def quoted(names: Iterable[object]) -> list[str]:
    """Names as a sentence has them: '“A”'."""
    return [f"“{one}”" for one in names]


def unlike(labels: Mapping[K, str], beside: Mapping[K, str] = MappingProxyType({})) -> dict[K, str]:
    """The labels of a choice, all different: those of one name say what is `beside`, or else their number."""
    times = Counter(labels.values())
    found: dict[K, str] = {}
    taken: set[str] = set()
    for option, label in labels.items():
        is_alone = times[label] == 1 or option not in beside
        said = label if is_alone else f"{label} ({beside[option]})"
        numbered = (f"{said} ({number})" for number in count_from(2))
        found[option] = next(one for one in chain([said], numbered) if one not in taken)
        taken.add(found[option])
    return found


def nearest(number: float | Fraction) -> int:
    """The whole number nearest to one that is not negative, halves up."""
    return floor(2 * number + 1) // 2


def share(part: float | Fraction, whole: float) -> str:
    """'38 %'. Only everything is 100 and only nothing is 0: what is nearly so is '> 99 %' or '< 1 %'. Of
    nothing there is no share."""
    if not whole:
        return "–"
    percent = int((200 * part + whole) // (2 * whole))
    if percent == 0 and part > 0:
        return "< 1 %"
    return "> 99 %" if percent == 100 and part < whole else f"{percent} %"
