"""What changed, as a table people can read: before → after, by whom, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from dashboard.components.moments import day, minute
from dashboard.components.table import Column, table
from data.progress import Field, Status
from data.queries import Change

SOURCES = {"student": "The student's own work", "platform": "The platform", "staff": "Staff"}


def draw(changes: Sequence[Change], here: tzinfo, *, key: str) -> None:
    """The changes, newest first."""
    table(
        key=key,
        caption="What changed lately",
        columns=(
            Column("When", "date"),
            Column("Module"),
            Column("Change", "lines"),
            Column("By"),
            Column("Reason"),
        ),
        rows=[
            (
                minute(change.at, here),
                change.module_name or "A module that is no longer there",
                lines(change, here),
                change.author or SOURCES.get(change.source, change.source.capitalize()),
                change.reason,
            )
            for change in changes
        ],
        empty="Nothing has changed yet.",
    )


def lines(change: Change, here: tzinfo) -> list[str]:
    """One line a changed field: 'Status: In progress → Completed'."""
    told = [
        f"{name.label}: {_before(change.before, name, here)}{shown(name, change.after.get(name), here)}"
        for name in Field
        if name in change.after
        and not (change.operation == "insert" and change.after[name] is None)
    ]
    details = change.after.get("progress_details")
    if isinstance(details, Mapping) and details:
        told.append(f"Details: {', '.join(key.replace('_', ' ') for key in details)}")
    return told or ["Activity recorded"]


def _before(before: Mapping[str, Any], name: Field, here: tzinfo) -> str:
    return f"{shown(name, before[name], here)} → " if name in before else ""


def shown(name: Field, value: Any, here: tzinfo) -> str:
    """A field's value as the history's JSON, the form or the table holds it."""
    if value is None:
        return "none"
    if name is Field.STATUS:
        return Status(value).label if value in set(Status) else str(value)
    if name is Field.PERCENTAGE:
        return f"{value} %"
    if name is Field.COMPLETED_AT:
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            return day(moment, here) or ""
        except (ValueError, OverflowError):
            return f"unreadable ({value})"
    return str(value)
