"""What a table's columns mean, and what only a person can say of them."""

from __future__ import annotations

import streamlit as st

from dashboard.components.text import paragraph
from dashboard.views.upload import mapping, state
from dashboard.views.upload.state import Upload


def draw(upload: Upload) -> None:
    """What was assumed, other worksheets, the columns where they are to be changed, and open questions."""
    if upload.sheet.assumed:
        paragraph(" ".join(upload.sheet.assumed), quiet=True)
    if upload.sheet.further:
        _draw_worksheets(upload)
    mapping.draw(upload)
    _draw_questions(upload)


def _draw_worksheets(upload: Upload) -> None:
    key = upload.key("worksheet")
    st.selectbox(
        "Read another worksheet instead",
        list(upload.sheet.further),
        index=None,
        key=key,
        on_change=_another_worksheet,
        args=(upload, key),
        placeholder="Choose a worksheet",
        width=420,
    )


def _another_worksheet(upload: Upload, key: str) -> None:
    wanted = st.session_state.get(key)
    if wanted is not None and upload.content is not None:
        state.open_file(upload.sheet.name, upload.content, wanted)


def _draw_questions(upload: Upload) -> None:
    asked = upload.open_questions
    day_first = percent_cells = None
    if asked.day_first:
        day_first = st.radio(
            "In dates such as 3/4/2026, what is first?",
            [True, False],
            index=None,
            format_func=lambda one: "The day: 3 April" if one else "The month: March 4",
            key=upload.key("day_first"),
            horizontal=True,
            persist_state="page",
        )
    if asked.percent_cells:
        percent_cells = st.radio(
            "A cell that holds 0.85: what does it show?",
            [True, False],
            index=None,
            format_func=lambda one: "85 %" if one else "0.85, which is less than one percent",
            key=upload.key("percent_cells"),
            horizontal=True,
            persist_state="page",
        )
    upload.answer(day_first=day_first, percent_cells=percent_cells)
