"""Where a table comes from: a file, the clipboard; and the templates it may be written in."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from dashboard.components.links import download
from dashboard.web import wire

KINDS: Final = ["csv", "tsv", "txt", "xlsx", "xlsm", "xls", "ods", "zip"]
WRITTEN: Final = {"CSV": "csv", "Excel": "xlsx"}


def draw_file(
    label: str, key: str, take: Callable[[str, bytes], None], close: Callable[[], None]
) -> None:
    """A file to choose, handed on with its name; taken out again, `close` puts away what was wrong with it."""

    def taken() -> None:
        uploaded = st.session_state.get(key)
        if uploaded is None:
            close()
        else:
            take(uploaded.name, uploaded.getvalue())

    wire.make_drop_zone_known()
    st.file_uploader(label, type=KINDS, key=key, on_change=taken)


def draw_pasted(what: str, example: str, **widget: Any) -> None:
    """A field to paste into; `widget` says its key, and for how long it keeps what is in it."""
    st.text_area(
        f"Or paste a {what} with its headings",
        height=120,
        placeholder=f"{example}, as copied from a spreadsheet",
        **widget,
    )


def draw_templates(name: str, writers: Mapping[str, Callable[[], bytes]]) -> None:
    """A button for each kind of file that is written, in files of this name."""
    with st.container(horizontal=True):
        for kind, ending in WRITTEN.items():
            key = f"template_{name}_{ending}"
            download(f"Download {kind}", writers[ending], f"{name}.{ending}", key=key)
