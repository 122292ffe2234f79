"""What the history and its saves show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from dashboard.reads.ask import ask
from data.reading.classes import as_of
from data.reading.history import cell, changes, options, saves
from data.reading.history.cell import CellValue
from data.reading.history.changes import Change, HistoryFilter, HistoryPage
from data.reading.history.saves import Batch

SAVES_A_PAGE: Final = 50

MOST_ROWS: Final = 100_000
"""Of a batch, and in a file of the history."""


def first_day() -> datetime | None:
    """The earliest moment the history can answer for."""
    return ask(as_of.first_day)


def history(asked: HistoryFilter, before_id: int | None = None, limit: int = 100) -> HistoryPage:
    """A page of what happened, newest first."""
    return ask(changes.history, asked, before_id, limit)


def history_count(asked: HistoryFilter, most: int) -> int:
    """How many entries there are, counted up to `most`."""
    return ask(changes.history_count, asked, most)


def history_people() -> Mapping[UUID, str]:
    """Staff who changed something that I may see."""
    return ask(options.history_people)


def history_modules(class_id: UUID | None) -> Mapping[UUID, str]:
    """Modules of a class of mine, or of all."""
    return ask(options.history_modules, class_id)


def history_of_cell(student_id: UUID, module_id: UUID) -> Sequence[CellValue]:
    """Every value that a cell ever had."""
    return ask(cell.history_of_cell, student_id, module_id)


def batches(asked: HistoryFilter, before: Batch | None = None) -> Sequence[Batch]:
    """A page of what was saved together, newest first."""
    return ask(saves.batches, before, SAVES_A_PAGE, asked)


def batch(batch_id: UUID) -> Batch | None:
    """What was saved together, as a whole; None where it is not there, or not mine to see."""
    return ask(saves.batch, batch_id)


def batch_changes(batch_id: UUID) -> Sequence[Change]:
    """The rows that were saved together."""
    return ask(saves.batch_changes, batch_id, MOST_ROWS)
