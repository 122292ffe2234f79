"""What was just saved, at the foot of every page, until it is dismissed or old: with the way to undo it.

(A link in Streamlit's toast opens another tab, which would have to sign in first.)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import browser
from dashboard.components.text import count
from data.writing.save import Outcome

OFFERED: Final = "saved_notice"
LASTS: Final = timedelta(minutes=3)
"""Looked at whenever the page is drawn, so that nothing vanishes under a reader's eyes."""

_mount = browser.component(
    "saved_notice", Path(__file__).parent, "saved_notice.js", "saved_notice.css"
)


@dataclass(frozen=True)
class _Offer:
    batch_id: UUID
    words: str
    since: datetime
    way: str  # to what undoes it


def offer_way(batch_id: UUID, words: str, page: str, **params: str) -> None:
    """Say from now on that this was saved, and offer the page, with these parameters, that undoes it."""
    way = f"{page}?{urlencode(params)}"
    st.session_state[OFFERED] = _Offer(batch_id, words, reads.visit().now, way)


def offer(outcome: Outcome, also: str = "") -> None:
    """Say from now on that this was saved (and `also` this), and offer to undo it. What wrote nothing is not
    spoken of."""
    if outcome.batch_id is None or not outcome.saved:
        return
    words = f"Saved: {count(len(outcome.saved), 'change', 'changes')}. {also}".rstrip()
    offer_way(outcome.batch_id, words, "history", batch=str(outcome.batch_id), undo="1")


def withdraw() -> None:
    """Nothing to say any more."""
    st.session_state.pop(OFFERED, None)


def draw() -> None:
    """The notice, if there is one."""
    found = _standing()
    if found is not None:
        data = [str(found.batch_id), found.words, found.way]
        _mount(key="saved_notice", data=data, on_dismissed_change=withdraw)


def _standing() -> _Offer | None:
    found = st.session_state.get(OFFERED)
    if isinstance(found, _Offer) and reads.visit().now - found.since < LASTS:
        return found
    withdraw()
    return None
