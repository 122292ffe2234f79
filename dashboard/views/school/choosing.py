"""The rows of a table that are chosen for a change of several: by their ticks, all at once, or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

import streamlit as st

from dashboard.views.school import roster_preview
from data.roster.changes import RosterChange
from data.rules.ids import as_uuid


def draw(name: str, shown: Collection[UUID]) -> set[UUID]:
    """Which of those that are shown are chosen in the table of this name, and the button for all of them."""
    there = chosen(name) & set(shown)
    if len(shown) > 1 or there:
        label = "Choose none" if there else f"Choose all {len(shown):,}"
        wanted = set() if there else set(shown)
        st.button(label, key=f"roster_{name}_all", on_click=_choose, args=(name, wanted))
    return there


def chosen(name: str) -> set[UUID]:
    """Which are ticked in the table of this name."""
    stored: set[UUID] = st.session_state.get(_place(name), set())
    return stored


def take_ticks(name: str, ticks: Mapping[str, bool]) -> None:
    """The boxes as they stand now, by id."""
    ids = {found: is_on for box, is_on in ticks.items() if (found := as_uuid(box))}
    _choose(name, {one for one, is_on in ids.items() if is_on})


def preview(name: str, changes: Sequence[RosterChange], notes: Sequence[str] = ()) -> None:
    """Open the preview of what becomes of those that are chosen; once it is saved none is."""
    roster_preview.begin(
        name,
        changes,
        source="bulk",
        notes=notes,
        on_saved=lambda: st.session_state.pop(_place(name), None),
    )


def _choose(name: str, wanted: set[UUID]) -> None:
    st.session_state[_place(name)] = wanted


def _place(name: str) -> str:
    return f"roster_{name}_chosen"
