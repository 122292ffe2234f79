"""Correct progress with a file or a pasted table."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard import signin
from dashboard.components import (
    preview,
    upload_columns,
    upload_lines,
    upload_source,
    upload_state,
)
from dashboard.components.moments import zone
from dashboard.components.upload_state import Upload
from dashboard.components.words import alert, count, notice, opening, paragraph
from data.importing import Judgement, Verdict

NAME: Final = "upload"
LOOKING: Final = "Looking at every line …"


def draw() -> None:
    """The page: the table, what was understood of it, a verdict on every line; then the preview."""
    signin.require("coordinator", "admin")
    opening("Import a file", "Every line is looked at first. Nothing is saved before you say so.")
    if preview.is_open(NAME):
        if preview.draw(NAME) is None:
            return
        upload_state.close()
    upload = upload_state.current()
    if upload is None:
        upload_source.draw()
    else:
        _draw_upload(upload)


def _draw_upload(upload: Upload) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        lines = count(len(upload.sheet.rows), "line", "lines")
        paragraph(f"{upload.sheet.name}: {lines}.", fit=True)
        st.button("Another file", key=upload.key("close"), on_click=upload_state.close)
    if found := upload_state.problem():
        alert(found)
    upload_columns.draw(upload)
    if upload.columns.problems:
        return
    judgement = _judged(upload)
    if upload.is_judged_anew:
        notice(
            "Something changed since the file was read. These verdicts are over what stands now."
        )
    paragraph(upload_lines.sentence(judgement))
    changes = judgement.counts[Verdict.CHANGE]
    if changes:
        label = f"Preview {count(changes, 'change', 'changes')}"
        st.button(
            label, key=upload.key("preview"), type="primary", on_click=_begin, args=(judgement,)
        )
    upload_lines.draw(upload, judgement, zone())


def _judged(upload: Upload) -> Judgement:
    if upload.judgement is not None:
        return upload_state.judged(upload, zone(), lambda _: None)
    bar = st.progress(0.0, text=LOOKING)

    def step(fraction: float) -> None:
        bar.progress(min(fraction, 1.0), text=LOOKING)

    judgement = upload_state.judged(upload, zone(), step)
    bar.empty()
    return judgement


def _begin(judgement: Judgement) -> None:
    preview.begin(NAME, list(upload_state.proposals(judgement)), source="file")


draw()
