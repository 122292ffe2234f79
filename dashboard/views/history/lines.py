"""Changes as a teacher reads them: of one student in one module, by one hand, on one day as one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from typing import Any, Final

from data.reading.history.changes import Change
from data.rules.progress import Key

DETAILS: Final = "progress_details"


def summed_up(changes: Sequence[Change], here: tzinfo) -> list[Change]:
    """As one change what follows each other in a student's module on one day, with nobody else's between: from
    what was before the first to what is after the last. A removal is told alone. Newest first."""
    lines: list[Change] = []
    open_lines: dict[Key, int] = {}
    for one in changes:
        key = one.student_id, one.module_id
        newer = open_lines.get(key)
        if newer is not None and _belongs(one, lines[newer], here):
            lines[newer] = _both(one, lines[newer])
        else:
            open_lines[key] = len(lines)
            lines.append(one)
    return [_net(one) for one in lines]


def _belongs(older: Change, newer: Change, here: tzinfo) -> bool:
    return "delete" not in (older.operation, newer.operation) and (
        _hand(older, here) == _hand(newer, here) and newer.operation != "insert"
    )


def _hand(one: Change, here: tzinfo) -> tuple[date, object]:
    return one.at.astimezone(here).date(), (one.source, one.author_id, one.batch_id, one.reason)


def _both(older: Change, newer: Change) -> Change:
    before = {} if older.operation == "insert" else _over(newer.before, older.before)
    return replace(
        newer, operation=older.operation, before=before, after=_over(older.after, newer.after)
    )


def _over(under: Mapping[str, Any], upper: Mapping[str, Any]) -> dict[str, Any]:
    """Both; where they differ, the upper, of the details key by key."""
    found = {**under, **upper}
    match under.get(DETAILS), upper.get(DETAILS):
        case dict(lower), dict(higher):
            found[DETAILS] = lower | higher
    return found


def _net(one: Change) -> Change:
    """Without what is in the end as it was. Of details that are told further within (details_changed.sql),
    one over the other does not tell that."""
    unknown = DETAILS if "" in one.after else None
    same = {
        name
        for name, value in one.before.items()
        if name != unknown and one.after.get(name, one) == value
    }
    if not same:
        return one
    after = {name: value for name, value in one.after.items() if name not in same}
    before = {name: value for name, value in one.before.items() if name not in same}
    return replace(one, before=before, after=after)
