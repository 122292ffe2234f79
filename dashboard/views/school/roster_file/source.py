"""Where a list comes from: a file, the clipboard; and the templates it may be written in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components.text import alert, heading, paragraph
from dashboard.views.school import choosing
from dashboard.views.school.roster_file import state
from dashboard.web import wire
from data.files.exporting.names import CSV_TYPE, XLSX_TYPE
from data.roster.files.template import list_csv, list_xlsx

FILE: Final = "roster_file_chosen"
PASTED: Final = "file_pasted"
FIELD: Final = "asks_roster_list"
"""Its container; the wire asks before a page is left where something is typed in one called so."""

KINDS: Final = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "zip"]
TEMPLATES: Final[dict[str, tuple[Callable[[], bytes], str, str]]] = {
    "CSV": (list_csv, "csv", CSV_TYPE),
    "Excel": (list_xlsx, "xlsx", XLSX_TYPE),
}


def draw(organisation: UUID) -> None:
    """A file to choose, a field to paste into, and the templates."""
    if found := state.why_closed():
        alert(found)
    paragraph(
        "A list with a line per person, or a package of OneRoster or School Data Sync. Every line is checked "
        "first, and nothing is saved until you confirm. Passwords and birthdays are never read."
    )
    wire.make_drop_zone_known()
    st.file_uploader(
        "A CSV, Excel, ODS or ZIP file",
        type=KINDS,
        key=FILE,
        on_change=_take_file,
        args=(organisation,),
    )
    with st.container(key=FIELD):
        st.text_area(
            "Or paste a list with its headings",
            height=120,
            placeholder="Name, E-mail, School number and Class, as copied from a spreadsheet",
            **choosing.kept(PASTED),
        )
    st.button(
        "Check pasted list", key="roster_file_paste", on_click=_take_pasted, args=(organisation,)
    )
    heading("A template to fill in", 2)
    paragraph("A name and a class are enough. An empty cell changes nothing.", quiet=True)
    with st.container(horizontal=True):
        for kind, (write, ending, mime) in TEMPLATES.items():
            st.download_button(
                f"Download {kind}",
                data=write,
                file_name=f"people.{ending}",
                mime=mime,
                on_click="ignore",
                key=f"roster_template_{ending}",
            )


def pasted() -> str:
    """What this person has pasted, checked or not."""
    return str(choosing.said(PASTED, ""))


def forget() -> None:
    """It was saved."""
    st.session_state.pop(choosing.key(PASTED), None)


def _take_file(organisation: UUID) -> None:
    uploaded = st.session_state.get(FILE)
    if uploaded is not None:
        state.open_file(uploaded.name, uploaded.getvalue(), organisation)


def _take_pasted(organisation: UUID) -> None:
    state.open_file("Pasted list", pasted(), organisation)
