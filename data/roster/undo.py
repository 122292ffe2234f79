"""What puts a batch of the roster back: the changes the other way round, as it left the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Date, DateTime, Table, Uuid, text

from data.roster.changes import RosterChange, Values
from data.roster.tables import SCHOOL


def undo_changes(connection: Connection, batch_id: UUID) -> tuple[RosterChange, ...]:
    """To be previewed, then `save(..., source="undo", undoes=batch_id)`, which tells what was changed since.

    Of rows that I do not see there is none.
    """
    rows = connection.execute(
        text("""
            select relation, key, before, after
            from dashboard.roster_change
            where batch_id = :batch_id
            order by id
        """),
        {"batch_id": batch_id},
    ).all()
    found = as_one([recorded(dict(row._mapping)) for row in rows])
    # The last first: what was taken from one to be another's goes back the same way.
    return tuple(one.inverse for one in reversed(found))


def recorded(row: Mapping[str, Any]) -> RosterChange:
    """A line of the history as the change it was."""
    table = SCHOOL[row["relation"]]
    before, after = (_typed(table, row[side]) for side in ("before", "after"))
    return RosterChange(row["relation"], _typed(table, row["key"]) or {}, before, after)


def as_one(changes: Sequence[RosterChange]) -> list[RosterChange]:
    """What each row came to, in the end: a row that was added and changed was added so."""
    found: dict[tuple[str, tuple[str, ...]], RosterChange] = {}
    for change in changes:
        earlier = found.pop(change.id, None)
        combined = change if earlier is None else _then(earlier, change)
        if combined.before != combined.after:
            found[change.id] = combined
    return list(found.values())


def _then(first: RosterChange, second: RosterChange) -> RosterChange:
    before = None if first.before is None else {**(second.before or {}), **first.before}
    after = None if second.after is None else {**(first.after or {}), **second.after}
    if before is None or after is None:
        return RosterChange(first.relation, first.key, before, after)
    moved = [name for name in before if before[name] != after.get(name, before[name])]
    return RosterChange(
        first.relation,
        first.key,
        {name: before[name] for name in moved},
        {name: after[name] for name in moved},
    )


def _typed(table: Table, values: Mapping[str, Any] | None) -> Values | None:
    if values is None:
        return None
    return {name: _value(table, name, value) for name, value in values.items() if name in table.c}


def _value(table: Table, name: str, value: Any) -> Any:
    kind = table.c[name].type
    if value is None or not isinstance(kind, Uuid | Date | DateTime):
        return value
    if isinstance(kind, Uuid):
        return UUID(value)
    return (
        datetime.fromisoformat(value) if isinstance(kind, DateTime) else date.fromisoformat(value)
    )
