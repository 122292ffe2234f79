"""What staff corrected of somebody whom a roster file knows, and the way to let the file write it again."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import streamlit as st

from dashboard.components.text import alert, paragraph
from dashboard.views.school import roster_preview
from data.i18n.formats import listed
from data.roster.locks import unlocking
from data.roster.save import RosterOutcome
from data.roster.words import FIELDS


def draw(locked_id: UUID, locked: Sequence[str]) -> None:
    """The sentence, and the button that unlocks."""
    outcome = st.session_state.pop("roster_unlock_outcome", None)
    if isinstance(outcome, RosterOutcome) and outcome.problem is not None:
        alert(outcome.problem.message)
    named = listed([FIELDS[field].lower() for field in locked])
    with st.container(horizontal=True, vertical_alignment="center"):
        paragraph(f"Corrected here, so roster files leave it alone: {named}.", quiet=True, fit=True)
        st.button("Unlock", key="roster_unlock", on_click=_unlock, args=(locked_id, tuple(locked)))


def _unlock(locked_id: UUID, locked: Sequence[str]) -> None:
    outcome = roster_preview.save_or_say(unlocking(locked_id, locked), "form", uuid4())
    st.session_state["roster_unlock_outcome"] = outcome
    roster_preview.offer(outcome)
