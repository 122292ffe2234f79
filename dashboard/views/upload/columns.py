"""What a table's columns mean, and how else its file may be read."""

from collections.abc import Mapping

import streamlit as st

from dashboard.components.text import paragraph
from dashboard.views.upload import mapping, state
from dashboard.views.upload.state import Upload
from data.files.importing.reading.encodings import ENCODINGS


def draw(upload: Upload) -> None:
    """What was assumed, other encodings and worksheets, and the columns where they are to be changed."""
    sheet = upload.sheet
    if sheet.assumed:
        paragraph(" ".join(sheet.assumed), quiet=True)
    if sheet.encoding:
        others = {one: name for one, name in ENCODINGS.items() if one != sheet.encoding}
        _draw_choice(upload, "encoding", "Are names misspelt? Read the text as", others)
    if sheet.further:
        others = {one: one for one in sheet.further}
        _draw_choice(upload, "sheet", "Read another worksheet instead", others)
    mapping.draw(upload)


def _draw_choice(upload: Upload, option: str, label: str, choices: Mapping[str, str]) -> None:
    key = upload.key(option)
    st.selectbox(
        label,
        list(choices),
        index=None,
        format_func=choices.__getitem__,
        key=key,
        on_change=_read_again,
        args=(upload, option, key),
        placeholder="Choose one",
        width=420,
    )


def _read_again(upload: Upload, option: str, key: str) -> None:
    wanted = st.session_state.get(key)
    if wanted is not None and upload.content is not None:
        state.open_file(upload.sheet.name, upload.content, key, **{option: wanted})
