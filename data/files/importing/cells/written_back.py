"""What is stored, as the template writes it; and whether a cell says just that."""

from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import TypeGuard

from data.files.importing.cells.numbers import digits, readings, says
from data.files.importing.cells.status_words import is_unfinished
from data.files.importing.folding import visible
from data.files.importing.sheet import Cell, as_text
from data.i18n.formats import local
from data.rules.progress import Status, Value


def is_number(cell: Cell) -> TypeGuard[float]:
    """Does a spreadsheet hold it as a number?"""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def shown(value: Value, zone: tzinfo) -> str:
    """A stored value as the template writes it: a status's word, exact digits, the day in `zone`."""
    if isinstance(value, Status):
        return value.label
    if isinstance(value, datetime):
        return local_day(value, zone).isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and -30 < value.adjusted() < 30 else str(value)
    return "" if value is None else str(value)


def local_day(moment: datetime, zone: tzinfo) -> date:
    """The day of a moment, as a table of this zone has it."""
    return local(moment, zone).date()


def says_the_same(cell: Cell, normal: object, value: Value, zone: tzinfo) -> bool:
    """Does the cell say what is stored? A bare day does of any hour of it, a number to its last digit shown.

    So a file that was exported and comes back changes nothing, not even a value that could not be typed.
    """
    if value is None or normal is None:
        return normal is value
    if isinstance(value, datetime):
        return _same_moment(normal, value, zone)
    if isinstance(value, Status):
        is_open = value is not Status.COMPLETED
        return normal == value or (is_open and is_unfinished(str(normal)))
    return _is_same_number(cell, normal, Decimal(value))


def _is_same_number(cell: Cell, normal: object, stored: Decimal) -> bool:
    found = readings(str(normal))
    if found and stored.is_finite():
        return any(says(one.value, stored) for one in found.values())
    if is_number(cell):
        return digits(float(cell)) == digits(float(stored))
    return visible(as_text(cell)) == shown(stored, UTC)


def _same_moment(normal: object, value: datetime, zone: tzinfo) -> bool:
    if isinstance(normal, datetime):
        stored = value.replace(microsecond=0) if not normal.microsecond else value
        stored = stored if normal.second else stored.replace(second=0)
        if normal.tzinfo:
            return normal == stored
        # An hour that clocks show twice may be either; and Python calls no moment of it equal to another.
        both = (normal.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return stored in both
    if isinstance(normal, date):
        return normal == local_day(value, zone)
    return str(normal) == shown(value, zone)
