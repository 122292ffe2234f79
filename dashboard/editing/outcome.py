"""What a save will do, did, or could not do."""

from collections.abc import Mapping
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from dashboard.components.table import table
from dashboard.editing.change_table import shown
from data.rules.progress import Field
from data.writing.save import Conflict, Outcome


def saved_words(result: Outcome, here: tzinfo, in_details: Decimal | None) -> str:
    """The sentence after a save of one row; `in_details` here and below as in `shown()`."""
    one = result.saved[0]
    changes = ", ".join(
        f"{name.label.lower()} {shown(name, one.before.get(name), here, in_details)} → "
        f"{shown(name, value, here, in_details)}"
        for name, value in one.after.items()
    )
    return f"Saved: {changes}."


def draw_changes(
    before: Mapping[Field, Any],
    after: Mapping[Field, Any],
    here: tzinfo,
    in_details: Decimal | None,
) -> None:
    """Old → new, only what changes."""
    table(
        key="edit_preview",
        caption="What will change",
        columns=("Field", "Now", "After saving"),
        rows=[
            (
                name.label,
                shown(name, before[name], here, in_details),
                shown(name, value, here, in_details),
            )
            for name, value in after.items()
        ],
    )


def draw_conflict(conflict: Conflict, here: tzinfo, in_details: Decimal | None) -> None:
    """Both values of every field in question: what the form was opened with, yours, and theirs."""
    wished = conflict.edit.changes
    concerned = [name for name in Field if name in wished or name in conflict.fields]
    table(
        key="edit_conflict",
        caption="Your values and theirs",
        columns=("Field", "You saw", "You want", "It is now"),
        rows=[
            (
                name.label,
                shown(name, conflict.edit.seen[name], here, in_details),
                shown(name, wished[name], here, in_details) if name in wished else "unchanged",
                shown(name, conflict.current[name], here, in_details),
            )
            for name in concerned
        ],
    )
