"""Putting back what stood before: a whole batch, some of its rows, or one cell."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from data import progress_rows as rows
from data.progress import EMPTY_ROW, Edit, Field, Problem, Values, differs
from data.progress_rows import Key
from data.queries.cells import CellSide, cell_states
from data.recorded import Side, read_side, values_of


@dataclass(frozen=True)
class Impossible:
    """A row that cannot be put back, and why, in a sentence."""

    student_id: UUID
    module_id: UUID
    message: str


@dataclass(frozen=True)
class Undoing:
    """What undoing a batch takes: to be previewed, then `save(..., source="undo", undoes=batch_id)`.

    `standing` are rows that stand as before already; `impossible` those whose earlier value cannot be read.
    """

    batch_id: UUID
    edits: tuple[Edit, ...] = ()
    standing: tuple[Key, ...] = ()
    impossible: tuple[Impossible, ...] = ()


@dataclass
class _Trace:
    """What a batch did to a row: what stood there first, what it left."""

    before: Side = field(default_factory=dict)
    after: Side = field(default_factory=dict)

    def add(self, before: Side, after: Side) -> None:
        self.before = before | self.before
        self.after |= after

    def touched(self) -> list[str]:
        return [name for name in self.before if self.before[name] != self.after.get(name)]


def undo_edits(
    connection: Connection, batch_id: UUID, only: Collection[Key] | None = None
) -> Undoing:
    """The edits that put back every field the batch changed; of `only` these rows where given.

    Each was "seen" as the batch left it, so that save() reports what somebody changed since, field by field.
    Rows are never deleted: one that the batch made goes back to not started, without figures. Rows of
    students I do not see are not among them.
    """
    traces = _traces(connection, batch_id, None if only is None else set(only))
    keys = [Edit(*key, {}, {}) for key in traces]
    current = rows.look(connection, keys) if keys else {}
    edits, standing, impossible = [], [], []
    for key, trace in traces.items():
        found = _edit(key, trace, current.get(key, EMPTY_ROW))
        if isinstance(found, Impossible):
            impossible.append(found)
        elif any(
            differs(value, current.get(key, EMPTY_ROW)[n]) for n, value in found.changes.items()
        ):
            edits.append(found)
        else:
            standing.append(key)
    return Undoing(batch_id, tuple(edits), tuple(standing), tuple(impossible))


def _traces(connection: Connection, batch_id: UUID, only: set[Key] | None) -> dict[Key, _Trace]:
    changes = connection.execute(
        text("""
            select
                student_id,
                module_id,
                (before - 'progress_details')::text as before,
                (after - 'progress_details')::text as after
            from dashboard.change
            where batch_id = :batch_id
            order by id
        """),
        {"batch_id": batch_id},
    ).all()
    traces: dict[Key, _Trace] = {}
    for change in changes:
        key = (change.student_id, change.module_id)
        if only is None or key in only:
            trace = traces.setdefault(key, _Trace())
            trace.add(read_side(change.before), read_side(change.after))
    return traces


def _edit(key: Key, trace: _Trace, current: Values) -> Edit | Impossible:
    touched = trace.touched()
    changes, unreadable = values_of({name: trace.before[name] for name in touched})
    if unreadable:
        return Impossible(*key, _sentence(unreadable))
    left, _ = values_of({name: trace.after.get(name) for name in touched})
    return Edit(*key, changes, {**current, **left})


def _sentence(unreadable: Iterable[Field]) -> str:
    names = " and ".join(sorted(name.label.lower() for name in unreadable))
    return f"What stood before under “{names}” cannot be read, so it cannot be put back."


def restore_edit(
    connection: Connection, student_id: UUID, module_id: UUID, change_id: int, side: CellSide
) -> Edit | Problem:
    """The edit that puts a cell back to what it was just before or after a change of its history.

    For `save(..., source="restore")`. All four values come back; details are the platform's and stay.
    """
    for state in cell_states(connection, student_id, module_id):
        if state.change_id == change_id:
            break
    else:
        return Problem(None, "unknown", "This entry of the history is not there. Open it again.")
    wanted, unreadable = values_of(state.before if side == "before" else state.after)
    if unreadable:
        return Problem(None, "unreadable", _sentence(unreadable))
    edit = Edit(student_id, module_id, wanted, {})
    current = rows.look(connection, [edit]).get((student_id, module_id), EMPTY_ROW)
    changes: dict[Field, Any] = {
        name: value for name, value in wanted.items() if differs(value, current[name])
    }
    return replace(edit, changes=changes, seen=current)
