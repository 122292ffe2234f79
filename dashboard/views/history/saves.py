"""What was saved together: a list, newest first, and in words."""

from collections.abc import Sequence
from datetime import tzinfo

from dashboard.components.formats import minute
from dashboard.components.table import Cell, Column, Link, table
from dashboard.components.text import count
from dashboard.editing.change_table import NOTHING, REASON, WHEN
from data.reading.history.changes import SOURCES
from data.reading.history.saves import SavedBatch


def draw(batches: Sequence[SavedBatch], here: tzinfo, *, may_undo: bool) -> None:
    """One row a save, with the ways to its changes and, where I may, to undoing them."""
    table(
        key="batches",
        caption="Saves",
        columns=(
            WHEN,
            "By",
            "Source",
            Column("Changes", "number"),
            REASON,
            Column("Undone", if_any=True),
            "Details",
            Column("Undo", if_any=True),
        ),
        rows=[_row(one, here, may_undo) for one in batches],
        empty=NOTHING,
    )


def _row(one: SavedBatch, here: tzinfo, may_undo: bool) -> list[Cell]:
    batch = {"batch": str(one.id)}
    can = may_undo and one.editable > 0 and not one.is_undone
    return [
        minute(one.at, here),
        one.author,
        SOURCES.get(one.source, one.source),
        f"{one.rows:,}",
        one.reason,
        undone(one),
        Link("Open", "history", batch),
        Link("Undo", "history", batch | {"undo": "1"}) if can else None,
    ]


def undone(one: SavedBatch) -> str | None:
    """'all', '3 of 37', or nothing."""
    if one.undone == 0:
        return None
    return "all" if one.is_undone else f"{one.undone:,} of {one.rows:,}"


def sentence(one: SavedBatch, here: tzinfo) -> str:
    """'37 changes saved on 3 Oct 2026, 14:05 by Priya Hollingsworth (file). Nothing has been undone.'"""
    begins = (
        f"{count(one.rows, 'change', 'changes')} saved on {minute(one.at, here)} "
        f"by {one.author or 'somebody who is no longer there'} "
        f"({SOURCES.get(one.source, one.source).lower()})."
    )
    if one.is_undone:
        return f"{begins} All of it has been undone."
    if one.undone:
        return f"{begins} {one.undone:,} of {one.rows:,} have been undone."
    return f"{begins} Nothing has been undone."
