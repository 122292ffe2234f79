"""One cell of the matrix as text, such as 'C100/45.5ef', 'I40', 'N' or 'X{Paused}40'.

A status letter (X is a status of the platform's own, with its word), the percentage, '/' and the score, marks.
PostgreSQL writes it, matrix/model.js reads it in the browser, this module everywhere else; a test holds them
together. A student's cells are joined by ';'; "" is a module that the student is not in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Final

from data.rules.progress import Status

LETTERS: Final = {"N": Status.NOT_STARTED, "I": Status.IN_PROGRESS, "C": Status.COMPLETED}
"""How a cell begins, in the order a student passes through."""

OTHER: Final = "X"
"""How one begins of any other status."""

MARKS: Final = "psfke"
"""Problem, stuck, failed, locked, edited by staff: the most pressing first."""

# The e of "C100/85.5e" is a mark, that of "C100/1e2" is not. A percentage has no more digits than a
# spreadsheet holds.
_NUMBER: Final = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_CELL: Final = re.compile(rf"([NIC]|X\{{[^;{{}}]*\}})([0-9]{{0,15}})(?:/({_NUMBER}))?([{MARKS}]*)")


@dataclass(frozen=True)
class MatrixCell:
    """A cell, read. One without a status is unreadable (marks "p") or not there at all (no marks)."""

    status: Status | None
    percentage: int | None
    score: Decimal | None
    marks: str

    def rank(self, scored: bool) -> tuple[int, Decimal]:
        """What a column is sorted by: not started, in progress, completed, any other; within each the figure
        that is shown, the score where scores count (`scored`), else the percentage. What cannot be read comes
        first."""
        place = -1 if self.status is None else rank_of(self.status)
        figure = self.score if scored and self.score is not None else self.percentage
        return place, Decimal(-1) if figure is None else Decimal(figure)


def rank_of(status: Status) -> int:
    """The place of a status among all; those of the platform's own come last."""
    known = list(LETTERS.values())
    return len(known) if status.is_other else known.index(status)


_ABSENT: Final = MatrixCell(None, None, None, "")
_UNREADABLE: Final = MatrixCell(None, None, None, "p")


def parse_cell(cell: str) -> MatrixCell:
    """Read one cell. Never raises."""
    if cell == "":
        return _ABSENT
    parts = _CELL.fullmatch(cell)
    if parts is None:
        return _UNREADABLE
    letter, percentage, written, given = parts.groups()
    try:
        score = None if written is None else Decimal(written)
    except InvalidOperation:
        return _UNREADABLE
    if score is not None and not isfinite(float(score)):
        return _UNREADABLE
    marks = "".join(mark for mark in MARKS if mark in given)
    status = LETTERS[letter] if letter in LETTERS else Status(letter[2:-1])
    return MatrixCell(status, int(percentage) if percentage else None, score, marks)


def split_cells(cells: str) -> list[str]:
    """A student's cells, one a module."""
    return cells.split(";")


def join_cells(cells: Iterable[str]) -> str:
    """The same back."""
    return ";".join(cells)


def letters(cells: Iterable[str]) -> list[str]:
    """How each cell begins; hundreds of thousands are counted by it, without being read."""
    return [cell[:1] for cell in cells]
