"""What is shown, as a file: CSV at once, Excel when it is asked for."""

import streamlit as st

from dashboard import reads
from dashboard.components.links import download
from dashboard.web.limits.heavy_work import TABLES
from dashboard.web.private import DeltaGenerator
from data.access import audit
from data.access.session import Actor
from data.files.elsewhere.scores import Scores
from data.files.exporting.delimited import as_csv
from data.files.exporting.names import file_name
from data.files.exporting.rows import Export
from data.files.exporting.workbook import as_xlsx
from data.writing.disclosures import disclosed_by


def draw(export: Export) -> None:
    """The ways to both files."""
    actor = reads.visit().actor
    with st.container(horizontal=True):
        download(
            "Download CSV",
            lambda: handed_out(as_csv(export), actor, export),
            file_name(export, "csv"),
            key="export_csv",
        )
        is_wanted = st.button("Make Excel file", key="export_make")
    if not is_wanted:
        return
    bar = st.progress(0.0, text="Writing the file …")
    with TABLES.one(actor.id):
        made = as_xlsx(export, lambda fraction: _step(bar, fraction))
    bar.empty()
    made = handed_out(made, actor, export)
    offer("Excel", made, file_name(export, "xlsx"), key="export_xlsx")


def offer(kind: str, made: bytes, name: str, *, key: str) -> None:
    """The way to a file that was made."""
    download(f"Download {kind} file ({len(made) // 1024 + 1:,} kB)", made, name, key=key)


def handed_out(made: bytes, actor: Actor, export: Export, scores: Scores | None = None) -> bytes:
    """A file of a class for this person, once it is recorded whose data is in it: of all, or of these scores.

    Raises NotRecorded, DatabaseAway or DatabaseNotReady where it cannot be: then nobody gets it.
    """
    told = scores or export
    disclosed_by(actor, "file", [one.id for one in told.students], export.class_id)
    audit.record("class exported", actor, students=len(told.students), modules=len(told.modules))
    return made


def _step(bar: DeltaGenerator, fraction: float) -> None:
    bar.progress(min(fraction, 1.0), text="Writing the file …")
