"""People and classes that are a platform's: where they come from, when they were read, and who was left out."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.empty_and_error import NOT_RECORDED, is_old, when
from dashboard.components.formats import day, zone
from dashboard.components.table import Column, table
from dashboard.components.text import alert, notice, paragraph
from data.access.errors import DataError
from data.reading.attachment import THE_PLATFORMS, Attachment, attachment
from data.roster.reading.managed import ManagedSchool
from data.roster.refresh import read_again

SAID: Final = "platform_said"
"""What became of the last click, to be said once: what is wrong, or nothing."""

TO_DO: Final = {
    "without an organisation": "Enter an organisation that is there.",
    "without a name": "Enter a name.",
    "without an e-mail": "Enter the e-mail address: people sign in by it.",
    "with the e-mail of another": "Give each an address of their own: of two, neither can sign in.",
    "without a module": "Enter a module that is there.",
    "without a role": "Enter what they are: without a role nobody can sign in.",
    "with a role nobody set": (
        "The word gives nobody anything here. Whoever runs the dashboard says what it means."
    ),
}
"""What is to be done on the platform, by what the reason has in it."""

NO_ROLE: Final = ("staff with a role nobody set: none", "staff with a role nobody set: ")
"""How it is counted where there is no word at all."""


def draw(school: ManagedSchool) -> None:  # noqa: ARG001 - as every section
    """Whose they are, how old they are and why, and for administrators the way to read them again."""
    found = reads.ask(attachment)
    if found is None:
        return
    paragraph(THE_PLATFORMS)
    paragraph(_facts(found), quiet=True)
    _draw_trouble(found)
    if reads.visit().actor.role == "admin":
        _draw_again(found)
    _draw_not_taken(found.not_taken)


def _facts(found: Attachment) -> str:
    what = "Names" if found.has_triggers else "Names and counts"
    known = f" Changes of progress are known since {day(found.known_since, zone())}."
    unseen = (
        f" {NOT_RECORDED} The platform can change values that are locked here."
        if not found.has_triggers
        else ""
    )
    return (
        f"{what} as of {when(found.refreshed_at)}, by the adapter {found.adapter}; they are read every few "
        f"minutes.{known if found.known_since else ''}{unseen}"
    )


def _draw_trouble(found: Attachment) -> None:
    if found.failed_at is not None:
        alert(
            f"They could not be read at {when(found.failed_at)}, so they are as before. Whoever runs the "
            "dashboard finds the cause with: python -m data check"
        )
        if found.error:
            paragraph(f"The database said: {found.error}")
    elif is_old(found):
        paragraph("Nobody had a class open since: they are read again as soon as somebody has.")


def _draw_again(found: Attachment) -> None:
    said = st.session_state.pop(SAID, None)
    if said == "":
        notice("Read again.")
    elif said and found.failed_at is None:  # else it stands above already
        alert(said)
    if st.button("Read it again now", key="platform_read_again", type="primary"):
        with st.spinner("Reading people, classes and modules …"):
            st.session_state[SAID] = _read_again()
        reads.forget()
        st.rerun()


def _read_again() -> str:
    try:
        problem = read_again(reads.visit().actor)
    except DataError as error:
        problem = empty_and_error.unsure(error)
    return problem.message if problem else ""


def _draw_not_taken(reasons: Mapping[str, int]) -> None:
    named = {"staff without a role" if one in NO_ROLE else one: n for one, n in reasons.items()}
    table(
        key="platform_not_taken",
        caption="Left out when it was last read",
        columns=("What", Column("How many", "number"), "What to do on the platform"),
        rows=[
            (f"{reason[:1].upper()}{reason[1:]}", f"{many:,}", _to_do(reason))
            for reason, many in sorted(named.items())
        ],
        empty="Everybody and everything was taken.",
    )


def _to_do(reason: str) -> str:
    return next((what for part, what in TO_DO.items() if part in reason), "")
