"""Values that staff locked against the platform, and what was undone because of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.rules.details import type_key
from data.rules.progress import Field, Status, Value


@dataclass(frozen=True)
class Lock:
    """A lock on one module of one student: of what, and by whom.

    `values` are the locked fields with their values; an unreadable date is None. `followed_batch` is the batch
    whose edit the values came from where they changed while locked. It is current while `unlocked_at` is None;
    `attempts` counts what was undone meanwhile.
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
    unlocked_at: datetime | None
    unlocked_by: str | None
    unlock_reason: str | None
    attempts: int
    author_id: UUID
    unlocked_by_id: UUID | None

    @property
    def is_current(self) -> bool:
        """Is it locked still?"""
        return self.unlocked_at is None


@dataclass(frozen=True)
class Attempt:
    """Something else that was written over a locked field, and undone.

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
class LockEvent:
    """Something was locked, or unlocked (`is_unlock`), by somebody, and why."""

    at: datetime
    lock: Lock
    is_unlock: bool
    author_id: UUID | None
    author: str | None
    reason: str | None


AT_ONCE: Final = timedelta(seconds=1)
"""A record that ends and the one that goes on for it are written in one transaction."""


def lock_events(records: Iterable[Lock]) -> list[LockEvent]:
    """What people locked and unlocked, newest first. Where a lock only changed (with an edit, or because more
    of the cell was locked), the old record's end unlocks nothing, and an edit's new record locks nothing."""
    events: list[LockEvent] = []
    followers: dict[tuple[UUID, UUID], Lock] = {}
    for one in sorted(records, key=lambda record: record.id, reverse=True):
        follower = followers.get((one.student_id, one.module_id))
        followers[one.student_id, one.module_id] = one
        goes_on = (
            one.unlocked_at is not None
            and one.unlock_reason is None
            and follower is not None
            and follower.at - one.unlocked_at < AT_ONCE
        )
        if one.unlocked_at is not None and not goes_on:
            who = one.unlocked_by_id, one.unlocked_by
            events.append(LockEvent(one.unlocked_at, one, True, *who, one.unlock_reason))
        if one.followed_batch is None:
            events.append(LockEvent(one.at, one, False, one.author_id, one.author, one.reason))
    return sorted(events, key=lambda event: event.at, reverse=True)


def locked_with(
    connection: Connection, fields: Collection[Field], status: Status, module_type: str
) -> tuple[Field, ...]:
    """All that is locked where somebody locks these fields: a Completed without its date would be no use."""
    together = connection.execute(
        text("""
            select internal.fields_locked_with(
                cast(:fields as text[]), cast(:status as public.progress_status), :type
            )
        """),
        {
            "fields": [name.value for name in fields],
            "status": status.value,
            "type": type_key(module_type),
        },
    ).scalar_one()
    return tuple(Field(name) for name in together or ())


def locks_of_student(connection: Connection, student_id: UUID) -> list[Lock]:
    """All locks that a student ever had, newest first; `is_current` tells those of now."""
    return _locks(connection, "where lock.student_id = :student", {"student": student_id})


def current_locks(
    connection: Connection, keys: Iterable[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], Lock]:
    """Those on these students and modules: for a preview to say that they will follow the edit."""
    keys = list(keys)
    found = _locks(
        connection,
        """
        where lock.unlocked_at is null
            and (lock.student_id, lock.module_id) in (
                select *
                from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
            )
        """,
        {"students": [student for student, _ in keys], "modules": [module for _, module in keys]},
    )
    return {(one.student_id, one.module_id): one for one in found}


def locks_of_batch(connection: Connection, batch_id: UUID) -> list[Lock]:
    """Those with other values since this batch: for the outcome of `save()` to say so."""
    return _locks(connection, "where lock.batch_id = :batch", {"batch": batch_id})


def _locks(connection: Connection, condition: str, bound: dict[str, Any]) -> list[Lock]:
    rows = connection.execute(text(_RECORDS + condition + " order by lock.id desc"), bound)
    return [_as_lock(row) for row in rows]


_RECORDS: Final = """
select
    lock.id,
    lock.student_id,
    lock.module_id,
    module.name as module_name,
    lock.fields,
    locked.status,
    locked.progress_percentage,
    locked.score,
    locked.completed_at,
    lock.reason,
    author.full_name as author,
    lock.at,
    lock.batch_id,
    lock.unlocked_at,
    unlocker.full_name as unlocked_by,
    lock.unlock_reason,
    lock.author_id,
    lock.unlocked_by as unlocked_by_id,
    (
        select coalesce(sum(lock_attempt.times), 0)
        from dashboard.lock_attempt
        where lock_attempt.lock_id = lock.id
    ) as attempts
from dashboard.lock
cross join lateral jsonb_to_record(lock.locked_values) as locked (
    status text, progress_percentage integer, score numeric, completed_at timestamptz
)
left join roster.module on module.id = lock.module_id
left join roster.staff as author on author.id = lock.author_id
left join roster.staff as unlocker on unlocker.id = lock.unlocked_by
"""


def _as_lock(row: Row[Any]) -> Lock:
    values: dict[Field, Value] = {
        name: Status(row.status) if name is Field.STATUS else getattr(row, name)
        for name in Field
        if name in row.fields
    }
    return Lock(
        row.id, row.student_id, row.module_id, row.module_name, values, row.reason, row.author,
        row.at, row.batch_id, row.unlocked_at, row.unlocked_by, row.unlock_reason,
        int(row.attempts), row.author_id, row.unlocked_by_id,
    )  # fmt: skip


def attempts(connection: Connection, student_id: UUID, module_id: UUID) -> list[Attempt]:
    """What was written over locked fields of this cell and undone, the latest first."""
    rows = connection.execute(
        text("""
            select
                attempt.field,
                attempt.attempted,
                attempt.source,
                coalesce(staff.full_name, student.full_name) as author,
                attempt.last_at,
                attempt.times
            from dashboard.lock_attempt as attempt
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
