"""The values that one cell ever had."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.history.recorded_values import Side, read_side, values_of
from data.rules.progress import Field, Values

CellSide = Literal["before", "after"]


@dataclass(frozen=True)
class CellState:
    """A cell around one change: all four values before it and after it, as they were recorded."""

    change_id: int
    at: datetime
    source: str
    author: str | None
    reason: str | None
    is_new: bool
    before: Side
    after: Side


@dataclass(frozen=True)
class CellValue:
    """All four values of a cell from a moment on, and who made them so; `unreadable` ones are None.

    `change_id` and `side` name it for `restore_edit()`. The oldest may be what stood before anybody was
    recorded: its side is "before", `at` is when it ended, and nobody is known to have made it.
    """

    change_id: int
    side: CellSide
    at: datetime
    source: str
    author: str | None
    reason: str | None
    values: Values
    unreadable: frozenset[Field]


def history_of_cell(connection: Connection, student_id: UUID, module_id: UUID) -> list[CellValue]:
    """Every value the cell ever had, newest first; what only touched the details made no new one."""
    states = list(cell_states(connection, student_id, module_id))
    found = [
        _value(state, "after") for state in states if state.is_new or state.before != state.after
    ]
    if states and not states[-1].is_new:
        found.append(_value(states[-1], "before"))
    return found


def _value(state: CellState, side: CellSide) -> CellValue:
    values, unreadable = values_of(state.after if side == "after" else state.before)
    return CellValue(
        state.change_id,
        side,
        state.at,
        state.source,
        state.author if side == "after" else None,
        state.reason if side == "after" else None,
        values,
        unreadable,
    )


def cell_states(connection: Connection, student_id: UUID, module_id: UUID) -> Iterator[CellState]:
    """The cell around each of its changes, newest first: walked back from how it stands today."""
    key = {"student_id": student_id, "module_id": module_id}
    stands = read_side(connection.execute(_TODAY, key).scalar_one_or_none())
    for change in connection.execute(_CHANGES, key).all():
        before = read_side(change.before)
        if change.operation == "update":
            before = stands | before
        yield CellState(
            change.id,
            change.at,
            change.source,
            change.author_name,
            change.reason,
            change.operation == "insert",
            before,
            stands,
        )
        stands = before


_TODAY = text("""
    select jsonb_build_object(
        'status', status,
        'progress_percentage', progress_percentage,
        'score', score,
        'completed_at', completed_at
    )::text
    from dashboard.progress
    where student_id = :student_id and module_id = :module_id
""")

_CHANGES = text("""
    select
        id,
        at,
        operation,
        source,
        author_name,
        reason,
        (before - 'progress_details')::text as before
    from dashboard.change
    where student_id = :student_id
        and module_id = :module_id
        and (
            operation <> 'update'
            or before ?| array['status', 'progress_percentage', 'score', 'completed_at']
        )
    order by id desc
""")
