"""What was saved together, and whether it was undone."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.reading.history.changes import ANY_STAFF, Change, HistoryFilter, history

ALL: Final = HistoryFilter()


@dataclass(frozen=True)
class SavedBatch:
    """A batch, as far as it concerns students I may see.

    `rows` it changed, of which I may change `editable`; `undone` of them have been put back since (an undo
    that was itself undone does not count). `undoes` is the batch that this one puts back.
    """

    id: UUID
    at: datetime
    author_id: UUID
    author: str | None
    source: str
    reason: str | None
    undoes: UUID | None
    rows: int
    editable: int
    undone: int

    @property
    def is_undone(self) -> bool:
        """Is nothing left of it to undo?"""
        return self.undone >= self.rows


def batches(
    connection: Connection,
    before: SavedBatch | None = None,
    limit: int = 50,
    asked: HistoryFilter = ALL,
) -> list[SavedBatch]:
    """Batches that changed my students' progress, newest first; those after `before` on the next page.

    Asked for by somebody, a source or days they are the batch's own; by a student, a module or a class, one
    of its rows fits.
    """
    bound = {one.name: getattr(asked, one.name) for one in fields(asked)}
    if asked.source == ANY_STAFF:
        bound["source"] = None  # all of them
    found = connection.execute(
        _PAGE, bound | {"at": before and before.at, "id": before and before.id, "limit": limit}
    ).all()
    return _batches(connection, found)


def batch(connection: Connection, batch_id: UUID) -> SavedBatch | None:
    """One batch; None where there is none that changed a student I may see."""
    return next(iter(batches(connection, limit=1, asked=HistoryFilter(batch_id=batch_id))), None)


def batch_changes(connection: Connection, batch_id: UUID, limit: int = 10_000) -> list[Change]:
    """What a batch changed, newest first."""
    return list(history(connection, HistoryFilter(batch_id=batch_id), limit=limit).changes)


_PAGE = text("""
    select id, at, author_id, source, reason, undoes
    from dashboard.batch
    where (cast(:at as timestamptz) is null or (at, id) < (:at, cast(:id as uuid)))
        and (cast(:batch_id as uuid) is null or id = :batch_id)
        and (cast(:author_id as uuid) is null or author_id = :author_id)
        and (cast(:source as text) is null or source = :source)
        and (cast(:since as timestamptz) is null or at >= :since)
        and (cast(:until as timestamptz) is null or at < :until)
        and exists (
            select
            from dashboard.history
            where history.batch_id = batch.id
                and (cast(:student_id as uuid) is null or history.student_id = :student_id)
                and (cast(:module_id as uuid) is null or history.module_id = :module_id)
                and (
                    cast(:class_id as uuid) is null
                    or (
                        history.student_id in (
                            select student_id from roster.class_student where class_id = :class_id
                        )
                        and history.module_id in (
                            select module_id from roster.class_module where class_id = :class_id
                        )
                    )
                )
            offset 0
        )
    order by at desc, id desc
    limit :limit
""")

_UNDOS = text("""
    with recursive undo as (
        select id, undoes, at
        from dashboard.batch
        where undoes = any(cast(:ids as uuid[]))
        union
        select batch.id, batch.undoes, batch.at
        from undo
        join dashboard.batch on batch.undoes = undo.id
    )
    select id, undoes
    from undo
    order by at desc, id desc
""")

_COUNTS = text("""
    select
        batch_id,
        min(author_name) as author,
        count(*) as rows,
        count(*) filter (where student_id in (select id from roster.editable)) as editable
    from dashboard.change
    where batch_id = any(cast(:ids as uuid[]))
    group by batch_id
""")


def _batches(connection: Connection, found: Sequence[Row[Any]]) -> list[SavedBatch]:
    ids = [row.id for row in found]
    undos = connection.execute(_UNDOS, {"ids": ids}).all()
    asked = {*ids, *(undo.id for undo in undos)}
    counts = {row.batch_id: row for row in connection.execute(_COUNTS, {"ids": list(asked)})}
    undone = _undone({key: row.rows for key, row in counts.items()}, undos)
    return [
        SavedBatch(
            row.id,
            row.at,
            row.author_id,
            counts[row.id].author,
            row.source,
            row.reason,
            row.undoes,
            counts[row.id].rows,
            counts[row.id].editable,
            undone.get(row.id, 0),
        )
        for row in found
    ]


def _undone(rows: dict[UUID, int], undos: Sequence[Row[Any]]) -> dict[UUID, int]:
    """How many rows of each batch are undone. Newest first: an undo is known before what it undoes."""
    undone: dict[UUID, int] = {}
    for undo in undos:
        standing = rows.get(undo.id, 0) - undone.get(undo.id, 0)
        if standing > 0:
            most = rows.get(undo.undoes, 0)
            undone[undo.undoes] = min(most, undone.get(undo.undoes, 0) + standing)
    return undone
