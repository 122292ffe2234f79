"""A page of nothing but a preview, for AppTest: the test puts the proposals into the session."""

import streamlit as st

from dashboard.editing import preview, saved_notice
from dashboard.signin import gate

gate.gate(lambda: None)
if "proposals" in st.session_state:
    preview.begin("test", st.session_state.pop("proposals"), source="bulk")
outcome = preview.draw("test")
if outcome is not None:
    st.text(f"returned {len(outcome.saved)}")
st.text("open" if preview.is_open("test") else "closed")
saved_notice.draw()
