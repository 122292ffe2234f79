"""Who is there: somebody with an account of the school's, or, where that harms nobody, anybody of the demo."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from itertools import groupby
from typing import Final, NamedTuple
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.text import heading, markdown_safe, paragraph
from dashboard.signin import auth_routes, demo_allowed, expiry, page, providers
from dashboard.signin.demo_allowed import Conditions, SignInKind
from dashboard.web import connections, wire
from data.access import audit, sign_in
from data.access.errors import DataError, to_operator
from data.access.log_privacy import keep_rows_out_of_logs
from data.access.session import Actor, Database
from data.access.sign_in import SignInAccount, SignInRefusal
from data.database import embedded
from data.open import Say, open_database
from data.reading.people import demo_people
from data.rules.ids import as_uuid
from data.settings import read_settings

LOG: Final = logging.getLogger("dashboard")

DEMO_PERSON: Final = "demo_person"

ANSWER: Final = "sign_in_answer"
"""What the database said of whom: (the sign-in's id, the person or why not)."""

NOTED: Final = "sign_in_noted"

HERE, EVERYWHERE = "In this browser", "Everywhere"

ROLES: Final = {
    "teacher": "Teacher",
    "coordinator": "Coordinator",
    "admin": "Administrator",
}

FOREIGN: Final = "Your sign-in could not be confirmed, so you are signed out. Sign in again."

WITHOUT_DOOR: Final = (
    "Where people sign in, the dashboard must be started with: python -m dashboard. Only that brings the "
    "protection that every page needs."
)


class SharedDatabase(NamedTuple):
    """The one database of this process, and how people come in to it."""

    database: Database
    sign_in_kind: SignInKind


def open_all(address: str, say: Say = lambda sentence: None) -> SharedDatabase:
    """Open the database and settle how people come in. Raises DataError, in words, also for any conflict."""
    settings, has_auth = read_settings(), providers.is_configured()
    providers.check()
    demo_allowed.sign_in_kind_before_opening(
        address=address, has_auth_section=has_auth, has_database_url=not settings.is_embedded
    )
    opened = open_database(settings, say, with_demo=not has_auth)
    conditions = Conditions(
        address=address,
        has_auth_section=has_auth,
        has_database_url=not settings.is_embedded,
        is_launchers=settings.is_embedded and embedded.running(settings.data_dir) is not None,
        has_marker=bool(demo_people(opened)),
    )
    return SharedDatabase(opened, demo_allowed.sign_in_kind(conditions))


@st.cache_resource(show_spinner="Opening the database; the first time this takes a few seconds …")
def opened() -> SharedDatabase:
    """Of this process. A failure is not kept: the next rerun tries again."""
    # `streamlit run` knows nothing of our server. That is good enough for the demo, with its log.
    is_bare = not connections.is_through_the_door()
    if is_bare and providers.is_configured():
        raise demo_allowed.SignInConflict(WITHOUT_DOOR)
    try:
        found = open_all(str(st.get_option("server.address") or ""))
    except DataError as error:
        LOG.warning("the database cannot be opened: %s", to_operator(error))
        raise
    if is_bare:
        audit.start(read_settings().audit_log)
        keep_rows_out_of_logs()
    # What was imported stays for good: out of the collector's way, or it is walked again and again.
    gc.collect()
    gc.freeze()
    return found


def gate(hide_menu: Callable[[], None]) -> Actor:
    """The person who is there; draws the sign-in, or what stands in its way, and stops, where nobody is.

    `hide_menu` shows no page, but lets the address go on naming one, which is opened afterwards.
    """
    visit = None
    try:
        database, kind = opened()
        visit = _demo_visit(database) if kind is SignInKind.DEMO else _visit(database)
        if visit is None:
            connections.dismiss()
    except DataError as error:
        empty_and_error.draw_outage(error, retry=opened.clear)
    if visit is None:
        hide_menu()
        st.stop()
    return visit.actor


# --- with accounts ---


def _visit(database: Database) -> reads.Visit | None:
    came = providers.who_came()
    found = _answer(database, came) if came else None
    if came and isinstance(found, UUID):
        visit = reads.begin(database, found, came.session)
        if visit is not None:
            return visit
        # Signed in until now: the database tells what became of it.
        found = _ask(database, came)
        found = found if isinstance(found, SignInRefusal) else SignInRefusal.ENDED
    if came and found in page.SIGNED_OUT:
        expiry.note(came.session)
    email = came.email if came else ""
    wire.around(lambda: _draw_door(found, email))
    return None


def _answer(database: Database, came: SignInAccount) -> UUID | SignInRefusal:
    """Asked once a tab; whether the sign-in still counts, each transaction asks anew."""
    kept: tuple[UUID, UUID | SignInRefusal] | None = st.session_state.get(ANSWER)
    return kept[1] if kept and kept[0] == came.session else _ask(database, came)


def _ask(database: Database, came: SignInAccount) -> UUID | SignInRefusal:
    found = sign_in.sign_in(database, came, read_settings().session_hours)
    st.session_state[ANSWER] = (came.session, found)
    return found


def _draw_door(found: UUID | SignInRefusal | None, email: str) -> None:
    settings = read_settings()
    if isinstance(found, SignInRefusal) and found not in page.SIGNED_OUT:
        page.draw_refusal(found, email, settings.contact, st.logout)
        return
    code = st.query_params.get(auth_routes.TROUBLE, "")
    trouble = page.why_it_failed(code, settings.contact)
    if isinstance(found, SignInRefusal):
        trouble = page.why_signed_out(found, settings.session_hours)
    elif trouble is None and providers.has_foreign_cookie():
        trouble = FOREIGN
        _note_foreign_cookie()
    named = {one.name or "default": one.label for one in providers.providers()}
    page.draw_way_in(named, trouble, _come_in)


def _note_foreign_cookie() -> None:
    """Once a tab: a page is drawn again and again."""
    if not st.session_state.get(NOTED):
        st.session_state[NOTED] = True
        audit.happened("sign-in failed", why="altered")


def _come_in(name: str) -> None:
    st.login(None if name == "default" else name)


def _leave(actor: Actor, *, everywhere: bool) -> None:
    # This page is on its way out by itself.
    connections.dismiss()
    sign_in.sign_out(actor, everywhere=everywhere)
    st.logout()
    st.stop()


# --- in the demo ---


def _demo_visit(database: Database) -> reads.Visit | None:
    person = _demo_person()
    visit = reads.begin(database, person) if person else None
    if visit is None:
        wire.around(lambda: _draw_demo_people(database))
    return visit


def _demo_person() -> UUID | None:
    chosen = st.session_state.get(DEMO_PERSON, wire.read(wire.PERSON))
    return as_uuid(chosen or "")


def _draw_demo_people(database: Database) -> None:
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
                on_click=_open_as,
                args=(str(person.id),),
                width=320,
            )


def _open_as(person: str) -> None:
    st.session_state[DEMO_PERSON] = person


# --- on every page ---


def draw_person(actor: Actor) -> None:
    """Who is signed in, and the way out."""
    with st.container(
        key="person", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        role = ROLES.get(actor.role, actor.role)
        paragraph(f"{actor.full_name}, {role.lower()}", quiet=True, fit=True)
        if actor.session is None:
            wire.keep(wire.PERSON, str(actor.id))
            st.button("Sign out", key="sign_out", type="tertiary", on_click=_open_as, args=("",))
            return
        chosen = st.menu_button("Sign out", (HERE, EVERYWHERE), key="sign_out", type="tertiary")
    if chosen is not None:
        _leave(actor, everywhere=chosen == EVERYWHERE)
