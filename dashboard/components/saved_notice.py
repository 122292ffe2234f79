"""The quiet notice after a save, on whatever page comes next."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.components.words import count, notice
from data.commands import Outcome

OFFERED: Final = "saved_notice"


def offer(outcome: Outcome) -> None:
    """Tell of this save from the next run on, until it is dismissed."""
    st.session_state[OFFERED] = outcome


def draw() -> None:
    """The notice, if there is one."""
    outcome = st.session_state.get(OFFERED)
    if not isinstance(outcome, Outcome):
        return
    with st.container(key="saved_notice", horizontal=True, vertical_alignment="center"):
        notice(f"Saved: {count(len(outcome.saved), 'change', 'changes')}.")
        st.button("Dismiss", key="saved_notice_dismiss", type="tertiary", on_click=_dismiss)


def _dismiss() -> None:
    st.session_state.pop(OFFERED, None)
