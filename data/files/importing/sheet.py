"""A table as it was read from a file: headings, rows, and what had to be assumed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from data.files.importing.folding import visible
from data.files.importing.meanings import Meaning

LARGEST_FILE: Final = 20 * 1024 * 1024
MOST_LINES: Final = 50_000
MOST_COLUMNS: Final = 500
HEADINGS_WITHIN: Final = 20

Cell = str | int | float | bool | date | None
"""What a cell holds; text of a CSV is text, a spreadsheet tells numbers and dates. None is empty."""


class Uncomputed(str):
    """A formula whose result the file does not hold."""

    __slots__ = ()


class UnreadableFile(ValueError):
    """A file or text that is no table of ours; the sentence says what to do."""


class NoHeadings(UnreadableFile):
    """Nothing in it is a table: another worksheet may be one."""


@dataclass(frozen=True)
class Row:
    """A line that holds anything. `line` is counted from 1, as a person counts in the file.

    Where it is one module's part of a line, `column` is that module's heading, and `most` how many points
    there are by the meaning of the cell. `beyond` counts cells that have no heading.
    """

    line: int
    cells: tuple[Cell, ...]
    is_hidden: bool = False
    column: str = ""
    most: Mapping[Meaning, Decimal] = field(default_factory=dict)
    beyond: int = 0

    def at(self, place: int) -> Cell:
        """The cell of a column; None where the line is shorter."""
        return self.cells[place] if place < len(self.cells) else None


@dataclass(frozen=True)
class Sheet:
    """A table. `further` names the other worksheets; `assumed` is sentences on what was not told.

    `notices` is sentences on what a person does not see in it, or was not read. `typed` says that numbers
    and dates are such, as in a spreadsheet, and not text; `is_recognised` that a line of headings was found.
    `encoding` is there where the file did not say it.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    further: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    typed: bool = False
    notices: tuple[str, ...] = ()
    is_recognised: bool = True
    encoding: str | None = None

    @property
    def hidden(self) -> int:
        """How many of its lines are hidden in the spreadsheet."""
        return sum(row.is_hidden for row in self.rows)


def is_blank(cell: Cell) -> bool:
    """Does it hold nothing that anybody sees?"""
    if isinstance(cell, str):
        return not cell[:1].isalnum() and not visible(cell)
    return cell is None


def as_text(cell: Cell) -> str:
    """A cell as a person reads it: a whole number without a point, a day without midnight."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return "" if cell is None else str(cell)
