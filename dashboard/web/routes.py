"""The door before Streamlit: which of its routes exist, and how many may wait before they sign in.

Nobody's connection costs a session, so there are few of them, they are small and slow, and they do not stay.
"""

import logging
from collections import Counter
from collections.abc import AsyncIterator, Collection, Hashable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web import connections, front, health, private, websocket
from dashboard.web.connections import OpenConnection
from dashboard.web.limits import uploads
from dashboard.web.limits.pacing import PacedSocket, PersonPaces
from dashboard.web.limits.rate import Pace, Paces
from dashboard.web.limits.slow_readers import in_pieces
from dashboard.web.limits.throttle import GuardedSocket, Limits, Turn
from dashboard.web.limits.unread_rest import read_out_first
from data.access.log_privacy import begin_request
from data.digest.sending import UNSUBSCRIBE

LOG: Final = logging.getLogger("dashboard")

MOST_ASKED: Final = 20
"""Requests of one person that wait for their turn, or are being answered; and sign-ins from one address."""


class Admission:
    """Answers what nobody may ask, and lets in the rest."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        limits: Limits,
        live: str,
        paths: Collection[str],
        is_https: bool = False,
    ) -> None:
        """`paths` are those of our own routes. Of Streamlit's there are those that pages need, no others."""
        self.app = app
        self.paths = frozenset(paths)
        self.limits = limits
        self.live = live
        self.is_https = is_https
        self._paces = Paces(limits.rates)
        self._sign_in_paces = Paces(limits.rates.of_sign_ins)
        self._person_paces = PersonPaces(limits.rates)
        self._asked: Counter[Hashable] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begin_request()
        if scope["type"] in ("http", "websocket") and _is_of_another_host(scope):
            await _elsewhere()(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        receive, send = read_out_first(scope, receive, in_pieces(send))
        if not self.has(path):
            await front.nothing_here()(scope, receive, send)
        elif path in (*private.SIGN_IN, UNSUBSCRIBE):
            address = _address(scope)
            async with self._turn(address, partial(self._sign_in_paces.turn, address)) as has_come:
                await (self.app if has_come else _too_many())(scope, receive, send)
        elif path == self.live or private.FILE.fullmatch(path):
            await self._hand_out(scope, receive, send)
        elif (page := private.upload_page(path)) is not None:
            await self._upload(page, scope, receive, send)
        elif path == private.HOST_CONFIG and not self._browser(scope):
            await self.app(scope, receive, self._giving_key(connections.new_key(), send))
        else:
            await self.app(scope, receive, send)

    def has(self, path: str) -> bool:
        """Whether anything is at this path. Streamlit would answer any with its page."""
        is_ours = (path.rstrip("/") or "/") in self.paths
        return is_ours or path in front.FILES or private.NEEDED.fullmatch(path) is not None

    def _giving_key(self, key: str, send: Send) -> Send:
        """The answer's way out, on which the browser is given its key."""

        async def giving(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message.setdefault("headers", [])
                cookie = connections.cookie(key, is_https=self.is_https)
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        return giving

    def _browser(self, scope: Scope) -> str:
        return connections.key_of(scope, is_https=self.is_https)

    @asynccontextmanager
    async def _turn(self, asker: Hashable, turn: Turn) -> AsyncIterator[bool]:
        """When it has come; False where as many requests of this asker's wait, or are answered, as may be."""
        self._asked[asker] += 1
        try:
            has_come = self._asked[asker] <= MOST_ASKED
            if has_come:
                await turn()
            yield has_come
        finally:
            self._asked -= Counter([asker])  # whoever asks nothing any more is forgotten

    async def _hand_out(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Files and hints are for a browser on which somebody is signed in, at that person's pace."""
        person = next((one.id for one in connections.people(self._browser(scope))), None)
        if person is None:
            await PlainTextResponse("Sign in first.", 403)(scope, receive, send)
            return
        is_live = scope["path"] == self.live
        async with self._turn(person, partial(self._person_paces.turn, person)) as has_come:
            if not has_come:
                await _too_many()(scope, receive, send)
            elif not is_live:
                await self.app(scope, receive, send)
        if has_come and is_live:
            await self._follow(person, scope, receive, send)

    async def _upload(self, page: str, scope: Scope, receive: Receive, send: Send) -> None:
        """A file for this page, from somebody who may import there."""
        editor = connections.editor_of(self._browser(scope), page)
        if editor is None:
            await PlainTextResponse("Sign in first.", 403)(scope, receive, send)
            return
        async with self._turn(editor.id, partial(self._person_paces.turn, editor.id)) as has_come:
            if not has_come:
                await _too_many()(scope, receive, send)
                return
            async with uploads.lane(editor.id):
                await self.app(scope, receive, send)
        uploads.keep_few(page, connections.pages_of(editor.id))

    async def _follow(self, person: UUID, scope: Scope, receive: Receive, send: Send) -> None:
        limits, address = self.limits, _address(scope)
        if (
            connections.is_full("live", address, limits.live_per_address, limits.live_in_all)
            or connections.follows(person) >= connections.MOST_PAGES
        ):
            # The page looks every few seconds instead.
            await _too_many()(scope, receive, send)
            return
        live = OpenConnection("live", address, self._browser(scope), person=person)
        mark = connections.enter(live)
        try:
            await self.app(_marked(scope, mark), receive, send)
        finally:
            connections.leave(mark)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = _address(scope)
        if not is_same_origin(Headers(scope=scope)):
            await PlainTextResponse("Forbidden", 403)(scope, receive, send)
        elif scope["path"] != private.STREAM:
            await front.nothing_here()(scope, receive, send)
        elif self._has_room(scope, address):
            await self._open(scope, receive, send)
        else:
            LOG.warning("too many connections without sign-in, from %s the last", address)
            await _too_many()(scope, receive, send)

    def _has_room(self, scope: Scope, address: str) -> bool:
        """Whether one more may connect. The longest here gives its place up, and comes back where it is wanted:
        those who say that they are still there keep nobody out."""
        limits = self.limits
        if connections.is_known(self._browser(scope)):
            return True
        if not connections.is_full("socket", address, limits.per_address, limits.in_all):
            return True
        return connections.show_out(address, limits.per_address, limits.own)

    def _turns(self, address: str, *, is_known: bool) -> Sequence[Turn]:
        own = Pace(self.limits.rates.connection).turn
        # Behind no stranger waits who was signed in a moment ago.
        return [own] if is_known else [own, partial(self._paces.turn, address)]

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        shown = self._browser(scope)
        visit = OpenConnection("socket", _address(scope), shown or connections.new_key())
        turns = self._turns(visit.address, is_known=connections.is_known(shown))
        page = private.page_before(Headers(scope=scope).get("sec-websocket-protocol", ""))
        connections.resume(visit, page)
        mark = connections.enter(visit)
        answer = send if shown else self._giving_key(visit.browser, send)
        heard = self._person_paces.hearing(visit, receive)
        guarded = GuardedSocket(
            # A page that comes back has nothing new to say.
            visit, heard, answer, self.limits, turns, has_to_speak=not page
        )  # fmt: skip
        visit.end = guarded.end
        scope[websocket.LOST] = guarded.lose
        scope[websocket.MOST] = lambda: self.limits.message if visit.session is None else None
        paced = PacedSocket(visit, guarded.receive, self._person_paces)
        try:
            await self.app(_marked(scope, mark), paced.receive, guarded.send)
        finally:
            paced.close()
            connections.leave(mark)


def is_same_origin(headers: Headers) -> bool:
    """Whether a page of ours, or no page at all, asks. Streamlit lets in any port of this machine too, and
    asks a foreign service for its own address before it refuses a stranger."""
    origin = headers.get("origin")
    allowed = {urlsplit(one).netloc for one in st.get_option("server.corsAllowedOrigins")}
    return origin is None or urlsplit(origin).netloc in allowed | {headers.get("host")}


def _is_of_another_host(scope: Scope) -> bool:
    """Whether it was asked by a name that is not this dashboard's. Whether it runs may be asked by any."""
    is_probe = scope["path"] in (private.HEALTH, health.LIVE, health.READY)
    return not is_probe and not private.is_host_allowed(Headers(scope=scope).get("host"))


def _elsewhere() -> PlainTextResponse:
    # Where people sign in, only by that name do they come back from the service.
    names = " or ".join(st.get_option("server.allowedHosts"))
    return PlainTextResponse(f"This dashboard is at {names}, and at no other address.", 421)


def _marked(scope: Scope, mark: str) -> Scope:
    # A copy: what the visitor sends under this name must not stand.
    marked = {**scope, "headers": list(scope["headers"])}
    MutableHeaders(scope=marked)[connections.MARK] = mark
    return marked


def _too_many() -> PlainTextResponse:
    return PlainTextResponse("Too many connections.", 429, {"Retry-After": "30"})


def _address(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""
