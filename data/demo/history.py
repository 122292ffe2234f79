"""The rows and their history as PostgreSQL takes them: what the history trigger would have written."""

import json
from collections.abc import Iterable
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from data.demo.clock import Clock
from data.demo.work import State, WorkRow

# One encoder for all: json.dumps makes a new one each time.
as_json = json.JSONEncoder(ensure_ascii=False).encode


class Entry(NamedTuple):
    """A row of dashboard.history."""

    at: str
    student_id: str
    module_id: str
    operation: str
    source: str
    author_id: str | None
    batch_id: UUID | None
    before: str | None
    after: str | None


def entries(rows: Iterable[WorkRow], clock: Clock) -> list[Entry]:
    """Everything that happened to these rows, oldest first."""
    found = [entry for row in rows for entry in _entries(row, clock)]
    # A stable sort: what happened to one row in one second stays in order.
    found.sort(key=itemgetter(0))
    return found


def _entries(row: WorkRow, clock: Clock) -> Iterable[Entry]:
    previous: State | None = None
    for event in row.events:
        if previous is None:
            operation, before, after = "insert", None, _whole(event.state)
        else:
            changed = _changed_columns(previous, event.state)
            if not changed:
                continue
            operation = "update"
            before = _side(changed, previous, event.state)
            after = _side(changed, event.state, previous)
        yield Entry(
            clock.at(event.age),
            row.student,
            row.module.id,
            operation,
            event.source,
            event.author,
            event.batch,
            before,
            after,
        )
        previous = event.state


def _whole(state: State) -> str:
    return _object(zip(State._fields, state, strict=True))


def _changed_columns(before: State, after: State) -> list[str]:
    pairs = zip(State._fields, before, after, strict=True)
    return [name for name, old, new in pairs if old != new]


def _side(names: list[str], side: State, other: State) -> str:
    """One side of a change: changed columns, and of two detail objects only the changed keys."""
    columns = {name: getattr(side, name) for name in names}
    mine, theirs = columns.get("progress_details"), other.progress_details
    if isinstance(mine, dict) and isinstance(theirs, dict):
        columns["progress_details"] = {
            key: value for key, value in mine.items() if key not in theirs or theirs[key] != value
        }
    return _object(columns.items())


def _object(columns: Iterable[tuple[str, Any]]) -> str:
    pairs = [
        f'"{name}": {as_json(value) if name == "progress_details" else _plain(value)}'
        for name, value in columns
    ]
    return "{" + ", ".join(pairs) + "}"


def _plain(value: str | int | Decimal | None) -> str:
    """A column's value in JSON. By hand for the score: a float would lose 66.6666666666666667."""
    if value is None:
        return "null"
    return f'"{value}"' if isinstance(value, str) else str(value)
