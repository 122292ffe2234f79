"""The SQL behind `commands.save()`: one statement a step, whatever the number of rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.progress import Edit, Field, Status, Value, Values

# What needs no quotes in an array: numbers, ids, a status. A word of four letters could be "null".
_PLAIN: Final = re.compile(r"[-+.0-9]+|[-0-9a-zA-Z]{5,}").fullmatch

Key = tuple[UUID, UUID]
"""A student and a module."""


@dataclass(frozen=True)
class Wish:
    """An edit that may be applied: the values it sets, and what the locked row holds."""

    edit: Edit
    values: Values
    before: Values

    @property
    def key(self) -> Key:
        return self.edit.student_id, self.edit.module_id


def values_of(row: Row[Any]) -> dict[Field, Value]:
    """The four correctable fields of a row that has them as columns."""
    return {
        Field.STATUS: Status(row.status),
        Field.PERCENTAGE: row.progress_percentage,
        Field.SCORE: row.score,
        Field.COMPLETED_AT: row.completed_at,
    }


def _keys(edits: Iterable[Edit]) -> dict[str, Any]:
    edits = list(edits)
    return {
        "students": _plain(edit.student_id for edit in edits),
        "modules": _plain(edit.module_id for edit in edits),
    }


def _plain(values: Iterable[object]) -> str:
    """An array of what needs no quotes."""
    return "{" + ",".join(map(str, values)) + "}"


def _array(values: Iterable[object]) -> str:
    """As PostgreSQL writes an array: of ten thousand values, ten times as fast as the driver's own."""
    return "{" + ",".join("null" if value is None else _element(value) for value in values) + "}"


def _element(value: object) -> str:
    written = str(value)
    if _PLAIN(written):
        return written
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def module_types(connection: Connection, edits: Sequence[Edit]) -> dict[Key, tuple[str, bool]]:
    """Each edit's module type, and whether the module is in a class of the student."""
    rows = connection.execute(
        text("""
            select
                wish.student_id,
                wish.module_id,
                module.type,
                exists (
                    select
                    from roster.class_student
                    join roster.class_module using (class_id)
                    where class_student.student_id = wish.student_id
                        and class_module.module_id = wish.module_id
                ) as eligible
            from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
                as wish (student_id, module_id)
            join roster.module on module.id = wish.module_id
        """),
        _keys(edits),
    ).all()
    return {(student, module): (kind, eligible) for student, module, kind, eligible in rows}


THE_ROWS: Final = """
select student_id, module_id, status, progress_percentage, score, completed_at
from public.student_module_progress
where (student_id, module_id) in (
    select *
    from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
)
"""


def lock(connection: Connection, edits: Iterable[Edit]) -> dict[Key, Values]:
    """The rows as they are now, locked in key order: two batches queue up, they never deadlock."""
    return _read(connection, edits, THE_ROWS + "order by student_id, module_id for update")


def look(connection: Connection, edits: Iterable[Edit]) -> dict[Key, Values]:
    """The rows as they are now, held by nobody: where nothing is to be changed, nothing must wait."""
    return _read(connection, edits, THE_ROWS)


def _read(connection: Connection, edits: Iterable[Edit], question: str) -> dict[Key, Values]:
    rows = connection.execute(text(question), _keys(edits)).all()
    return {(row.student_id, row.module_id): values_of(row) for row in rows}


def _columns(wishes: Sequence[Wish]) -> dict[str, Any]:
    """The wishes as one array a column, and one of booleans beside it: does the wish set it?"""
    columns = _keys(wish.edit for wish in wishes)
    for name in Field:
        columns[name] = _array(_storable(wish.values.get(name)) for wish in wishes)
        columns[f"sets_{name}"] = _plain(name in wish.values for wish in wishes)
    return columns


def _storable(value: Value) -> Value:
    """The same moment in UTC: Python knows zones, with odd seconds, that PostgreSQL does not take."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def update(connection: Connection, wishes: Sequence[Wish], *, exact: bool = False) -> set[Key]:
    """Change rows that are there; returns those that were. A refused UPDATE is only fewer rows.

    A column that no wish sets keeps the very value it has, an unreadable date included (with `exact` also
    where the completion goes). last_updated moves forward only, also past a clock that was set back; a
    poisoned one is healed.
    """
    if not wishes:
        return set()
    rows = connection.execute(
        text("""
            update public.student_module_progress as progress
            set status = case when sets_status then wish.status else progress.status end,
                progress_percentage = case
                    when sets_percentage then wish.percentage else progress.progress_percentage
                end,
                score = case when sets_score then wish.score else progress.score end,
                completed_at = case
                    when sets_completed_at then wish.completed_at
                    -- Nobody can see or clear an unreadable date: it goes when the completion does.
                    when sets_status
                        and not :exact
                        and wish.status <> 'Completed'
                        and progress.completed_at not between '0001-01-01Z' and '9999-12-31T23:59:59.999999Z'
                    then null
                    else progress.completed_at
                end,
                last_updated = case
                    when progress.last_updated < clock_timestamp() + interval '1 day'
                    then greatest(clock_timestamp(), progress.last_updated + interval '1 microsecond')
                    else clock_timestamp()
                end
            from unnest(
                cast(:students as uuid[]),
                cast(:modules as uuid[]),
                cast(:status as public.progress_status[]),
                cast(:progress_percentage as integer[]),
                cast(:score as numeric[]),
                cast(:completed_at as timestamptz[]),
                cast(:sets_status as boolean[]),
                cast(:sets_progress_percentage as boolean[]),
                cast(:sets_score as boolean[]),
                cast(:sets_completed_at as boolean[])
            ) as wish (
                student_id, module_id, status, percentage, score, completed_at,
                sets_status, sets_percentage, sets_score, sets_completed_at
            )
            where progress.student_id = wish.student_id and progress.module_id = wish.module_id
            returning progress.student_id, progress.module_id
        """),
        _columns(wishes) | {"exact": exact},
    ).all()
    return {(student, module) for student, module in rows}


def insert(connection: Connection, wishes: Sequence[Wish]) -> set[Key]:
    """Make rows that were missing; returns those made. One that somebody else made meanwhile is left."""
    if not wishes:
        return set()
    rows = connection.execute(
        text("""
            insert into public.student_module_progress (
                student_id, module_id, status, progress_percentage, score, completed_at, last_updated
            )
            select
                student_id, module_id, coalesce(status, 'NotStarted'), percentage, score,
                completed_at, clock_timestamp()
            from unnest(
                cast(:students as uuid[]),
                cast(:modules as uuid[]),
                cast(:status as public.progress_status[]),
                cast(:progress_percentage as integer[]),
                cast(:score as numeric[]),
                cast(:completed_at as timestamptz[])
            ) as wish (student_id, module_id, status, percentage, score, completed_at)
            on conflict do nothing
            returning student_id, module_id
        """),
        {name: values for name, values in _columns(wishes).items() if not name.startswith("sets_")},
    ).all()
    return {(student, module) for student, module in rows}


def newest_changes(
    connection: Connection, conflicts: Sequence[tuple[Edit, Iterable[Field]]]
) -> Mapping[Key, tuple[str, datetime]]:
    """Who changed any of these fields of each row last, and when; a later write of others does not count."""
    rows = connection.execute(
        text("""
            select distinct on (change.student_id, change.module_id)
                change.student_id,
                change.module_id,
                coalesce(change.author_name, initcap(change.source)) as author,
                change.at
            from unnest(
                cast(:students as uuid[]), cast(:modules as uuid[]), cast(:fields as text[])
            ) as wish (student_id, module_id, fields)
            join dashboard.change using (student_id, module_id)
            where coalesce(change.after, change.before) ?| string_to_array(wish.fields, ',')
            order by change.student_id, change.module_id, change.id desc
        """),
        _keys(edit for edit, _ in conflicts)
        | {"fields": _array(",".join(fields) for _, fields in conflicts)},
    )
    return {(row.student_id, row.module_id): (row.author, row.at) for row in rows}
