"""Where a list comes from: a file, the clipboard; and the templates it may be written in."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components.text import heading, paragraph
from dashboard.editing.tables_in import source
from dashboard.views.school import choosing
from dashboard.views.school.roster_file import state
from dashboard.views.school.roster_file.state import FILE
from data.roster.files.template import list_csv, list_xlsx

CHOSEN: Final = "roster_file_chosen"
PASTED: Final = "file_pasted"
FIELD: Final = "asks_roster_list"
"""Its container; the wire asks before a page is left where something is typed in one called so."""


def draw(organisation: UUID) -> None:
    """A file to choose, a field to paste into, and the templates."""
    FILE.draw_problem()
    paragraph(
        "A list with a line per person, or a package of OneRoster or School Data Sync. Every line is checked "
        "first, and nothing is saved until you confirm. Passwords and birthdays are never read."
    )
    source.draw_file(
        "A CSV, Excel, ODS or ZIP file",
        CHOSEN,
        lambda name, content: state.open_file(name, content, organisation),
        FILE.close,
    )
    with st.container(key=FIELD):
        example = "Name, E-mail, School number and Class"
        source.draw_pasted("list", example, **choosing.kept(PASTED))
    st.button(
        "Check pasted list", key="roster_file_paste", on_click=_take_pasted, args=(organisation,)
    )
    heading("A template to fill in", 2)
    paragraph("A name and a class are enough. An empty cell changes nothing.", quiet=True)
    source.draw_templates("people", {"csv": list_csv, "xlsx": list_xlsx})


def pasted() -> str:
    """What this person has pasted, checked or not."""
    return str(choosing.said(PASTED, ""))


def forget() -> None:
    """It was saved."""
    st.session_state.pop(choosing.key(PASTED), None)


def _take_pasted(organisation: UUID) -> None:
    state.open_file("Pasted list", pasted(), organisation)
