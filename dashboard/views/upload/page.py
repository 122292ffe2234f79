"""Correct progress with a file or a pasted table."""

from typing import Final

import streamlit as st

from dashboard.components import empty_and_error
from dashboard.components.formats import zone
from dashboard.components.text import count, notice, opening, paragraph
from dashboard.editing import preview
from dashboard.editing.tables_in import verdicts
from dashboard.views.upload import columns, questions, source, state
from dashboard.views.upload import lines as upload_lines
from dashboard.views.upload.state import UPLOAD, Upload
from data.files.importing.judging.verdicts import Judgement, Verdict

NAME: Final = "upload"
ASKED: Final = "upload_asked"


def draw() -> None:
    """The page: the table, what was understood of it, a verdict on every line; then the preview."""
    opening("Import a file", "Every line is checked first. Nothing is saved until you confirm.")
    asked = st.session_state.pop(ASKED, False)
    if preview.is_open(NAME):
        outcome = preview.draw(NAME)
        if outcome is None:
            return
        state.keep_what_is_left(len(outcome.saved))
    upload = UPLOAD.current()
    if upload is not None:
        _draw_upload(upload, asked)
    elif not empty_and_error.draw_nothing_to_import_to():
        source.draw()


def _draw_upload(upload: Upload, asked: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        lines = count(len(upload.sheet.rows), "line", "lines")
        paragraph(f"{upload.sheet.name}: {lines}.", fit=True)
        st.button("Another file", key=upload.key("close"), on_click=UPLOAD.close)
    if upload.saved:
        saved = count(upload.saved, "change", "changes")
        notice(f"Saved: {saved}. The lines that could not be taken are still here.")
    UPLOAD.draw_problem()
    columns.draw(upload)
    if upload.columns.problems:
        return
    judgement = _judged(upload)
    if upload.is_judged_anew:
        notice("Something changed since the file was read, so every line was checked again.")
    questions.draw(upload)
    if judgement.notes:
        paragraph(" ".join(judgement.notes), quiet=True)
    paragraph(verdicts.sentence(judgement.counts, upload_lines.WORDS))
    changes = judgement.counts[Verdict.CHANGE]
    if changes:
        if asked:
            _begin(judgement)
        label = f"Preview {count(changes, 'change', 'changes')}"
        st.button(label, key=upload.key("preview"), type="primary", on_click=_ask)
    upload_lines.draw(upload, judgement, zone())


def _judged(upload: Upload) -> Judgement:
    if upload.judgement is not None:
        return state.judged(upload, zone(), lambda _: None)
    return verdicts.looking(lambda step: state.judged(upload, zone(), step))


def _ask() -> None:
    """A choice may come in one run with the click: previewed is what is judged by that."""
    st.session_state[ASKED] = True


def _begin(judgement: Judgement) -> None:
    preview.begin(NAME, list(state.proposals(judgement)), source="file")
    st.rerun()


draw()
