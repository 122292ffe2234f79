"""The rows of a table that are chosen for a change of several: by their ticks, all at once, or none."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

import streamlit as st

from data.rules.ids import as_uuid


def draw(name: str, shown: Collection[UUID]) -> set[UUID]:
    """Which of those that are shown are chosen in the table of this name, and the button for all of them."""
    stored: set[UUID] = st.session_state.get(_place(name), set())
    chosen = stored & set(shown)
    if len(shown) > 1 or chosen:
        label = "Choose none" if chosen else f"Choose all {len(shown):,}"
        wanted = set() if chosen else set(shown)
        st.button(label, key=f"roster_{name}_all", on_click=_choose, args=(name, wanted))
    return chosen


def take_ticks(name: str, ticks: Mapping[str, bool]) -> None:
    """The boxes as they stand now, by id."""
    ids = {found: is_on for box, is_on in ticks.items() if (found := as_uuid(box))}
    _choose(name, {one for one, is_on in ids.items() if is_on})


def forget(name: str) -> None:
    """What was wanted of them is done."""
    st.session_state.pop(_place(name), None)


def _choose(name: str, wanted: set[UUID]) -> None:
    st.session_state[_place(name)] = wanted


def _place(name: str) -> str:
    return f"roster_{name}_chosen"
