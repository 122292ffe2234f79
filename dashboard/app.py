"""The script Streamlit runs: who is there, and which page."""

import sys
from pathlib import Path

import streamlit as st

# `streamlit run dashboard/app.py` puts only this folder on the path.
ROOT = str(Path(__file__).resolve().parent.parent)
if ROOT not in sys.path:
    sys.path.insert(0, ROOT)

from dashboard import navigation, page_style, reads  # noqa: E402
from dashboard.components import empty_and_error  # noqa: E402
from dashboard.signin import gate  # noqa: E402
from dashboard.web import connections, live  # noqa: E402

# A Material icon would be fetched from its maker's server.
ICON = Path(__file__).with_name("icon.svg")
# Its title is named with each page's heading.
st.set_page_config(page_icon=str(ICON), layout="wide")
page_style.draw()
actor = gate.gate(navigation.hide)
if not connections.admit(actor):
    navigation.hide()
    empty_and_error.draw_too_many_pages(connections.MOST_PAGES)
    st.stop()
if live.keep_up(actor.database):
    reads.forget()
navigation.run(actor)
