"""What a table's columns mean, and what only a person can say of them."""

from __future__ import annotations

import streamlit as st

from dashboard.components.text import paragraph
from dashboard.views.upload import mapping, state
from dashboard.views.upload.state import Upload
from data.files.importing.reading.encodings import ENCODINGS


def draw(upload: Upload) -> None:
    """What was assumed, other encodings and worksheets, and the columns where they are to be changed."""
    if upload.sheet.assumed:
        paragraph(" ".join(upload.sheet.assumed), quiet=True)
    if upload.sheet.encoding:
        _draw_encodings(upload, upload.sheet.encoding)
    if upload.sheet.further:
        _draw_worksheets(upload)
    mapping.draw(upload)


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


def _draw_encodings(upload: Upload, present: str) -> None:
    key = upload.key("encoding")
    st.selectbox(
        "Are names misspelt? Read the text as",
        [one for one in ENCODINGS if one != present],
        index=None,
        format_func=ENCODINGS.__getitem__,
        key=key,
        on_change=_another_encoding,
        args=(upload, key),
        placeholder="Choose an encoding",
        width=420,
    )


def _another_encoding(upload: Upload, key: str) -> None:
    wanted = st.session_state.get(key)
    if wanted is not None and upload.content is not None:
        state.open_file(upload.sheet.name, upload.content, encoding=wanted)
