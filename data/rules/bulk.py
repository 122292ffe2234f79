"""The same values for many rows: what was typed once, and the edit that it means for each."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Final

from data.rules.progress import CLEARS, Edit, Field, Key, Problem, Status, Value, Values, check

MOST_ROWS: Final = 25_000
"""A class of 500 students with 50 modules."""


def read(
    typed: Mapping[Field, object], now: datetime, zone: tzinfo = UTC
) -> tuple[dict[Field, Value], list[Problem]]:
    """Read what is to be set, as `check()` does; every field needs a value, or the sign that clears it: an
    empty one is more likely one that was forgotten."""
    missing = [name for name, raw in typed.items() if raw is None or not str(raw).strip()]
    cleared = [name for name, raw in typed.items() if str(raw).strip() == CLEARS]
    rest = {name: raw for name, raw in typed.items() if name not in (*missing, *cleared)}
    values, problems = check(rest, now, zone)
    problems += [Problem(name, "missing", _MISSING[name]) for name in missing]
    return values | dict.fromkeys(cleared), problems


_MISSING: Final = {
    Field.STATUS: "Choose a status.",
    Field.PERCENTAGE: f"Write {Field.PERCENTAGE.allowed}, or {CLEARS} to empty it.",
    Field.SCORE: f"Write {Field.SCORE.allowed}, or {CLEARS} to empty it.",
    Field.COMPLETED_AT: "Choose a day.",
}


def edits(
    current: Mapping[Key, Values], values: Values, *, only_where_empty: bool = False
) -> list[Edit]:
    """One edit a row, over what it holds now; with `only_where_empty` a field is set only where it holds
    nothing (a status: only where it is not started). An edit may be left without changes."""
    return [
        Edit(*key, _wanted(values, now) if only_where_empty else values, now)
        for key, now in current.items()
    ]


def _wanted(values: Values, now: Values) -> Values:
    return {
        name: value
        for name, value in values.items()
        if now[name] is None or now[name] is Status.NOT_STARTED
    }
