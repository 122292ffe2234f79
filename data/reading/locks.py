"""What coordinators keep against the platform, and what was put back because of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.rules.progress import Field, Status, Value


@dataclass(frozen=True)
class Kept:
    """What stands, or stood, for one module of one student, and who saw to it.

    `values` are the kept fields with their values; an unreadable date is None. `followed_batch` is the batch
    whose correction the values came from where they changed while kept. It stands while `released_at` is
    None; `attempts` counts what was put back meanwhile.
    """

    id: int
    student_id: UUID
    module_id: UUID
    module_name: str | None
    values: Mapping[Field, Value]
    reason: str
    author: str | None
    at: datetime
    followed_batch: UUID | None
    released_at: datetime | None
    released_by: str | None
    release_reason: str | None
    attempts: int
    author_id: UUID
    released_by_id: UUID | None

    @property
    def stands(self) -> bool:
        """Is it kept still?"""
        return self.released_at is None


@dataclass(frozen=True)
class Attempt:
    """Something else that was written over a kept field, and put back.

    `field` is None where the whole row was removed (`attempted` says how); of a date `attempted` is the day,
    and None is empty. `source` is platform, student or staff. The same attempt again only counts up.
    """

    field: Field | None
    attempted: str | None
    source: str
    author: str | None
    last_at: datetime
    times: int


@dataclass(frozen=True)
class Keeping:
    """Something was kept, or released (`is_release`), by somebody, and why."""

    at: datetime
    kept: Kept
    is_release: bool
    author_id: UUID | None
    author: str | None
    reason: str | None


AT_ONCE: Final = timedelta(seconds=1)
"""A record that ends and the one that goes on for it are written in one transaction."""


def keepings(records: Iterable[Kept]) -> list[Keeping]:
    """What people kept and released, newest first. Where what is kept only changed (with a correction, or
    because more of the cell was kept), the old record's end is no release, and a correction's is no keeping."""
    told: list[Keeping] = []
    followers: dict[tuple[UUID, UUID], Kept] = {}
    for one in sorted(records, key=lambda record: record.id, reverse=True):
        follower = followers.get((one.student_id, one.module_id))
        followers[one.student_id, one.module_id] = one
        goes_on = (
            one.released_at is not None
            and one.release_reason is None
            and follower is not None
            and follower.at - one.released_at < AT_ONCE
        )
        if one.released_at is not None and not goes_on:
            who = one.released_by_id, one.released_by
            told.append(Keeping(one.released_at, one, True, *who, one.release_reason))
        if one.followed_batch is None:
            told.append(Keeping(one.at, one, False, one.author_id, one.author, one.reason))
    return sorted(told, key=lambda keeping: keeping.at, reverse=True)


def kept_with(
    connection: Connection, fields: Collection[Field], status: Status, module_type: str
) -> tuple[Field, ...]:
    """All that is kept where somebody keeps these fields: a Completed without its date would be no use."""
    together = connection.execute(
        text("""
            select internal.fields_kept_with(
                cast(:fields as text[]), cast(:status as public.progress_status), :type
            )
        """),
        {
            "fields": [name.value for name in fields],
            "status": status.value,
            "type": module_type,
        },
    ).scalar_one()
    return tuple(Field(name) for name in together or ())


def kept_of_student(connection: Connection, student_id: UUID) -> list[Kept]:
    """Everything that was ever kept for a student, newest first; `stands` tells what still is."""
    return _kept(connection, "where kept.student_id = :student", {"student": student_id})


def kept_among(
    connection: Connection, keys: Iterable[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Kept]:
    """What stands for these students and modules: for a preview to say that it will follow the edit."""
    keys = list(keys)
    found = _kept(
        connection,
        """
        where kept.released_at is null
            and (kept.student_id, kept.module_id) in (
                select *
                from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
            )
        """,
        {"students": [student for student, _ in keys], "modules": [module for _, module in keys]},
    )
    return {(one.student_id, one.module_id): one for one in found}


def kept_by_batch(connection: Connection, batch_id: UUID) -> list[Kept]:
    """What is kept at other values since this batch: for the outcome of `save()` to say so."""
    return _kept(connection, "where kept.batch_id = :batch", {"batch": batch_id})


def _kept(connection: Connection, condition: str, bound: dict[str, Any]) -> list[Kept]:
    rows = connection.execute(text(_RECORDS + condition + " order by kept.id desc"), bound)
    return [_as_kept(row) for row in rows]


_RECORDS: Final = """
select
    kept.id,
    kept.student_id,
    kept.module_id,
    module.name as module_name,
    kept.fields,
    held.status,
    held.progress_percentage,
    held.score,
    held.completed_at,
    kept.reason,
    author.full_name as author,
    kept.at,
    kept.batch_id,
    kept.released_at,
    releaser.full_name as released_by,
    kept.release_reason,
    kept.author_id,
    kept.released_by as released_by_id,
    (
        select coalesce(sum(kept_attempt.times), 0)
        from dashboard.kept_attempt
        where kept_attempt.kept_id = kept.id
    ) as attempts
from dashboard.kept
cross join lateral jsonb_to_record(kept.held) as held (
    status text, progress_percentage integer, score numeric, completed_at timestamptz
)
left join roster.module on module.id = kept.module_id
left join roster.staff as author on author.id = kept.author_id
left join roster.staff as releaser on releaser.id = kept.released_by
"""


def _as_kept(row: Row[Any]) -> Kept:
    values: dict[Field, Value] = {
        name: Status(row.status) if name is Field.STATUS else getattr(row, name)
        for name in Field
        if name in row.fields
    }
    return Kept(
        row.id, row.student_id, row.module_id, row.module_name, values, row.reason, row.author,
        row.at, row.batch_id, row.released_at, row.released_by, row.release_reason,
        int(row.attempts), row.author_id, row.released_by_id,
    )  # fmt: skip


def attempts(connection: Connection, student_id: UUID, module_id: UUID) -> list[Attempt]:
    """What was written over kept fields of this cell and put back, the latest first."""
    rows = connection.execute(
        text("""
            select
                attempt.field,
                attempt.attempted,
                attempt.source,
                coalesce(staff.full_name, student.full_name) as author,
                attempt.last_at,
                attempt.times
            from dashboard.kept_attempt as attempt
            left join roster.staff on staff.id = attempt.author_id
            left join roster.student on student.id = attempt.author_id
            where attempt.student_id = :student and attempt.module_id = :module
            order by attempt.last_at desc, attempt.id desc
        """),
        {"student": student_id, "module": module_id},
    )
    return [
        Attempt(
            None if row.field == "row" else Field(row.field),
            row.attempted, row.source, row.author, row.last_at, row.times,
        )
        for row in rows
    ]  # fmt: skip
