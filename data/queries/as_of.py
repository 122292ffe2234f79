"""A class as it stood on a day in the past."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from data.filters import Chosen
from data.queries.history_options import history_span
from data.queries.matrix import Matrix, matrix_of


def matrix_as_of(connection: Connection, chosen: Chosen, day_end: datetime) -> Matrix:
    """The class page's table as it stood at that moment (with a zone): today's, less all that changed since.

    Every filter works, on the values as they were. Details are put back key by key, so that "stuck" and a
    score from the details are those of the day. Who is in the class, what it learns and the pass marks are
    today's; a moment before `first_day()` shows what the history can tell, which is less than there was.
    """
    return matrix_of(
        connection,
        chosen,
        "dashboard.class_cells_as_of(:class, cast(:moment as timestamptz))",
        {"moment": day_end},
    )


def first_day(connection: Connection) -> datetime | None:
    """The earliest moment the history can answer for; None where nothing was recorded yet."""
    span = history_span(connection)
    return span[0] if span else None
