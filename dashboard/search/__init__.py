"""Finding somebody or something by a few letters, from every page: a field in its head, or / or Ctrl K. Beside
it is the way to copy a link to what the page shows.

What is typed reruns this part of the page alone. Which were opened last the browser knows, by their ids alone,
and tells; their names come from the database each time.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import browser
from dashboard.reads import fresh
from dashboard.reads.student_list import ALONE, LISTED
from data.access.errors import DataError
from data.access.session import Actor
from data.reading.students.search import MOST, Found, Kind, find
from data.rules.ids import as_uuid

KEY: Final = "search"
ASKED: Final = "search_asked"

MOST_OPENED: Final = 5

PAGES: Final[dict[Kind, str]] = {"student": "student", "class": "classroom", "module": "module"}
"""On which page each kind is opened; the page's parameter has the kind's name."""

_mount = browser.component(
    "search", Path(__file__).parent, "copy_link.js", "search.js", "search.css"
)


@st.fragment
def draw(actor: Actor) -> None:
    """The field, and what was found for what is typed in it."""
    asker, typed, opened = st.session_state.get(ASKED, (None, None, ()))
    found: Sequence[Found] = ()
    wrong = ""
    if asker != str(actor.id):
        typed = None  # by whoever was here before
    if typed is not None:
        try:
            found = fresh.ask_as(actor, find, typed, opened)
        except DataError as error:
            wrong = str(error)
    data = [str(actor.id), MOST_OPENED, MOST, typed, [_drawn(one) for one in found], wrong]
    _mount(key=KEY, data=data, on_event_change=_heard, width="content")


def _heard() -> None:
    """Keep what the browser asks, where it is a question."""
    match st.session_state.get(KEY, {}).get("event"):
        case [str(asker), str(typed), list(opened)]:
            known: list[UUID] = [one for one in map(as_uuid, map(str, opened[:MOST_OPENED])) if one]
            st.session_state[ASKED] = (asker, typed, tuple(known))


def _drawn(one: Found) -> list[object]:
    alone = f"&{LISTED}={ALONE}" if one.kind == "student" else ""
    href = f"{PAGES[one.kind]}?{one.kind}={one.id}{alone}"
    return [one.kind, href, one.name, one.beside, one.is_here, one.is_near]
