"""Where a table comes from: a file, the clipboard; and the templates it may be written in."""

from collections.abc import Sequence
from datetime import tzinfo
from functools import partial
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import zone
from dashboard.components.text import heading, paragraph
from dashboard.editing.tables_in import source
from dashboard.reads import carried, fresh, roster
from dashboard.views.upload import state
from dashboard.views.upload.state import UPLOAD
from data.access import audit
from data.access.session import Actor
from data.files.importing.roster import Roster
from data.files.importing.stored import stored_rows
from data.files.importing.template import FilledRow, template_csv, template_xlsx
from data.reading.classes import overview
from data.writing.disclosures import disclosed_by

FILE: Final = "upload_file"
PASTED: Final = "upload_pasted"
HEADINGS: Final = "headings"
WRITERS: Final = {"csv": template_csv, "xlsx": template_xlsx}


def draw() -> None:
    """A file to choose, a field to paste into, and the templates."""
    UPLOAD.draw_problem()
    source.draw_file(
        "A CSV, Excel or ODS file",
        FILE,
        lambda name, content: state.open_file(name, content, FILE),
        UPLOAD.close,
    )
    example = "Student, Module and the new values"
    source.draw_pasted("table", example, key=PASTED, persist_state="page")
    st.button("Check pasted rows", key="upload_read_pasted", on_click=_take_pasted)
    _draw_templates()


def _take_pasted() -> None:
    state.open_pasted(st.session_state.get(PASTED, ""), PASTED)


def _draw_templates() -> None:
    heading("A template to fill in", 2)
    paragraph("One line per student and module. An empty cell changes nothing.", quiet=True)
    classes = reads.ask(overview.options, None).classes
    names = {HEADINGS: "Only the headings"} | {
        str(one): f"{name}, with its present values" for one, name in classes.items()
    }
    shown = str(carried.last_shown())
    if "upload_template" not in st.session_state and shown in names:
        st.session_state["upload_template"] = shown
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
    writers = {one: partial(template, one, actor, class_id, among, here) for one in WRITERS}
    source.draw_templates("progress", writers)


def template(
    ending: str, actor: Actor, class_id: UUID | None, among: Roster, here: tzinfo
) -> bytes:
    """The headings, filled with what is stored of a class where one is chosen: an export, and recorded."""
    rows: Sequence[FilledRow] = ()
    if class_id:
        rows = fresh.ask_as(actor, stored_rows, class_id)
        disclosed_by(actor, "file", {row.student.id for row in rows}, class_id)
        audit.record("progress exported", actor, rows=len(rows))
    return WRITERS[ending](rows, here, among)
