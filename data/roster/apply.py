"""Changes written, each only where its row still is as it was seen: a statement a kind, however many rows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Delete,
    Insert,
    Table,
    TableValuedAlias,
    Update,
    and_,
    column,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from data.roster.changes import ORDER, RosterChange, as_json

FIRST: Final = ("delete", "update", "insert")
"""What goes makes room for what comes."""

SEEN: Final = "seen_"
"""Before the name of a column: its value as whoever changes it saw it."""


def apply(connection: Connection, changes: Sequence[RosterChange]) -> list[RosterChange]:
    """Write them; those that were not written, since their row is another by now, gone, or there already."""
    groups: defaultdict[tuple[str, str, tuple[str, ...]], list[RosterChange]] = defaultdict(list)
    for change in changes:
        groups[change.operation, change.relation, change.columns].append(change)
    return [
        overtaken
        for group in sorted(groups, key=_place)
        for overtaken in _overtaken(connection, groups[group])
    ]


def current(connection: Connection, change: RosterChange) -> Mapping[str, Any] | None:
    """The row as it is now; None where there is none to be seen."""
    found = connection.execute(
        select(change.table).where(
            *(column == change.key[column.name] for column in change.table.primary_key)
        )
    ).one_or_none()
    return None if found is None else dict(found._mapping)


def _place(group: tuple[str, str, tuple[str, ...]]) -> tuple[int, int]:
    operation, relation, _ = group
    place = ORDER.index(relation)
    return FIRST.index(operation), -place if operation == "delete" else place


def _overtaken(connection: Connection, group: Sequence[RosterChange]) -> Iterator[RosterChange]:
    statement = _statement(group)
    written = {tuple(map(str, row)) for row in connection.execute(statement)}
    for change in group:
        if change.id[1] not in written:
            yield change


def _statement(group: Sequence[RosterChange]) -> Insert | Update | Delete:
    first = group[0]
    table, keys = first.table, list(first.table.primary_key)
    rows = _rows(table, group)
    here = and_(*(key == rows.c[key.name] for key in keys))
    if first.operation == "insert":
        names = [*(key.name for key in keys), *first.columns]
        names = list(dict.fromkeys(names))
        wanted = insert(table).from_select(names, select(*(rows.c[name] for name in names)))
        return wanted.on_conflict_do_nothing(index_elements=keys).returning(*keys)
    as_seen = (table.c[name].is_not_distinct_from(rows.c[SEEN + name]) for name in first.columns)
    if first.operation == "delete":
        return delete(table).where(here, *as_seen).returning(*keys)
    return (
        update(table)
        .values({name: rows.c[name] for name in first.columns})
        .where(here, *as_seen)
        .returning(*keys)
    )


def _rows(table: Table, group: Sequence[RosterChange]) -> TableValuedAlias:
    """The changes as rows that a statement can join: keys, values, and values as seen."""
    said = [_said(change) for change in group]
    names = dict.fromkeys(name for row in said for name in row)
    typed = [column(name, _of(table, name).type) for name in names]
    rows = func.jsonb_to_recordset(literal(said, JSONB)).table_valued(*typed, name="given")
    return rows.render_derived(with_types=True)


def _of(table: Table, name: str) -> Column[Any]:
    return table.c[name.removeprefix(SEEN)]


def _said(change: RosterChange) -> dict[str, Any]:
    seen = {SEEN + name: value for name, value in (change.before or {}).items()}
    return {
        name: as_json(value)
        for name, value in {**change.key, **(change.after or {}), **seen}.items()
    }
