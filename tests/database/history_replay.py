"""The history told again, to be compared with the table."""

import json
from decimal import Decimal
from typing import Any
from uuid import UUID

from tests.clusters import Scratch
from tests.database.rows_as_owner import ask

Told = dict[tuple[UUID, UUID], dict[str, Any]]
"""Rows by student and module, as they should stand."""


def table(school: Scratch) -> Told:
    rows = ask(
        school,
        "select student_id, module_id, (to_jsonb(it) - 'student_id' - 'module_id')::text as facts "
        "from public.student_module_progress as it",
    )
    return {(row["student_id"], row["module_id"]): exact(row["facts"]) for row in rows}


def replay_on(school: Scratch, told: Told, after: int) -> int:
    """Replay what came after this entry; returns the newest."""
    for entry in ask(
        school,
        "select id, student_id, module_id, operation, before::text, after::text "
        "from dashboard.history where id > %s order by id",
        after,
    ):
        replay(told, entry)
        after = entry["id"]
    return after


# One decoder for all: json.loads makes a new one each time.
EXACTLY = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal)


def exact(written: str | None) -> Any:
    return written and EXACTLY.decode(written)


def replay(told: dict[tuple[UUID, UUID], dict[str, Any]], entry: dict[str, Any]) -> None:
    """One entry applied; what it says stood before must be what stands."""
    key = (entry["student_id"], entry["module_id"])
    before, after = exact(entry["before"]), exact(entry["after"])
    if entry["operation"] == "insert":
        assert key not in told
        told[key] = after
    elif entry["operation"] == "delete":
        assert told.pop(key) == before
    else:
        stands = told[key]
        is_within = after.pop("", False)
        assert before.keys() == after.keys()
        was, becomes = before.pop("progress_details", 0), after.pop("progress_details", 0)
        if isinstance(was, dict) and isinstance(becomes, dict):
            depth = 8 if is_within else 1
            stands["progress_details"] = forward(stands["progress_details"], was, becomes, depth)
        elif becomes != 0:
            assert stands["progress_details"] == was
            stands["progress_details"] = becomes
        assert before == {name: stands[name] for name in before}
        stands.update(after)


def forward(stands: Any, was: Any, becomes: Any, depth: int) -> Any:
    """A value after a change; what the entry says stood before must be what stands."""
    if not (depth and isinstance(was, dict) and isinstance(becomes, dict)):
        assert stands == was
        return becomes
    if isinstance(stands, list):
        places = {str(place): value for place, value in enumerate(stands)}
        found = forward(places, was, becomes, depth)
        return [found[str(place)] for place in range(len(found))]
    assert was.keys() <= stands.keys()
    kept = {key: value for key, value in stands.items() if key not in was}
    assert not kept.keys() & becomes.keys()
    for key in was.keys() - becomes.keys():
        assert stands[key] == was[key]
    return kept | {
        key: forward(stands[key], was[key], value, depth - 1) if key in was else value
        for key, value in becomes.items()
    }
