"""What happened, by whom and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.reading.history.options import whose


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
    """Numbers are given in the order of time, more or less: where days are asked for, or one student after
    another, time goes first, so that years ago are as near as today. Everybody's of a module or a source are
    found by its index (history.sql), in which many numbers count as one."""
    clauses, bound = _asked(asked)
    mine = _whose(connection, asked)
    before = "history.id < :before_id"
    order = " order by id desc limit :limit"
    if mine is not None or asked.since is not None or asked.until is not None:
        before = "(history.at, history.id) < (:before_at, :before_id)"
        order = " order by at desc, id desc limit :limit"
    elif asked.student_id is None and (asked.module_id or asked.source not in (None, ANY_STAFF)):
        before = f"{before} and history.id >> 10 <= cast(:before_id as bigint) >> 10"
        order = " order by history.id >> 10 desc, id desc limit :limit"
    if before_id is not None:
        clauses.append(before)
        bound["before_at"] = connection.scalar(text(_AT), {"id": before_id})
    question = (
        _entries(clauses) + order if mine is None else _of_each(mine, _entries(clauses), order)
    )
    return connection.scalars(
        text(question), bound | {"before_id": before_id, "limit": limit}
    ).all()


_AT: Final = "select at from dashboard.history where id = :id"


def _of_each(mine: str, entries: str, order: str) -> str:
    """The newest of all are among those of the students who have the newest one each."""
    newest = f"{entries} and history.student_id = mine.id order by at desc, id desc limit 1"
    theirs = f"{entries} and history.student_id = newest.student {order}"
    return f"""
        with newest as (
            select mine.id as student, entry.*
            from ({mine}) as mine
            cross join lateral ({newest}) as entry
            {order}
        )
        select entry.id
        from newest
        cross join lateral ({theirs}) as entry
        {order.replace("at desc, id", "entry.at desc, entry.id")}
    """


def _whose(connection: Connection, asked: HistoryFilter) -> str | None:
    """The question for those whose entries are asked for one by one; None where these are told otherwise."""
    if asked.student_id is not None or asked.batch_id is not None:
        return None
    return whose(connection, asked.class_id)


def _asked(asked: HistoryFilter) -> tuple[list[str], dict[str, Any]]:
    """The clauses of a filter, and what is bound in them."""
    bound = {one.name: getattr(asked, one.name) for one in fields(asked)}
    bound = {name: value for name, value in bound.items() if value is not None}
    clauses = [_CLAUSES[ANY_STAFF if value == ANY_STAFF else name] for name, value in bound.items()]
    return clauses, bound


def _entries(clauses: Sequence[str]) -> str:
    found = "select history.id, history.at from dashboard.history where true"
    return found + "".join(f" and {clause}" for clause in clauses)


def history_count(connection: Connection, asked: HistoryFilter, most: int) -> int:
    """How many entries there are; counted no further than `most`."""
    clauses, bound = _asked(asked)
    mine, entries = _whose(connection, asked), _entries(clauses)
    if mine is not None:
        theirs = f"{entries} and history.student_id = mine.id"
        entries = f"select from ({mine}) as mine cross join lateral ({theirs} offset 0) as entry"
    found: int = connection.execute(
        text("select count(*) from (" + entries + " limit :most) as entry"), bound | {"most": most}
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
