"""What was typed as a table and is not saved, told on every other page."""

from __future__ import annotations

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.words import count, notice


def draw() -> None:
    """A sentence and the way back for each class with unsaved changes; nothing where there is none."""
    for draft in reads.drafts():
        if draft.class_name is None:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            rows = count(draft.count, "row", "rows")
            notice(f"You have unsaved changes in {rows} of {draft.class_name}.", fit=True)
            links.to("grid", "Go on with them", **{"class": str(draft.class_id)})
