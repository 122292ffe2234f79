"""What changed, as a table people can read: before → after, by whom, why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from dashboard.components.moments import day, minute
from dashboard.components.table import Cell, Column, Link, table
from data.progress import Field, Status
from data.queries import SOURCES, Change

FEW_DETAILS: Final = 3
GONE_STUDENT: Final = "A student who is no longer there"
GONE_MODULE: Final = "A module that is no longer there"


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
                change.module_name or GONE_MODULE,
                lines(change, here),
                change.author or SOURCES.get(change.source, change.source.capitalize()),
                change.reason,
            )
            for change in changes
        ],
        empty="Nothing has changed yet.",
    )


def draw_entries(
    changes: Sequence[Change], here: tzinfo, *, key: str, caption: str, may_restore: bool
) -> None:
    """Entries of many students, newest first; `may_restore` adds a way to the cell's earlier values."""
    columns = (
        Column("When", "date", align="left"),
        Column("Student", "link"),
        Column("Module"),
        Column("Change", "lines"),
        Column("By"),
        Column("Source", "link"),
        Column("Reason"),
    )
    table(
        key=key,
        caption=caption,
        columns=(*columns, Column("Put back", "link")) if may_restore else columns,
        rows=[_entry(change, here, may_restore) for change in changes],
        empty="Nothing fits. Clear the filters, or choose others.",
    )


def _entry(change: Change, here: tzinfo, may_restore: bool) -> list[Cell]:
    student, source = str(change.student_id), SOURCES.get(change.source, change.source)
    row: list[Cell] = [
        minute(change.at, here),
        Link(change.student_name, "student", {"student": student})
        if change.student_name
        else GONE_STUDENT,
        change.module_name or GONE_MODULE,
        lines(change, here),
        change.author,
        Link(source, "history", {"batch": str(change.batch_id)}) if change.batch_id else source,
        change.reason,
    ]
    if may_restore:
        of_cell = {"student": student, "module": str(change.module_id), "entry": str(change.id)}
        is_there = change.student_name and change.module_name and change.operation != "delete"
        row.append(Link("Restore", "history", of_cell) if is_there else None)
    return row


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
        told.append(f"Details: {_details([key.replace('_', ' ') for key in details])}")
    return told or ["Activity recorded"]


def _details(keys: Sequence[str]) -> str:
    """All of a few, else the first two and how many more."""
    if len(keys) <= FEW_DETAILS:
        return ", ".join(keys)
    return f"{keys[0]}, {keys[1]} and {len(keys) - 2} more"


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
