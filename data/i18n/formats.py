"""Moments and figures as people read them: the same on the page and on paper. Every figure is rounded to the
nearest, halves away from zero; matrix/model.js does the same in the browser, and a test holds them together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal


def local(moment: datetime, zone: tzinfo) -> datetime:
    """The moment in a zone; as it is on the first or last day there is."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def figure(number: Decimal | None) -> str | None:
    """A score: whole where it is whole, else one decimal; beyond any scale as it was stored."""
    if number is None:
        return None
    if not number.is_finite() or abs(number) >= 10_000:
        return str(number)
    return decimals(number, 1)


def from_details(score: Decimal) -> str:
    """'55 from details': what is shown of a row that has no score of its own."""
    return f"{figure(score)} from details"


def figure_beside(number: Decimal, limit: Decimal) -> str:
    """As figure(), but exact where rounding would say that the limit is reached: 59.96 beside 60."""
    shown = figure(number)
    return str(number) if shown is None or (shown == figure(limit) and number != limit) else shown


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


def share(part: float, whole: float) -> str:
    """'38 %'. Only everything is 100 and only nothing is 0: what is nearly so is '> 99 %' or '< 1 %'."""
    if not whole:
        return "0 %"
    nearest = int((200 * part + whole) // (2 * whole))
    if nearest == 0 and part > 0:
        return "< 1 %"
    return "> 99 %" if nearest == 100 and part < whole else f"{nearest} %"
