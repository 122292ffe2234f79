"""A class as it stood on a day in the past."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from data.reading.classes.matrix import Matrix, matrix_of
from data.reading.filters import Chosen
from data.reading.history.options import history_cut, history_span

ROWS: Final = """(
    select
        cell.student_id,
        min(cell.full_name) as full_name,
        string_agg(
            dashboard.cell_with_marks(
                cell.cell,
                false,
                dashboard.is_failed(cell.shown_score, wanted.pass_mark),
                cell.attempts >= cast(:stuck_after as integer)
            ),
            ';' order by wanted.place
        ) as cells,
        count(*) filter (where cell.status = 'Completed')::integer as completed,
        count(*) filter (where cell.status = 'InProgress')::integer as in_progress,
        count(*) filter (where dashboard.is_other(cell.status))::integer as other,
        max(cell.last_activity) as last_activity,
        case when max(cell.last_activity) is null then max(cell.last_change) end as last_change,
        case when max(cell.last_activity) is null then max(cell.unexplained_change) end as unexplained_change,
        null::jsonb as flags,
        array_agg(cell.status) as statuses,
        array_agg(cell.shown_score) as shown_scores
    from dashboard.class_cells_as_of(:class, cast(:moment as timestamptz)) as cell
    join unnest(cast(:modules as uuid[]), cast(:pass_marks as numeric[]))
        with ordinality as wanted (id, pass_mark, place) on wanted.id = cell.module_id
    group by cell.student_id
)"""
"""The columns of a class's rows, as they stood. Whom the rules flagged then, nothing tells."""


def matrix_as_of(
    connection: Connection, chosen: Chosen, day_end: datetime, stuck_after: int | None
) -> Matrix:
    """The class page's table as it stood at that moment (with a zone): today's, less all that changed since.

    Every filter but the one for attention works, on the values as they were. Details are put back key by key,
    so that a score from the details and how often a quiz was tried are those of the day. Who is in the class,
    what it learns, the pass marks and after how many attempts somebody is stuck (`stuck_after`) are today's; a
    moment before `first_day()` shows what the history can tell, which is less than there was.
    """
    return matrix_of(connection, chosen, ROWS, {"moment": day_end, "stuck_after": stuck_after})


def first_day(connection: Connection) -> datetime | None:
    """The earliest moment the history can answer for; None where nothing was recorded yet. Of students of
    several organisations, the earliest that it can answer for of all of them."""
    cut = history_cut(connection)
    span = history_span(connection) if cut is None else None
    return span[0] if span else cut
