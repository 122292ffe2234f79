"""Whether I get the digest by mail, where it is sent."""

from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.text import alert
from data.access.errors import DataError
from data.digest.terms import want_digest, wants_digest

SAID: Final = "digest_choice_said"
"""What stood in the way of the last click, to be said once."""


def draw() -> None:
    """A box to tick; nothing where the school does not send it."""
    wanted = reads.ask(wants_digest)
    if wanted is None:
        return
    key = f"digest_wanted_{wanted}"  # what it shows is what is stored
    st.checkbox(
        "Mail me who needs attention and what is new", wanted, key=key, on_change=_save, args=(key,)
    )
    if (said := st.session_state.pop(SAID, None)) is not None:
        alert(said)


def _save(key: str) -> None:
    try:
        want_digest(reads.visit().actor, wanted=st.session_state[key])
    except DataError as error:
        st.session_state[SAID] = empty_and_error.unsure(error).message
