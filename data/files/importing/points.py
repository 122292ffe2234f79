"""Points as percent of the highest possible."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from data.files.importing.titles import number
from data.rules.progress import HIGHEST, LOWEST, Field

_PLACES: Final = Decimal("0.01")


def percent_of(field: Field, written: object, most: Decimal) -> Decimal | None:
    """14 of 20 is 70: to two places for a score, to the nearest whole for a percentage.

    None where it is no number of points, such as "85 %", which says percent itself.
    """
    text = str(written).strip()
    points = Decimal(0) if text in {"0", "0.0", "0.00", "0,00"} else number(text)
    if points is None:
        return None
    exact = points * HIGHEST / most
    if field is Field.PERCENTAGE:
        return _whole(exact)
    rounded = exact.quantize(_PLACES, ROUND_HALF_UP)
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded


def _whole(exact: Decimal) -> Decimal:
    """Only what is 0 or 100 becomes that."""
    rounded = exact.quantize(Decimal(1), ROUND_HALF_UP)
    if LOWEST < exact < HIGHEST:
        return min(max(rounded, Decimal(LOWEST + 1)), Decimal(HIGHEST - 1))
    return rounded


def points_note(written: object, most: Decimal, percent: Decimal) -> str:
    """How it was reckoned."""
    return f"{written} of {most:f} points are {percent:f} percent."
