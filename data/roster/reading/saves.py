"""What was changed of the roster together: by whom, when, and whether it was undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from data.roster.changes import RosterChange
from data.roster.undo import recorded


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
    return tuple(recorded(dict(row._mapping)) for row in rows)


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
