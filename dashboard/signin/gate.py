"""Who is there: somebody with an account of the school's, whoever followed the link to their own, or, where
that harms nobody, anybody of the demo."""

import gc
import logging
from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads, search
from dashboard.components import empty_and_error
from dashboard.components.text import paragraph
from dashboard.signin import (
    auth_routes,
    demo_allowed,
    demo_people,
    expiry,
    founding_form,
    opening,
    page,
    providers,
    school_link,
)
from dashboard.signin.demo_allowed import SignInKind
from dashboard.signin.opening import SharedDatabase
from dashboard.web import connections, wire
from data.access import audit, sign_in
from data.access.errors import DatabaseAway, DataError, to_operator
from data.access.log_privacy import keep_rows_out_of_logs
from data.access.outage_words import READ_ONLY
from data.access.session import Actor, Database
from data.access.sign_in import SignInAccount, SignInRefusal
from data.rules.roster import described_role
from data.settings import read_settings

LOG: Final = logging.getLogger("dashboard")

ANSWER: Final = "sign_in_answer"
"""What the database said of whom: (the sign-in's id, the person or why not)."""

NOTED: Final = "sign_in_noted"

Door = Callable[[], object]
"""What draws the page of somebody who is not signed in."""

HERE, EVERYWHERE = "In this browser", "Everywhere"

FOREIGN: Final = "Your sign-in could not be confirmed, so you are signed out. Sign in again."

WITHOUT_DOOR: Final = (
    "Where people sign in, the dashboard must be started with: python -m dashboard. Only that brings the "
    "protection that every page needs."
)


@st.cache_resource(show_spinner="Opening the database; the first time this takes a few seconds …")
def opened() -> SharedDatabase:
    """Of this process. A failure is not kept: the next rerun tries again."""
    # `streamlit run` knows nothing of our server. That is good enough for the demo, with its log.
    is_bare = not connections.is_through_the_door()
    if is_bare and providers.is_configured():
        raise demo_allowed.SignInConflict(WITHOUT_DOOR)
    try:
        found = opening.open_all(
            str(st.get_option("server.address") or ""), is_school=school_link.HERE.is_issued
        )
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
    found = _found()
    if not isinstance(found, reads.Visit):
        wire.around(partial(_draw, found))  # which draws the page anew when what is away is back
        hide_menu()
        st.stop()
    return found.actor


def _found() -> reads.Visit | Door:
    try:
        database, kind = opened()
        found = _visit_of(kind, database)
    except DataError as error:
        return partial(_draw_outage, error)
    if not isinstance(found, reads.Visit):
        connections.dismiss()
    return found


def _draw(door: Door) -> None:
    try:
        door()
    except DataError as error:
        _draw_outage(error)


def _draw_outage(error: DataError) -> None:
    # What is away, or can only be read, comes back as it was, and others go on reading it; what is not ready is
    # looked at anew.
    comes_back = isinstance(error, DatabaseAway) or error.state == READ_ONLY
    anew = () if comes_back else (opened.clear,)
    empty_and_error.draw_outage(error, *anew)


def _visit_of(kind: SignInKind, database: Database) -> reads.Visit | Door:
    if kind is SignInKind.DEMO:
        return demo_people.visit(database) or partial(demo_people.draw, database)
    if kind is SignInKind.LINK:
        return _visit(database, school_link.who_came(), _draw_link_door)
    return _visit(database, providers.who_came(), _draw_accounts_door)


# --- with a sign-in ---


def _visit(
    database: Database,
    came: SignInAccount | None,
    draw_door: Callable[[UUID | SignInRefusal | None, str], None],
) -> reads.Visit | Door:
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
    return partial(draw_door, found, email)


def _answer(database: Database, came: SignInAccount) -> UUID | SignInRefusal:
    """Asked once a tab; whether the sign-in still counts, each transaction asks anew."""
    kept: tuple[UUID, UUID | SignInRefusal] | None = st.session_state.get(ANSWER)
    return kept[1] if kept and kept[0] == came.session else _ask(database, came)


def _ask(database: Database, came: SignInAccount) -> UUID | SignInRefusal:
    found = sign_in.sign_in(database, came, read_settings().session_hours)
    st.session_state[ANSWER] = (came.session, found)
    return found


def _forget_answer() -> None:
    st.session_state.pop(ANSWER, None)


def _draw_accounts_door(found: UUID | SignInRefusal | None, email: str) -> None:
    settings = read_settings()
    if isinstance(found, SignInRefusal) and found not in page.SIGNED_OUT:
        page.draw_refusal(found, email, settings.contact, st.logout)
        return
    trouble = _trouble(found)
    if trouble is None and providers.has_foreign_cookie():
        trouble = FOREIGN
        _note_foreign_cookie()
    named = {one.name or "default": one.label for one in providers.providers()}
    page.draw_way_in(named, trouble, _come_in)


def _draw_link_door(found: UUID | SignInRefusal | None, _: str) -> None:
    if found is SignInRefusal.NO_EMAIL:  # the link is nobody's: there is no administrator yet
        founding_form.draw(_forget_answer)
        return
    if found is SignInRefusal.DISABLED:
        page.draw_link(page.WHY_NOT[found])
        return
    page.draw_link(_trouble(found))


def _trouble(found: UUID | SignInRefusal | None) -> str | None:
    """Why nobody is signed in any more, or why the last try led nowhere."""
    settings = read_settings()
    if isinstance(found, SignInRefusal):
        return page.why_signed_out(found, settings.session_hours)
    return page.why_it_failed(st.query_params.get(auth_routes.TROUBLE, ""), settings.contact)


def _note_foreign_cookie() -> None:
    """Once a tab: a page is drawn again and again."""
    if not st.session_state.get(NOTED):
        st.session_state[NOTED] = True
        audit.sign_in_failed("altered")


def _come_in(name: str) -> None:
    st.login(None if name == "default" else name)


def _leave(actor: Actor, *, everywhere: bool) -> None:
    # This page is on its way out by itself.
    connections.dismiss()
    sign_in.sign_out(actor, everywhere=everywhere)
    if opened().sign_in_kind is SignInKind.LINK:
        school_link.HERE.forget(actor.session)
        st.rerun()
    st.logout()
    st.stop()


# --- on every page ---


def draw_person(actor: Actor) -> None:
    """What the page's head has: the search, who is signed in, and the way out."""
    with st.container(
        key="person", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        search.draw(actor)
        role = described_role(actor.role, actor.organisation)
        paragraph(f"{actor.full_name}, {role}", quiet=True, fit=True)
        if actor.session is None:
            wire.keep(wire.PERSON, str(actor.id))
            st.button(
                "Sign out",
                key="sign_out",
                type="tertiary",
                on_click=demo_people.open_as,
                args=("",),
            )
            return
        chosen = st.menu_button("Sign out", (HERE, EVERYWHERE), key="sign_out", type="tertiary")
    if chosen is not None:
        _leave(actor, everywhere=chosen == EVERYWHERE)
