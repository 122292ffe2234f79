"""What was changed of the roster together: by whom, when, and whether it was undone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Date, DateTime, Table, Uuid, text

from data.roster.changes import RosterChange, Values
from data.roster.tables import SCHOOL


@dataclass(frozen=True)
class RosterSave:
    """Changes of the roster that were saved together: `rows` of them that I see."""

    id: UUID
    at: datetime
    author: str | None
    source: str
    reason: str | None
    rows: int
    is_undone: bool


def roster_saves(connection: Connection) -> list[RosterSave]:
    """The newest first, the last fifty of them."""
    rows = connection.execute(
        text("""
            select
                batch.id,
                batch.at,
                staff.full_name as author,
                batch.source,
                batch.reason,
                (
                    select count(*)
                    from dashboard.roster_change
                    where roster_change.batch_id = batch.id
                ) as rows,
                exists (
                    select from dashboard.roster_batch as undo where undo.undoes = batch.id
                ) as is_undone
            from dashboard.roster_batch as batch
            left join roster.staff on staff.id = batch.author_id
            order by batch.at desc, batch.id
            limit 50
        """)
    )
    return [RosterSave(**row._mapping) for row in rows]


def last_roster_change(connection: Connection) -> datetime | None:
    """When people or classes of an organisation that I manage were last changed; None where they never were."""
    # The newest of each by the index of organisations: asked for one with "=", the planner goes through all
    # changes, the newest first, until it meets one of theirs.
    changed: datetime | None = connection.execute(
        text("""
            select max(newest.at)
            from unnest(array(select internal.my_managed_organisations())) as mine (id)
            cross join lateral (
                select roster_change.at
                from dashboard.roster_change
                where roster_change.organisation_id between mine.id and mine.id
                order by roster_change.organisation_id desc, roster_change.id desc
                limit 1
            ) as newest
        """)
    ).scalar_one()
    return changed


def roster_save(connection: Connection, batch_id: UUID) -> tuple[RosterChange, ...]:
    """The changes of one save, in the order in which they were written; none of one that I do not see."""
    rows = connection.execute(
        text("""
            select relation, key, before, after
            from dashboard.roster_change
            where batch_id = :batch_id
            order by id
        """),
        {"batch_id": batch_id},
    )
    return tuple(_recorded(dict(row._mapping)) for row in rows)


def _recorded(row: Mapping[str, Any]) -> RosterChange:
    """A line of the history as the change it was."""
    table = SCHOOL[row["relation"]]
    before, after = (_typed(table, row[side]) for side in ("before", "after"))
    return RosterChange(row["relation"], _typed(table, row["key"]) or {}, before, after)


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


def roster_names(connection: Connection, ids: Collection[UUID]) -> dict[UUID, str]:
    """What people, classes, modules and organisations of these ids are called, as far as I see them."""
    rows = connection.execute(
        text("""
            select id, full_name
            from roster.student
            where id = any (:ids)
            union
            select id, full_name
            from roster.staff
            where id = any (:ids)
            union
            select id, concat_ws(', ', name, school_year)
            from roster.class
            where id = any (:ids)
            union
            select id, name
            from roster.module
            where id = any (:ids)
            union
            select id, name
            from roster.organisation
            where id = any (:ids)
        """),
        {"ids": list(ids)},
    )
    return {row.id: row.full_name for row in rows}
