"""Where a table comes from: a file, the clipboard; and the templates it may be written in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from functools import partial
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import zone
from dashboard.components.text import heading, paragraph
from dashboard.reads import fresh, roster
from dashboard.views.upload import state
from dashboard.web import wire
from data.access import audit
from data.access.session import Actor
from data.files.exporting.names import CSV_TYPE, XLSX_TYPE
from data.files.importing.roster import Roster
from data.files.importing.stored import stored_rows
from data.files.importing.template import FilledRow, template_csv, template_xlsx
from data.reading.classes import overview

FILE: Final = "upload_file"
PASTED: Final = "upload_pasted"
HEADINGS: Final = "headings"
KINDS: Final = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "zip"]
WRITERS: Final = {
    "CSV": (template_csv, "csv", CSV_TYPE),
    "Excel": (template_xlsx, "xlsx", XLSX_TYPE),
}


def draw() -> None:
    """A file to choose, a field to paste into, and the templates."""
    state.draw_problem()
    wire.make_drop_zone_known()
    st.file_uploader("A CSV, Excel or ODS file", type=KINDS, key=FILE, on_change=_take_file)
    st.text_area(
        "Or paste a table with its headings",
        key=PASTED,
        height=120,
        placeholder="Student, Module and the new values, as copied from a spreadsheet",
        persist_state="page",
    )
    st.button("Check pasted rows", key="upload_read_pasted", on_click=_take_pasted)
    _draw_templates()


def _take_file() -> None:
    uploaded = st.session_state.get(FILE)
    if uploaded is None:
        state.close()  # with what was wrong with it
    else:
        state.open_file(uploaded.name, uploaded.getvalue(), FILE)


def _take_pasted() -> None:
    state.open_pasted(st.session_state.get(PASTED, ""), PASTED)


def _draw_templates() -> None:
    heading("A template to fill in", 2)
    paragraph("One line per student and module. An empty cell changes nothing.", quiet=True)
    classes = reads.ask(overview.options, None).classes
    names = {HEADINGS: "Only the headings"} | {
        str(one): f"{name}, with its present values" for one, name in classes.items()
    }
    chosen = st.selectbox(
        "What the template contains",
        list(names),
        format_func=names.__getitem__,
        key="upload_template",
        width=420,
        persist_state="page",
    )
    class_id = None if chosen == HEADINGS else UUID(chosen)
    actor, among, here = reads.visit().actor, roster.roster(), zone()
    with st.container(horizontal=True):
        for kind, (_, ending, mime) in WRITERS.items():
            st.download_button(
                f"Download {kind}",
                data=partial(template, kind, actor, class_id, among, here),
                file_name=f"progress.{ending}",
                mime=mime,
                on_click="ignore",
                key=f"upload_template_{ending}",
            )


def template(kind: str, actor: Actor, class_id: UUID | None, among: Roster, here: tzinfo) -> bytes:
    """The headings, filled with what is stored of a class where one is chosen: that is noted as an export."""
    rows: Sequence[FilledRow] = ()
    if class_id:
        rows = fresh.ask_as(actor, stored_rows, class_id)
        audit.record("progress exported", actor, rows=len(rows))
    return WRITERS[kind][0](rows, here, among)
