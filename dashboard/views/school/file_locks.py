"""What staff corrected of somebody whom a roster file knows, and the way to let the file write it again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.text import alert, paragraph
from dashboard.views.school import roster_preview
from data.access.errors import DataError
from data.i18n.formats import listed
from data.roster.locks import unlocking
from data.roster.save import RosterOutcome, save
from data.roster.words import FIELDS
from data.rules.progress import Problem


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
    changes = unlocking(locked_id, locked)
    try:
        outcome = save(reads.visit().actor, changes, source="form", batch_id=uuid4())
    except DataError as error:
        outcome = RosterOutcome(problem=Problem(None, "away", empty_and_error.unsure(error)))
    st.session_state["roster_unlock_outcome"] = outcome
    roster_preview.offer(outcome)
