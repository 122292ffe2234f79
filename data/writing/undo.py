"""Putting back what stood before: a whole batch, some of its rows, or one cell."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.history.cell import CellSide, cell_states
from data.reading.history.recorded_values import READ, value_of, values_of
from data.rules.progress import EMPTY_ROW, Edit, Field, Key, Problem, Status, Value, Values, differs
from data.writing import rows


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


_LOST: Final = "The platform no longer knows the earlier status, so it cannot be restored."

Texts = tuple[str | None, ...]
"""The fields of a side of a change, in the order of READ, each as its JSON's text."""

Trace = tuple[Texts, Texts]
"""What a batch did to a row: what stood there first, and what it left; the same where it changed nothing."""


def undo_edits(
    connection: Connection, batch_id: UUID, only: Collection[Key] | None = None
) -> Undoing:
    """The edits that put back every field the batch changed; of `only` these rows where given.

    Each was "seen" as the batch left it, so that save() reports what somebody changed since, field by field.
    Rows are never deleted: one that the batch made goes back to not started, without figures. Rows of
    students I do not see are not among them.
    """
    traces = _traces(connection, batch_id, None if only is None else set(only))
    stored = rows.look(connection, [Edit(*key, {}, {}) for key in traces])
    edits, standing, impossible = [], [], []
    lost = _words_lost(connection, (was[0] for was, _ in traces.values()))
    for (key, trace), values in zip(traces.items(), stored, strict=True):
        current = values or EMPTY_ROW
        found = _edit(key, trace, current)
        if isinstance(found, Edit) and found.changes.get(Field.STATUS) in lost:
            found = Impossible(*key, _LOST)
        if isinstance(found, Impossible):
            impossible.append(found)
        elif any(differs(value, current[name]) for name, value in found.changes.items()):
            edits.append(found)
        else:
            standing.append(key)
    return Undoing(batch_id, tuple(edits), tuple(standing), tuple(impossible))


def _traces(connection: Connection, batch_id: UUID, only: set[Key] | None) -> dict[Key, Trace]:
    changes = connection.execute(
        text("""
            select
                student_id,
                module_id,
                case when before is null then 'NotStarted' else before ->> 'status' end,
                before ->> 'progress_percentage',
                before ->> 'score',
                before ->> 'completed_at',
                case when after is null then 'NotStarted' else after ->> 'status' end,
                after ->> 'progress_percentage',
                after ->> 'score',
                after ->> 'completed_at'
            from dashboard.change
            where batch_id = :batch_id
            order by id
        """),
        {"batch_id": batch_id},
    ).all()
    traces: dict[Key, Trace] = {}
    for student, module, *sides in changes:
        key = student, module
        if only is None or key in only:
            trace = tuple(sides[:4]), tuple(sides[4:])
            traces[key] = _then(traces[key], trace) if key in traces else trace
    return traces


def _then(first: Trace, second: Trace) -> Trace:
    """Both changes of a row as one."""
    sides = [
        (was, becomes)
        if then_was == then_becomes
        else (was if was != becomes else then_was, then_becomes)
        for was, becomes, then_was, then_becomes in zip(*first, *second, strict=True)
    ]
    before, after = zip(*sides, strict=True)
    return before, after


def _edit(key: Key, trace: Trace, current: Values) -> Edit | Impossible:
    changes: dict[Field, Value] = {}
    seen = dict(current)
    unreadable = []
    for name, was, becomes in zip(READ, *trace, strict=True):
        if was != becomes:
            try:
                changes[name] = value_of(name, was)
            except ValueError:
                unreadable.append(name)
            try:
                seen[name] = value_of(name, becomes)
            except ValueError:
                seen[name] = None
    return Impossible(*key, _sentence(unreadable)) if unreadable else Edit(*key, changes, seen)


def _words_lost(connection: Connection, words: Iterable[object]) -> set[object]:
    """Which of these statuses the table does not take any more: a platform may rename its own."""
    others = {word for word in words if word is not None} - set(Status)
    if not others:
        return set()
    taken = text("select cast(unnest(enum_range(null::public.progress_status)) as text)")
    return others - set(connection.scalars(taken))


def _sentence(unreadable: Iterable[Field]) -> str:
    names = " and ".join(sorted(name.label.lower() for name in unreadable))
    return f"The earlier value of “{names}” cannot be read, so it cannot be restored."


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
    if _words_lost(connection, [wanted.get(Field.STATUS)]):
        return Problem(Field.STATUS, "unreadable", _LOST)
    edit = Edit(student_id, module_id, wanted, {})
    current = rows.look(connection, [edit])[0] or EMPTY_ROW
    changes: dict[Field, Any] = {
        name: value for name, value in wanted.items() if differs(value, current[name])
    }
    return replace(edit, changes=changes, seen=current)
