"""Moments and figures as people read them: the same on the page and on paper."""

from __future__ import annotations

from datetime import datetime, tzinfo
from decimal import Decimal


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
    rounded = number.quantize(Decimal("0.1"))
    return f"{rounded:f}".removesuffix(".0")


def share(part: int, whole: int) -> str:
    """'38 %', rounded down so that only everything is 100 %."""
    return f"{100 * part // whole} %" if whole else "0 %"
