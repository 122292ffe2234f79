"""Whether an organisation has the digest sent by mail, and names students in it."""

from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.text import heading, notice, paragraph, said_once
from data.access.errors import DataError
from data.digest.terms import DigestTerms, digest_terms, have_digest_sent
from data.i18n.formats import unlike
from data.roster.reading.managed import ManagedSchool
from data.settings import read_settings

SAID: Final = "digest_said"
"""What became of the last click, to be said once."""


def draw(school: ManagedSchool) -> None:  # noqa: ARG001 - as every section
    """The two choices of an organisation, which is chosen where there are several."""
    heading("Digest by mail", 2)
    said_once(SAID)
    found = {one.organisation_id: one for one in reads.ask(digest_terms)}
    if not found:
        return
    paragraph(
        "All staff who have classes get a mail about their own: who needs attention and why, and what is new. "
        "When it goes out, once a day or once a week, is set up on the server. Each person can unsubscribe."
    )
    settings = read_settings()
    if settings.mail_server is None:
        ask = f"Ask {settings.contact}."
        notice(
            f"No mail server is set up for this dashboard: until there is one, nothing is sent. {ask}"
        )
    names = unlike({key: one.organisation for key, one in found.items()})
    one = next(iter(found))
    if len(found) > 1:
        one = st.selectbox(
            "Organisation", list(names), format_func=names.__getitem__, key="digest_of", width=480
        )
    _draw_choices(found[one])


def _key(one: DigestTerms, name: str) -> str:
    """A widget's, anew where another value is stored: what it shows is what is stored."""
    return f"digest_{name}_{one.organisation_id.hex[:8]}_{one.is_sent}_{one.names_students}"


def _draw_choices(one: DigestTerms) -> None:
    st.checkbox("Send the digest", one.is_sent, key=_key(one, "is_sent"))
    st.checkbox("Name students in it", one.names_students, key=_key(one, "names_students"))
    paragraph(
        "Mails are stored and read outside of the dashboard. Without names students are counted; links lead to "
        "them after signing in.",
        quiet=True,
    )
    st.button("Save", key="digest_save", on_click=_save, args=(one,))


def _save(one: DigestTerms) -> None:
    try:
        problem = have_digest_sent(
            reads.visit().actor,
            one.organisation_id,
            is_sent=st.session_state[_key(one, "is_sent")],
            names_students=st.session_state[_key(one, "names_students")],
        )
    except DataError as error:
        problem = empty_and_error.unsure(error)
    st.session_state[SAID] = problem or "Saved."
