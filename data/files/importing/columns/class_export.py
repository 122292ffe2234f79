"""The export of a class page as it comes back: a row per student, a status and a figure per module."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from data.files.exporting.rows import DONE, MARKS, NOT_HERE, UNREADABLE
from data.files.importing.columns.mapping import Columns, ModuleColumn
from data.files.importing.folding import fold
from data.files.importing.meanings import STUDENT_NAMED_BY, Meaning
from data.files.importing.roster import KnownModule, Roster
from data.files.importing.sheet import Cell, Row
from data.rules.details import is_scored
from data.rules.progress import HIGHEST

_FIGURES: Final = {"%": Meaning.PERCENTAGE, "score": Meaning.SCORE}
_NOTHING: Final = re.compile(rf"{NOT_HERE}|{UNREADABLE}|\d+{re.escape(DONE)}")
_TOTALS: Final = re.compile(r"Total, \d+ students?")
_WORDS: Final = frozenset(MARKS.values())
_READ: Final = (
    "This is the export of a class page: its marks, such as “failed”, and its totals are left out. It holds no "
    "completed dates."
)


def is_class_export(headings: Sequence[str]) -> bool:
    """Has it columns "Fractions: status" and "Fractions: %"?"""
    return fold(headings[0]) == "student" and any(_pairs(headings))


def plain_rows(headings: Sequence[str], rows: Sequence[Row]) -> tuple[Row, ...]:
    """Its rows without marks, without figures that are none, and without the totals."""
    places = {place for at, *_ in _pairs(headings) for place in (at, at + 1)}
    return tuple(
        replace(row, cells=tuple(_plain(cell) if at in places else cell for at, cell in enumerate(row.cells)))
        for row in rows
        if not _TOTALS.fullmatch(str(row.at(0)))
    )  # fmt: skip


def class_columns(columns: Columns, roster: Roster) -> Columns:
    """What its columns mean: figures are out of 100, and scores those that the page shows."""
    modules: dict[int, ModuleColumn] = {}
    for at, name, figure in _pairs(columns.headings):
        module = _module(name, figure is Meaning.SCORE, roster)
        modules[at] = ModuleColumn(module, Meaning.STATUS)
        modules[at + 1] = ModuleColumn(module, figure, Decimal(HIGHEST))
    return replace(
        columns,
        guesses=tuple(one if one in STUDENT_NAMED_BY else None for one in columns.guesses),
        modules=modules,
        are_shown_scores=True,
        notices=(_READ,),
    )


def _pairs(headings: Sequence[str]) -> Iterator[tuple[int, str, Meaning]]:
    """The place of each module's status, the module's name, and what the figure beside it is."""
    for at, (one, other) in enumerate(pairwise(headings)):
        name, _, kind = other.rpartition(": ")
        if one == f"{name}: status" and kind in _FIGURES:
            yield at, name, _FIGURES[kind]


def _module(name: str, scored: bool, roster: Roster) -> KnownModule | None:
    """The module of this name; of several the one whose figure is such."""
    named = roster.modules_named(name)
    if len(named) > 1:
        named = [one for one in named if is_scored(one.type) is scored]
    return named[0] if len(named) == 1 else None


def _plain(cell: Cell) -> Cell:
    if not isinstance(cell, str):
        return cell
    word, *marks = cell.split(", ")
    if marks and _WORDS.issuperset(marks):
        return word
    return None if _NOTHING.fullmatch(cell) else cell
