"""The demo's door: open it as anybody of its invented people. And the way from there to one's own school."""

import os
import shlex
import sys
from itertools import groupby
from pathlib import Path
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.text import heading, markdown_safe, paragraph
from dashboard.web import wire
from data.access.session import Database
from data.reading.people import demo_people
from data.rules.ids import as_uuid
from data.rules.roster import ROLES

PERSON: Final = "demo_person"


def visit(database: Database) -> reads.Visit | None:
    """The visit of the person who was chosen; None where nobody was."""
    person = _person()
    return reads.begin(database, person) if person else None


def open_as(person: str) -> None:
    """From now on as this one; '' as nobody."""
    st.session_state[PERSON] = person


def _person() -> UUID | None:
    chosen = st.session_state.get(PERSON, wire.read(wire.PERSON))
    return as_uuid(chosen or "")


def draw(database: Database) -> None:
    """The choice."""
    heading("Progress")
    wire.keep(wire.PERSON, "")
    paragraph("A demo with invented people. Open it as one of them:")
    people = demo_people(database)
    for organisation, members in groupby(people, key=lambda person: person.organisation):
        heading(organisation or "All organisations", 2)
        for person in members:
            role = ROLES.get(person.role, person.role).lower()
            st.button(
                f"{markdown_safe(person.full_name)}, {role}",
                key=f"open_as_{person.id}",
                on_click=open_as,
                args=(str(person.id),),
                width=320,
            )
    _draw_way_to_school()


def _draw_way_to_school() -> None:
    heading("Start with my own school", 2)
    paragraph(
        "An empty database of your own, on this computer alone, without accounts or a server; this demo stays "
        "as it is. In the terminal where the demo runs, press Ctrl-C and start this instead:"
    )
    st.code(command(), language=None, wrap_lines=True)


def command() -> str:
    """What opens it, with the Python that runs the demo."""
    python = Path(sys.executable)
    here = Path.cwd()
    shown = python.relative_to(here) if python.is_relative_to(here) else python
    words = [str(shown), "-m", "dashboard", "--school"]
    if folder := os.environ.get("PROGRESS_DATA_DIR"):
        words += ["--data-dir", folder]
    return shlex.join(words)
