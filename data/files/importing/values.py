"""From what stands in a cell to what `progress.check()` reads; and back, as the template writes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Final, TypeGuard

from data.files.importing.dates import AmbiguousDateError, day_comes_first, read_date
from data.files.importing.folding import fold, visible
from data.files.importing.headings import Meaning
from data.files.importing.sheet import Cell, as_text
from data.i18n.formats import local
from data.rules.progress import Field, Status, Value

FIELDS: Final[Mapping[Meaning, Field]] = {
    Meaning.STATUS: Field.STATUS,
    Meaning.PERCENTAGE: Field.PERCENTAGE,
    Meaning.SCORE: Field.SCORE,
    Meaning.COMPLETED: Field.COMPLETED_AT,
}

CLEARED: Final = frozenset({"(empty)", "-", "–", "—"})
"""What clears a value. An empty cell leaves it as it is."""

# Words that mean one status and nothing else: "passed" may be said of what goes on, "open" of two.
STATUS_WORDS: Final = {
    "complete": Status.COMPLETED, "done": Status.COMPLETED, "finished": Status.COMPLETED,
    "started": Status.IN_PROGRESS, "underway": Status.IN_PROGRESS, "under way": Status.IN_PROGRESS,
    "ongoing": Status.IN_PROGRESS, "on going": Status.IN_PROGRESS, "begun": Status.IN_PROGRESS,
    "in process": Status.IN_PROGRESS, "not begun": Status.NOT_STARTED, "unstarted": Status.NOT_STARTED,
    "not yet started": Status.NOT_STARTED,
} | {fold(word): status for status in Status for word in (status.value, status.label)}  # fmt: skip


class UnclearError(ValueError):
    """A cell that could mean two things; the sentence says how to write which."""


@dataclass(frozen=True)
class Reader:
    """How the columns of one table write things: settled once, from the whole column."""

    day_first: bool | None = None
    shares: frozenset[Field] = frozenset()
    """Number columns of a spreadsheet whose cells may show percent: 0.85 for 85 %."""
    percent_cells: bool | None = None
    """Do they? None where nobody said."""

    def normal(self, name: Field, cell: Cell) -> object:
        """What check() is to read. Raises UnclearError, in words."""
        if isinstance(cell, str):
            text = visible(cell)
            if text.casefold() in CLEARED:
                return None
            if name is Field.STATUS:
                return STATUS_WORDS.get(fold(text), text)
            if name is Field.COMPLETED_AT:
                return self._date(text)
            return " ".join(text.split())
        if name is Field.STATUS:
            return as_text(cell)
        if is_number(cell):
            return self._number(name, cell)
        return cell

    def _date(self, text: str) -> object:
        try:
            return read_date(text, self.day_first) or text
        except AmbiguousDateError:
            raise UnclearError(
                "Is the day or the month first? Choose above, or write year-month-day, "
                "such as 2026-03-31."
            ) from None
        except ValueError:
            raise UnclearError(
                "There is no such day or time. Write year-month-day, such as 2026-03-31."
            ) from None

    def _number(self, name: Field, cell: float) -> object:
        if name is Field.COMPLETED_AT:
            raise UnclearError(
                "This is a number. Give the cell the format of a date, or write 2026-03-31."
            )
        if name in self.shares and 0 < cell <= 1 and self.percent_cells is not False:
            if self.percent_cells:
                return digits(cell * 100)
            shown = digits(cell * 100)
            raise UnclearError(
                f"A cell that shows {shown} % holds {digits(cell)}, and so does one that shows "
                f"{digits(cell)}. Choose above which, or write {shown} as a plain number."
            )
        return digits(cell)


def digits(number: float) -> str:
    """As many digits as a spreadsheet holds, and no exponent."""
    return f"{Decimal(f'{number:.15G}'):f}"


def settled_reader(
    columns: Mapping[Field, Iterable[Cell]],
    typed: bool,
    day_first: bool | None,
    percent_cells: bool | None,
) -> Reader:
    """Look through the columns once: which part of a date is the day, which numbers may be shares."""
    if day_first is None:
        dates = columns.get(Field.COMPLETED_AT, ())
        day_first = day_comes_first(cell for cell in dates if isinstance(cell, str))
    shares = {
        name
        for name in (Field.PERCENTAGE, Field.SCORE)
        if typed and _may_be_shares(columns.get(name, ()))
    }
    return Reader(day_first, frozenset(shares), percent_cells)


def is_number(cell: Cell) -> TypeGuard[float]:
    """Does a spreadsheet hold it as a number?"""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _may_be_shares(cells: Iterable[Cell]) -> bool:
    numbers = [cell for cell in cells if is_number(cell)]
    return any(0 < number <= 1 for number in numbers) and (
        max(numbers) <= 1 or any(0 < number < 1 for number in numbers)
    )


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
    if is_number(cell) and not isinstance(value, str):
        return digits(float(cell)) == digits(float(value))
    return visible(as_text(cell)) == shown(value, zone)


def _same_moment(normal: object, value: datetime, zone: tzinfo) -> bool:
    if isinstance(normal, datetime):
        stored = value.replace(microsecond=0) if not normal.microsecond else value
        stored = stored if normal.second else stored.replace(second=0)
        return (normal if normal.tzinfo else normal.replace(tzinfo=zone)) == stored
    if isinstance(normal, date):
        return normal == local_day(value, zone)
    return str(normal) == shown(value, zone)
