"""Who is here: the connections that are open, and on which of them somebody has signed in.

What is no page (a stream of hints, a file to download, an upload) comes without a connection of Streamlit's. It
is answered to a browser that holds the key of a connection on which somebody is signed in, and to no other.
"""

import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import Scope

from dashboard.web.private import RunningPage, running_page
from data.access import audit
from data.access.session import Actor

MARK: Final = "x-progress-visit"
"""The header in which the script finds its connection; what a visitor sends under this name does not count."""

KEY: Final = "progress_browser"
WRITTEN: Final = re.compile(r"[\w-]{43}", re.ASCII)

MOST_PAGES: Final = 40
"""That one person may have open: each is held in memory."""

AWAY: Final = 120.0
"""Seconds for which Streamlit keeps the page of a connection that broke, for the one that follows."""


PROCESS: Final = secrets.token_hex(4)
"""By which a page knows this process from another."""


@dataclass
class OpenConnection:
    """One open connection. `session` is Streamlit's name for its page once somebody has signed in on it,
    `person` who did so last, `actor` who is signed in just now, `place` by which hash and name its browser
    asked for what it shows. `end` closes it where nobody is.

    A page whose sign-in is over keeps its name: left open, it takes no place of those who wait to sign in.
    """

    kind: str
    address: str
    browser: str = ""
    session: str | None = None
    person: UUID | None = None
    actor: Actor | None = None
    place: tuple[str, str] = ("", "")
    end: Callable[[], None] | None = None
    is_leaving: bool = False
    since: float = field(default_factory=time.monotonic)


_visits: dict[str, OpenConnection] = {}
_broken: dict[tuple[str, str], tuple[OpenConnection, float]] = {}


def enter(visit: OpenConnection) -> str:
    """A connection is open from now on; the mark under which its script finds it."""
    mark = uuid4().hex
    _visits[mark] = visit
    return mark


def leave(mark: str) -> None:
    """It is open no more."""
    visit = _visits.pop(mark)
    if visit.session is not None:
        _broken[visit.browser, visit.session] = visit, time.monotonic() + AWAY


def resume(visit: OpenConnection, session: str) -> None:
    """A connection broke, and the same browser comes back for its page: Streamlit then runs nothing that would
    say who is there, so it is still who was there."""
    now = time.monotonic()
    for gone in [one for one, (_, until) in _broken.items() if until < now]:
        del _broken[gone]
    before, _ = _broken.pop((visit.browser, session), (None, now))
    for other in list(_visits.values()):
        # The server may not have noticed yet that it broke.
        if (other.browser, other.session) == (visit.browser, session):
            before = other
    if before is not None:
        visit.session, visit.person = session, before.person
        visit.actor, visit.place = before.actor, before.place


def is_through_the_door() -> bool:
    """Whether the script that is running belongs to a connection that came through the door."""
    return _running() is not None


def admit(actor: Actor) -> bool:
    """This person is signed in on the connection whose script is running. False where as many pages as one
    person may have are open already: it stays one on which nobody is."""
    visit, page = _running(), running_page()
    if visit is None or page is None:
        return True
    if visit.person is None and len(pages_of(actor.id)) >= MOST_PAGES:
        return False
    if visit.actor is None:
        audit.record("came in", actor)
    visit.session, visit.person = page.name, actor.id
    visit.actor, visit.place = actor, page.place
    return True


def pages_of(person: UUID) -> set[str]:
    """Streamlit's names of the pages that this person has open."""
    here = [one for one in list(_visits.values()) if one.person == person]
    return {one.session for one in here if one.session is not None}


def follows(person: UUID) -> int:
    """How many classes' changes this person is told of just now: a page of theirs follows one."""
    return sum((one.kind, one.person) == ("live", person) for one in list(_visits.values()))


def dismiss() -> None:
    """Nobody is signed in on it, or no longer."""
    visit = _running()
    if visit is not None:
        visit.actor = None


def dismiss_page(page: str) -> RunningPage:
    """Nobody is signed in any longer on the page that Streamlit calls so; what it shows."""
    place = "", ""
    for visit in list(_visits.values()):
        if visit.session == page:
            visit.actor, place = None, visit.place
    return RunningPage(page, place)


def _running() -> OpenConnection | None:
    return _visits.get(st.context.headers.get(MARK) or "")


def signed_in() -> Iterator[tuple[str, Actor]]:
    """Streamlit's name of each page on which somebody is signed in, and who."""
    for visit in list(_visits.values()):
        if visit.session is not None and visit.actor is not None:
            yield visit.session, visit.actor


def browser_of(headers: Headers) -> str:
    """The key of the browser that asks, as the door found it."""
    visit = _visits.get(headers.get(MARK, ""))
    return visit.browser if visit is not None else ""


def people(browser: str) -> list[Actor]:
    """Who is signed in on the connections of this browser; nobody on those of one that shows no key."""
    here = [one.actor for one in list(_visits.values()) if browser and one.browser == browser]
    return [one for one in here if one is not None]


def editor_of(browser: str, session: str) -> Actor | None:
    """Who is signed in with this browser on the page that Streamlit calls so, and may edit."""
    here = [one for one in list(_visits.values()) if browser and one.browser == browser]
    actors = [one.actor for one in here if one.session == session]
    return next((one for one in actors if one is not None and one.may_edit), None)


def is_known(browser: str) -> bool:
    """Whether somebody is signed in with this browser, or was until a moment ago."""
    broken = any(
        key == browser and time.monotonic() < until for (key, _), (_, until) in _broken.items()
    )
    return bool(people(browser)) or (bool(browser) and broken)


def is_full(kind: str, address: str, per_address: int, in_all: int) -> bool:
    """Whether as many as may are waiting for a sign-in already, from this address or in all."""
    waiting = _waiting(kind)
    return len(waiting) >= in_all or _of(address, waiting) >= per_address


def show_out(address: str, per_address: int, own: float) -> bool:
    """End the connection that has waited longest for a sign-in, of this address where its places are taken.
    False where even that one came within the last `own` seconds."""
    waiting = _waiting("socket")
    if _of(address, waiting) >= per_address:
        waiting = [one for one in waiting if one.address == address]
    longest = min(waiting, key=lambda one: one.since)
    if longest.end is None or time.monotonic() - longest.since < own:
        return False
    longest.is_leaving = True
    longest.end()
    return True


def _waiting(kind: str) -> list[OpenConnection]:
    here = [one for one in list(_visits.values()) if one.kind == kind]
    return [one for one in here if one.session is None and not one.is_leaving]


def _of(address: str, waiting: list[OpenConnection]) -> int:
    return sum(one.address == address for one in waiting)


# --- the browser's key ---


def new_key() -> str:
    """A key for a browser that has none."""
    return secrets.token_urlsafe(32)


def key_of(scope: Scope, *, is_https: bool) -> str:
    """The key that a browser shows; '' where it shows none."""
    shown = HTTPConnection(scope).cookies.get(_name(is_https), "")
    return shown if WRITTEN.fullmatch(shown) else ""


def cookie(key: str, *, is_https: bool) -> str:
    """What has the browser keep its key until it is closed, out of every script's reach."""
    secure = "; Secure" if is_https else ""
    return f"{_name(is_https)}={key}; Path=/; HttpOnly; SameSite=Strict{secure}"


def _name(is_https: bool) -> str:
    # Under this prefix a browser takes it from nobody but this very host: no neighbour plants one.
    return f"__Host-{KEY}" if is_https else KEY
