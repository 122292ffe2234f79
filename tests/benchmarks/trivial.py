"""The floor's app: one button and one text. Served by a Streamlit process of its own."""

import streamlit as st

if st.button("Again", key="again"):
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.text(f"Run {st.session_state.get('runs', 0)}.")
