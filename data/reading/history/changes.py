"""What happened, by whom and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.reading.history.options import few_students


@dataclass(frozen=True)
class Change:
    """One entry of the history: changed columns only, before and after."""

    at: datetime
    student_id: UUID
    module_id: UUID
    module_name: str | None
    operation: str
    source: str
    author: str | None
    reason: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    id: int
    batch_id: UUID | None
    student_name: str | None
    author_id: UUID | None


@dataclass(frozen=True)
class HistoryFilter:
    """Which entries. `source` is one of ASKED_SOURCES; `author_id` somebody of the staff; `since` is the first
    moment and `until` the first no more, both with a zone. A class's entries are those of its modules."""

    student_id: UUID | None = None
    module_id: UUID | None = None
    class_id: UUID | None = None
    author_id: UUID | None = None
    batch_id: UUID | None = None
    source: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class HistoryPage:
    """Entries, newest first; `next_before_id` asks for the next page, None where this is the last."""

    changes: tuple[Change, ...]
    next_before_id: int | None


MOST_ROWS: Final = 100_000
"""Of the history in one file, and of a batch on a page."""

SOURCES: Final = {
    "student": "The student's own work",
    "platform": "The platform",
    "staff": "Staff, outside this program",
    "form": "Form",
    "grid": "Grid",
    "bulk": "Several at once",
    "file": "File",
    "undo": "Undo",
    "restore": "Earlier value restored",
    "merge": "Entered twice",
    "command line": "Command line",
}
"""Where a change can come from, in words."""

ANY_STAFF: Final = "any_staff"
ASKED_SOURCES: Final = {ANY_STAFF: "Staff, in any way"} | SOURCES
"""What can be asked for as a source: these, and whatever is not the student's nor the platform's."""

_CLAUSES: Final = {
    "student_id": "history.student_id = :student_id",
    "module_id": "history.module_id = :module_id",
    "class_id": """
        history.student_id in (select student_id from roster.class_student where class_id = :class_id)
        and history.module_id in (select module_id from roster.class_module where class_id = :class_id)
    """,
    # The second half is what the index holds.
    "author_id": "history.author_id = :author_id and history.source not in ('student', 'platform')",
    "batch_id": "history.batch_id = :batch_id",
    "source": "history.source = :source",
    ANY_STAFF: "history.source not in ('student', 'platform')",
    "since": "history.at >= :since",
    "until": "history.at < :until",
}

_BEFORE_IN_TIME: Final = """
    (history.at, history.id) < (select at, id from dashboard.history where id = :before_id)
"""

_ENTRIES: Final = """
    select
        change.id,
        change.at,
        change.student_id,
        change.student_name,
        change.module_id,
        module.name as module_name,
        change.operation,
        change.source,
        change.author_id,
        change.author_name,
        change.batch_id,
        change.reason,
        change.before,
        change.after
    from dashboard.change
    left join roster.module on module.id = change.module_id
"""


def history(
    connection: Connection,
    asked: HistoryFilter,
    before_id: int | None = None,
    limit: int = 100,
) -> HistoryPage:
    """A page of what happened to students I may see, newest first; with `before_id` the page after it."""
    ids = _ids(connection, asked, before_id, limit + 1)
    found = connection.execute(
        text(_ENTRIES + "where change.id = any(cast(:ids as bigint[]))"), {"ids": ids[:limit]}
    )
    changes = {row.id: _change(row) for row in found}
    page = tuple(changes[entry] for entry in ids[:limit] if entry in changes)
    return HistoryPage(page, ids[limit - 1] if len(ids) > limit else None)


def _ids(
    connection: Connection, asked: HistoryFilter, before_id: int | None, limit: int
) -> Sequence[int]:
    """Numbers are given in the order of time, more or less: where days are asked for, time goes first, so
    that years ago are as near as today."""
    clauses, bound = _asked(connection, asked)
    timed = asked.since is not None or asked.until is not None
    order = "history.at desc, history.id desc" if timed else "history.id desc"
    if before_id is not None:
        clauses.append(_BEFORE_IN_TIME if timed else "history.id < :before_id")
    return connection.scalars(
        text(_NUMBERS + _all_of(clauses) + f" order by {order} limit :limit"),
        bound | {"before_id": before_id, "limit": limit},
    ).all()


_NUMBERS: Final = "select history.id from dashboard.history where true"


def _asked(connection: Connection, asked: HistoryFilter) -> tuple[list[str], dict[str, Any]]:
    """The clauses of a filter, and what is bound in them."""
    bound = {one.name: getattr(asked, one.name) for one in fields(asked)}
    bound = {name: value for name, value in bound.items() if value is not None}
    clauses = [_CLAUSES[ANY_STAFF if value == ANY_STAFF else name] for name, value in bound.items()]
    students = None if asked.student_id else few_students(connection, asked.class_id)
    if students is not None:
        clauses.append("history.student_id = any(cast(:students as uuid[]))")
    return clauses, bound | {"students": students}


def _all_of(clauses: Sequence[str]) -> str:
    return "".join(f" and {clause}" for clause in clauses)


def history_count(connection: Connection, asked: HistoryFilter, most: int) -> int:
    """How many entries there are; counted no further than `most`."""
    clauses, bound = _asked(connection, asked)
    found: int = connection.execute(
        text("select count(*) from (" + _NUMBERS + _all_of(clauses) + " limit :most) as entry"),
        bound | {"most": most},
    ).scalar_one()
    return found


def whole_history(
    connection: Connection, asked: HistoryFilter, most: int = MOST_ROWS, page: int = 2_000
) -> Iterator[Change]:
    """Everything asked for, newest first, page by page; at most so many entries."""
    before_id, left = None, most
    while left > 0:
        found = history(connection, asked, before_id, min(page, left))
        yield from found.changes
        before_id, left = found.next_before_id, left - len(found.changes)
        if before_id is None:
            return


def changes(
    connection: Connection, student_id: UUID, module_id: UUID | None = None, limit: int = 20
) -> Sequence[Change]:
    """What changed lately, newest first."""
    return history(connection, HistoryFilter(student_id, module_id), limit=limit).changes


def _change(row: Row[Any]) -> Change:
    return Change(
        row.at,
        row.student_id,
        row.module_id,
        row.module_name,
        row.operation,
        row.source,
        row.author_name,
        row.reason,
        row.before or {},
        row.after or {},
        row.id,
        row.batch_id,
        row.student_name,
        row.author_id,
    )
