"""What was changed of the roster, by whom, and the way to undo it."""

from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.formats import minute, zone
from dashboard.components.table import Column, Link, table
from dashboard.components.text import heading, paragraph
from dashboard.reads import fresh
from dashboard.views.school import roster_preview
from data.roster.reading.managed import ManagedSchool
from data.roster.reading.saves import RosterSave, roster_save, roster_saves
from data.roster.undo import undo_changes

SOURCES: Final = {
    "form": "Form",
    "bulk": "Several at once",
    "file": "File",
    "undo": "Undo",
    "command line": "Command",
}


def draw(school: ManagedSchool) -> None:  # noqa: ARG001 - as every section
    """The saves, newest first, or the one that the address names."""
    saves = reads.ask(roster_saves)
    asked = links.named_in_address("batch")
    chosen = next((one for one in saves if one.id == asked), None)
    if chosen is not None:
        _draw_one(chosen)
        return
    table(
        key="roster_saves",
        caption="Changes of the school",
        columns=("When", "Who", "How", Column("Changes", "number"), "Reason"),
        rows=[_row(one) for one in saves],
        empty="Nothing was changed yet.",
        is_captioned=False,
    )


def _row(one: RosterSave) -> tuple[Link, str, str, str, str]:
    when = Link(minute(one.at, zone()), "school", {"show": "changes", "batch": str(one.id)})
    how = SOURCES[one.source] + (", undone" if one.is_undone else "")
    return when, one.author or "Somebody", how, f"{one.rows:,}", one.reason or ""


def _draw_one(chosen: RosterSave) -> None:
    name = f"undo_{chosen.id}"
    links.to("school", "All changes", show="changes")
    if roster_preview.draw(name, "Undo"):
        return
    heading(f"{chosen.author or 'Somebody'}, {minute(chosen.at, zone())}", 2)
    if chosen.reason:
        paragraph(chosen.reason)
    if chosen.is_undone:
        paragraph("This was undone.", quiet=True)
    else:
        st.button(
            "Undo all of it", key="roster_undo", type="primary", on_click=_begin, args=(chosen,)
        )
    changes = reads.ask(roster_save, chosen.id)
    roster_preview.draw_lines(roster_preview.in_words(changes), len(changes))


def _begin(chosen: RosterSave) -> None:
    changes = fresh.ask(undo_changes, chosen.id)
    roster_preview.begin(f"undo_{chosen.id}", changes, source="undo", undoes=chosen.id)
