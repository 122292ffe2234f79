"""How long an organisation's data is kept: the periods, what is due under them, and its removal."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.empty_and_error import is_attached
from dashboard.components.formats import day, zone
from dashboard.components.table import Column, table
from dashboard.components.text import count, heading, paragraph, said_once
from data.access.errors import DataError
from data.data_protection.retention import (
    LONGEST,
    SHORTEST,
    Due,
    Periods,
    Removed,
    due,
    keep_for,
    remove_due,
)
from data.i18n.dates import short_date
from data.i18n.formats import unlike
from data.rules.progress import Problem

FIELDS: Final = {
    "leavers": "People after they left, months",
    "notes": "Notes after their last change, months",
    "history": "Changes of progress, months",
}
OURS: Final = ("notes", "history")
"""What has a period where people are a platform's to remove."""

SAID: Final = "retention_said"
"""What became of the last click, to be said once."""


def draw() -> None:
    """The periods of an organisation, which is chosen where there are several."""
    heading("How long data is kept", 2)
    said_once(SAID)
    found = {one.organisation_id: one for one in reads.ask(due)}
    if not found:
        return
    names = unlike({key: one.organisation for key, one in found.items()})
    one = next(iter(found))
    if len(found) > 1:
        one = st.selectbox(
            "Organisation",
            list(names),
            format_func=names.__getitem__,
            key="retention_of",
            width=480,
        )
    paragraph(
        "What is left empty is kept. Nothing goes by itself: what is due is shown here first.",
        quiet=True,
    )
    _draw_periods(found[one])
    _draw_due(found[one])


def _fields() -> Mapping[str, str]:
    if not is_attached():
        return FIELDS
    return {name: FIELDS[name] for name in OURS}


def _key(one: Due, name: str) -> str:
    """A widget's, anew where another value is stored: what it shows is what is stored."""
    return f"retention_{name}_{one.organisation_id.hex[:8]}_{getattr(one.periods, name)}"


def _draw_periods(one: Due) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, label in _fields().items():
            # Not as its default: a field that is cleared would come to hold it again.
            st.session_state.setdefault(_key(one, name), getattr(one.periods, name))
            st.number_input(
                label,
                SHORTEST[name],
                LONGEST,
                None,
                step=1,
                key=_key(one, name),
                placeholder="Kept",
                width=280,
            )
        st.button("Save periods", key="retention_save", on_click=_save, args=(one,))


def _save(one: Due) -> None:
    wanted = Periods(**{name: st.session_state[_key(one, name)] for name in _fields()})
    try:
        problem = keep_for(reads.visit().actor, one.organisation_id, wanted)
    except DataError as error:
        problem = empty_and_error.unsure(error)
    st.session_state[SAID] = problem or "Saved. Nothing was removed."


def _draw_due(one: Due) -> None:
    if not one.is_any:
        if one.periods != Periods():
            paragraph("Nothing is due.")
        return
    here = zone()
    span = " to ".join(dict.fromkeys(str(day(at, here)) for at in (one.first, one.last) if at))
    rows = (
        ("People who left, with all there is of them", len(one.leavers), ""),
        ("Notes, with their earlier versions", one.notes, ""),
        ("Changes of progress", one.history, span),
    )
    table(
        key="retention_due",
        caption="What is due",
        columns=("What", Column("How many", "number"), "Of"),
        rows=[(what, f"{number:,}", of) for what, number, of in rows if number],
    )
    if one.leavers:
        table(
            key="retention_leavers",
            caption="People who are due",
            columns=("Name", "Left on"),
            rows=[(each.full_name, short_date(each.left_on)) for each in one.leavers],
        )
    if one.history:
        paragraph(
            "Without these changes the pages begin later: classes as they stood on a day, completion over "
            "time, and what can be undone. Today’s progress stays.",
            quiet=True,
        )
    _draw_confirmation(one)


def _draw_confirmation(one: Due) -> None:
    key = f"retention_name_{one.organisation_id.hex[:8]}"
    paragraph(
        "Nobody can bring it back. To confirm, type the organisation’s name: "
        f"{one.organisation.strip()}"
    )
    st.text_input("Name", key=key, width=480, autocomplete="off")
    st.button(
        "Remove what is due",
        key="retention_remove",
        type="primary",
        on_click=_remove,
        args=(one, key),
    )


def _remove(one: Due, key: str) -> None:
    said: Removed | Problem
    try:
        said = remove_due(reads.visit().actor, one, st.session_state.get(key, ""))
    except DataError as error:
        said = empty_and_error.unsure(error)
    if isinstance(said, Removed):
        st.session_state.pop(key, None)
    st.session_state[SAID] = said if isinstance(said, Problem) else _went(said)


def _went(removed: Removed) -> str:
    return (
        f"Removed: {count(removed.leavers, 'person', 'people')}, {count(removed.notes, 'note', 'notes')}, "
        f"{count(removed.history, 'change', 'changes')} of progress."
    )
