"""When modules were completed, told of the stored rows and their history in plain Python."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.clusters import Scratch
from tests.database.rows_as_owner import ask

Key = tuple[UUID, UUID]
Told = dict[Key, list[tuple[datetime, int]]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def completions_told(school: Scratch) -> Told:
    """Of each cell when it became completed (+1) and ceased to be (-1)."""
    rows = {
        (row["student_id"], row["module_id"]): row
        for row in ask(school, "select * from public.student_module_progress")
    }
    entries: defaultdict[Key, list[tuple[datetime, int]]] = defaultdict(list)
    question = "select * from dashboard.history where completions <> 0 order by id"
    for one in ask(school, question):
        entries[one["student_id"], one["module_id"]].append((one["at"], one["completions"]))
    return {key: _told(rows.get(key), entries.get(key, [])) for key in rows.keys() | entries.keys()}


def _told(
    row: dict[str, Any] | None, entries: list[tuple[datetime, int]]
) -> list[tuple[datetime, int]]:
    since = _completed_since(row, entries)
    told = [(since, 1)] if since else []
    gained = None
    for at, change in entries:
        if change > 0:
            gained = at
        elif since is None or at < since:
            told += [(at, -1)] if gained is None else [(gained, 1), (at, -1)]
    return told


def _completed_since(
    row: dict[str, Any] | None, entries: list[tuple[datetime, int]]
) -> datetime | None:
    if row is None or row["status"] != "Completed":
        return None
    date = row["completed_at"]
    if date is not None and EPOCH <= date <= datetime.now(UTC):
        return date  # type: ignore[no-any-return]
    return max((at for at, change in entries if change > 0), default=None)
