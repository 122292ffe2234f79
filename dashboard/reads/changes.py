"""What the history and its saves show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from dashboard.reads.asking import ask
from data import queries

SAVES_A_PAGE: Final = 50

MOST_ROWS: Final = 100_000
"""Of a batch, and in a file of the history."""


def first_day() -> datetime | None:
    """The earliest moment the history can answer for."""
    return ask(queries.first_day)


def history(
    asked: queries.HistoryFilter, before_id: int | None = None, limit: int = 100
) -> queries.HistoryPage:
    """A page of what happened, newest first."""
    return ask(queries.history, asked, before_id, limit)


def history_count(asked: queries.HistoryFilter, most: int) -> int:
    """How many entries there are, counted up to `most`."""
    return ask(queries.history_count, asked, most)


def history_people() -> Mapping[UUID, str]:
    """Staff who changed something that I may see."""
    return ask(queries.history_people)


def history_modules(class_id: UUID | None) -> Mapping[UUID, str]:
    """Modules of a class of mine, or of all."""
    return ask(queries.history_modules, class_id)


def history_of_cell(student_id: UUID, module_id: UUID) -> Sequence[queries.CellValue]:
    """Every value that a cell ever had."""
    return ask(queries.history_of_cell, student_id, module_id)


def batches(
    asked: queries.HistoryFilter, before: queries.Batch | None = None
) -> Sequence[queries.Batch]:
    """A page of what was saved together, newest first."""
    return ask(queries.batches, before, SAVES_A_PAGE, asked)


def batch(batch_id: UUID) -> queries.Batch | None:
    """What was saved together, as a whole; None where it is not there, or not mine to see."""
    return ask(queries.batch, batch_id)


def batch_changes(batch_id: UUID) -> Sequence[queries.Change]:
    """The rows that were saved together."""
    return ask(queries.batch_changes, batch_id, MOST_ROWS)
