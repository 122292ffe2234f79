"""The class that was shown last goes along to the next page, where its address names none."""

from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads

CLASS: Final = "class"
SHOWN: Final = "class_shown"


def remember(class_id: UUID) -> None:
    """This class is shown, to the person who is there."""
    st.session_state[SHOWN] = reads.visit().actor.id, class_id


def last_shown() -> UUID | None:
    """The class that this person was shown last; the demo may have another in the same tab."""
    person, class_id = st.session_state.get(SHOWN, (None, None))
    return class_id if person == reads.visit().actor.id else None


def go_along() -> None:
    """The address names it, where it names no class."""
    if CLASS not in st.query_params and (class_id := last_shown()):
        st.query_params[CLASS] = str(class_id)
