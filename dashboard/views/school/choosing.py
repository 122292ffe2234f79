"""The rows of a table that are chosen for a change of several: by their ticks, all at once, or none."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.views.school import roster_preview
from dashboard.web import wire
from data.roster.changes import RosterChange
from data.rules.ids import as_uuid


def draw(name: str, shown: Collection[UUID]) -> set[UUID]:
    """Which of those that are shown are chosen in the table of this name, and the button for all of them."""
    there = chosen(name) & set(shown)
    if there:
        wire.ask_before_leaving()
    if len(shown) > 1 or there:
        label = "Choose none" if there else f"Choose all {len(shown):,}"
        wanted = set() if there else set(shown)
        st.button(label, key=f"roster_{name}_all", on_click=_choose, args=(name, wanted))
    return there


def chosen(name: str) -> set[UUID]:
    """Which this person ticked in the table of this name."""
    stored: set[UUID] = st.session_state.get(_place(name), set())
    return stored


def key(what: str) -> str:
    """A widget's key: whoever signs in next finds nothing of what was chosen."""
    return f"roster_{what}_{reads.visit().actor.id.hex[:8]}"


def kept(what: str) -> dict[str, Any]:
    """How a widget says what is to be done with them: it is found as it was after another page, until a change
    of the table that its name begins with is saved."""
    return {"key": key(what), "persist_state": "session"}


def said(what: str, otherwise: Any = None) -> Any:
    """What that widget says."""
    return st.session_state.get(key(what), otherwise)


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
        on_saved=lambda: _forget(name),
    )


def _choose(name: str, wanted: set[UUID]) -> None:
    st.session_state[_place(name)] = wanted


def _forget(name: str) -> None:
    """Which were chosen in the table of this name, and what was to be done with them."""
    st.session_state.pop(_place(name), None)
    me = reads.visit().actor.id.hex[:8]
    for said in map(str, list(st.session_state)):
        if said.startswith(f"roster_{name}_") and said.endswith(me):
            del st.session_state[said]


def _place(name: str) -> str:
    return key(f"chosen_{name}")
