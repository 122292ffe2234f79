"""A table as it was read from a file: headings, rows, and what had to be assumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from data.files.importing.folding import visible
from data.files.importing.headings import STUDENT_NAMED_BY, is_class_export, recognise
from data.rules.ids import as_uuid

LARGEST_FILE: Final = 20 * 1024 * 1024
MOST_LINES: Final = 50_000
MOST_COLUMNS: Final = 500
HEADINGS_WITHIN: Final = 20

Cell = str | int | float | bool | date | None
"""What a cell holds; text of a CSV is text, a spreadsheet tells numbers and dates. None is empty."""


class UnreadableFile(ValueError):
    """A file or text that is no table of ours; the sentence says what to do."""


@dataclass(frozen=True)
class Row:
    """A line that holds anything. `line` is counted from 1, as a person counts in the file."""

    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """A table. `further` names the other worksheets; `assumed` is sentences on what was not told.

    `typed` says that numbers and dates are such, as in a spreadsheet, and not text.
    """

    name: str
    headings: tuple[str, ...]
    heading_line: int
    rows: tuple[Row, ...]
    further: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    typed: bool = False


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


def as_sheet(
    name: str,
    lines: Iterable[tuple[int, Sequence[Cell]]],
    *,
    further: tuple[str, ...] = (),
    assumed: tuple[str, ...] = (),
    typed: bool = False,
) -> Sheet:
    """Find the headings among numbered lines. Raises UnreadableFile where there are none."""
    rows = [
        Row(line, cells) for line, written in lines if (cells := _trimmed(written))
    ]  # fmt: skip
    if not rows:
        raise UnreadableFile("The file is empty. Choose one with headings and a line per module.")
    if len(rows) > MOST_LINES + 1:
        raise UnreadableFile(
            f"The file has more than {MOST_LINES:,} lines. Divide it into several files."
        )
    place, words = _heading_place(rows)
    headings = tuple(visible(as_text(cell)) for cell in rows[place].cells)
    if len(headings) > MOST_COLUMNS:
        raise UnreadableFile(
            f"The file has {len(headings):,} columns. Keep those of the template, and try again."
        )
    heading_line, below = rows[place].line, tuple(rows[place + 1 :])
    if not below:
        raise UnreadableFile(
            f"Line {heading_line} holds the headings, and there is nothing below them."
        )
    return Sheet(name, headings, heading_line, below, further, (*assumed, *words), typed)


def _trimmed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    """Without the empty cells at the end; nothing of a blank line."""
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return tuple(cells[:end])


def _heading_place(rows: Sequence[Row]) -> tuple[int, tuple[str, ...]]:
    """Which row holds the headings, and what had to be assumed of it."""
    for place, row in enumerate(rows[:HEADINGS_WITHIN]):
        headings = [as_text(cell) for cell in row.cells]
        if is_class_export(headings):
            raise UnreadableFile(
                "This is the export of a class page, with a line per student. It does not hold everything "
                "that is stored. Download the template filled with the class, correct that, and choose it."
            )
        found = set(recognise(headings).guesses) - {None}
        if found & STUDENT and found - STUDENT:
            words = f"The headings are in line {row.line}; what is above them was left out."
            return place, (words,) if place else ()
    first = rows[0]
    if len(first.cells) < 2 or any(map(_is_value, first.cells)):
        raise UnreadableFile(
            "No headings were found. The first line must name the columns, such as Student, Module, "
            "Status, Percentage. The template shows how."
        )
    words = f"No heading was recognised. Line {first.line} was taken for the headings: say what each means."
    return 0, (words,)


STUDENT: Final = frozenset(STUDENT_NAMED_BY)


def _is_value(cell: Cell) -> bool:
    """Is it something that a table holds below its headings? No heading is a number or an address."""
    if cell is None or not isinstance(cell, str):
        return cell is not None
    text = visible(cell)
    if "@" in text or text.rstrip("%").replace(",", "").replace(".", "").strip().isdecimal():
        return True
    return as_uuid(text) is not None
