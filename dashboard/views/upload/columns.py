"""What a table's columns mean, and what only a person can say of them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.components.text import alert, count, markdown_safe, paragraph
from dashboard.views.upload import state
from dashboard.views.upload.state import Upload
from data.files.importing import Meaning

NOT_USED: Final = "Not used"
MOST_COLUMNS: Final = 60
"""Each is a widget. Of more, only those that mean something are asked about."""


def draw(upload: Upload) -> None:
    """What was assumed, other worksheets, the columns where they are to be changed, and open questions."""
    if upload.sheet.assumed:
        paragraph(" ".join(upload.sheet.assumed), quiet=True)
    if upload.sheet.further:
        _draw_worksheets(upload)
    _draw_columns(upload)
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


def _draw_columns(upload: Upload) -> None:
    guesses = upload.columns.guesses
    known = [
        f"“{heading}” is {meaning.value}" if heading != meaning.value else f"“{heading}”"
        for heading, meaning in zip(upload.columns.headings, guesses, strict=True)
        if meaning is not None
    ]
    rest = guesses.count(None)
    unused = f"; {count(rest, 'column is', 'columns are')} not used" if rest else ""
    paragraph(f"Columns: {', '.join(known) or 'none recognised'}{unused}.")
    for sentence in upload.columns.problems:
        alert(sentence)
    wanted = st.toggle(
        "Change what the columns mean",
        value=bool(upload.columns.problems),
        key=upload.key("mapping"),
    )
    if not wanted:
        return
    places = [at for at, one in enumerate(guesses) if one or len(guesses) <= MOST_COLUMNS]
    with st.container(horizontal=True, key="upload_columns"):
        for at in places[:MOST_COLUMNS]:
            _draw_column(upload, at)


def _draw_column(upload: Upload, at: int) -> None:
    key = upload.key(f"column_{at}")
    guess = upload.columns.guesses[at]
    st.session_state[key] = guess.value if guess else NOT_USED
    heading = markdown_safe(upload.columns.headings[at][:60])
    st.selectbox(
        f"{at + 1}: {heading}" if heading else f"{at + 1}: no heading",
        [NOT_USED, *(one.value for one in Meaning)],
        key=key,
        on_change=_mean,
        args=(upload, at, key),
        width=220,
    )


def _mean(upload: Upload, at: int, key: str) -> None:
    chosen = st.session_state[key]
    upload.mean(at, None if chosen == NOT_USED else Meaning(chosen))


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
