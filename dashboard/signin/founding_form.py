"""The first page of one's own school: what it is called, and who you are."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.components.text import alert, heading, paragraph
from dashboard.signin.school_link import ACCOUNT
from data.access.errors import DataError
from data.database import embedded, founding
from data.database.founding import Founding
from data.rules.roster import LONGEST_EMAIL, LONGEST_NAME, RosterFault
from data.settings import read_settings

FAULTS: Final = "founding_faults"

FIELDS: Final = {
    "organisation": ("What is your school called?", LONGEST_NAME),
    "full_name": ("What is your name?", LONGEST_NAME),
    "email": ("What is your e-mail address?", LONGEST_EMAIL),
}
"""By the name of each field: what it asks, and how many characters the answer may have."""


def draw(on_founded: Callable[[], None]) -> None:
    """The three questions; `on_founded` is called once the school is made."""
    heading("Your own school")
    paragraph(
        "It is empty, and on this computer alone. You will be its administrator: classes, students, modules "
        "and colleagues come next."
    )
    faults: list[RosterFault] = st.session_state.get(FAULTS, [])
    with st.form("founding", width=480):
        for name, (label, longest) in FIELDS.items():
            st.text_input(label, key=_key(name), max_chars=longest)
            for fault in (one for one in faults if one.field == name):
                alert(fault.message, field=_key(name))
        for fault in (one for one in faults if one.field not in FIELDS):
            alert(fault.message)
        st.form_submit_button(
            "Begin", key="found", type="primary", on_click=_found, args=(on_founded,)
        )


def _found(on_founded: Callable[[], None]) -> None:
    school = Founding.typed(*(str(st.session_state[_key(name)] or "") for name in FIELDS))
    st.session_state[FAULTS] = school.faults
    if school.faults:
        return
    server = embedded.running(read_settings().data_dir)
    try:
        if server is None:
            raise DataError("The database is not running any more. Start the dashboard again.")
        founding.found(server.owner_url, school, "form", ACCOUNT)
    except DataError as error:
        st.session_state[FAULTS] = [RosterFault("", str(error))]
        return
    on_founded()


def _key(name: str) -> str:
    return f"founding_{name}"
