"""Who is there. The demo sign-in opens the page as anybody: it exists only where that harms nobody."""

from __future__ import annotations

import gc
from itertools import groupby
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import demo, live, reads
from dashboard.components import states, wire
from dashboard.components.words import heading, markdown_safe, paragraph
from data import queries
from data.errors import DataError
from data.opening import open_database
from data.session import Actor, Database
from data.settings import read_settings

DEMO_PERSON: Final = "demo_person"

ROLES: Final = {
    "teacher": "Teacher",
    "coordinator": "Coordinator",
    "admin": "Administrator",
}


@st.cache_resource(show_spinner="Opening the database; the first time this takes a few seconds …")
def database() -> Database:
    """The one database of this process. A failure is not kept: the next rerun tries again."""
    opened = open_database(read_settings())
    live.offer(opened)
    # What was imported stays for good: out of the collector's way, or it is walked again and again.
    gc.collect()
    gc.freeze()
    return opened


def gate() -> Actor:
    """The person who is there; draws the sign-in, or what stands in its way, and stops, where nobody is."""
    try:
        opened = database()
        reason = why_no_demo()
        person = None if reason else _demo_person()
        visit = reads.begin(opened, person) if person else None
        if visit is None:
            wire.around(lambda: _draw_sign_in(opened, reason))
            st.stop()
    except DataError as error:
        states.draw_outage(error, retry=database.clear)
        st.stop()
    return visit.actor


def why_no_demo() -> str | None:
    """Why the demo sign-in must not exist here, as a sentence; None where it may."""
    return demo.conflict(
        address=str(st.get_option("server.address") or ""),
        has_database_url=read_settings().database_url is not None,
        has_auth_section=_has_auth_section(),
    )


def _has_auth_section() -> bool:
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def _demo_person() -> UUID | None:
    chosen = st.session_state.get(DEMO_PERSON, wire.read(wire.PERSON))
    try:
        return UUID(chosen) if chosen else None
    except ValueError:
        return None


def _draw_sign_in(opened: Database, reason: str | None) -> None:
    people = [] if reason else queries.demo_people(opened)
    heading("Progress")
    if not people:
        paragraph(reason or "This database holds no demo people.")
        paragraph(
            "Signing in with a school's own accounts is not part of this release. "
            "Unset DATABASE_URL to see the demo."
        )
        return
    wire.keep(wire.PERSON, "")
    paragraph("A demo with invented people. Open it as one of them:")
    for organisation, members in groupby(people, key=lambda person: person.organisation):
        heading(organisation or "All organisations", 2)
        for person in members:
            role = ROLES.get(person.role, person.role).lower()
            st.button(
                f"{markdown_safe(person.full_name)}, {role}",
                key=f"open_as_{person.id}",
                on_click=_open_as,
                args=(str(person.id),),
                width=320,
            )


def _open_as(person: str) -> None:
    st.session_state[DEMO_PERSON] = person


def draw_person(actor: Actor) -> None:
    """Who is signed in, and the way out."""
    wire.keep(wire.PERSON, str(actor.id))
    with st.container(
        key="person", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        role = ROLES.get(actor.role, actor.role)
        paragraph(f"{actor.full_name}, {role.lower()}", quiet=True, fit=True)
        st.button("Sign out", key="sign_out", type="tertiary", on_click=_open_as, args=("",))


def require(*roles: str) -> None:
    """Stop a page that is not for this person. Courtesy: the database refuses all the same."""
    if reads.visit().actor.role not in roles:
        paragraph("This page is for coordinators.")
        st.stop()
