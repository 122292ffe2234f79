"""The door before Streamlit: which of its routes exist, and how many may wait before they sign in.

Nobody's connection costs a session, so there are few of them, they are small, and they do not stay.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import sockets, visits
from dashboard.messages import is_a_pages
from dashboard.visits import Visit

LOG: Final = logging.getLogger("dashboard")

OPEN: Final = ("health", "host-config", "stream", "upload_file", "bidi-components")
"""Of Streamlit's internal routes, those that the pages need: the others tell about the server or its pages."""


FIRST: Final = "/_stcore/host-config"
"""What a page asks before it connects. Its answer is a plain one, whose cookie every browser keeps."""

FILE: Final = re.compile(r"(?<!/static)/media/")
"""What was made to be taken along; the fonts of Streamlit's own page lie elsewhere."""


@dataclass(frozen=True)
class Limits:
    """Of what nobody has signed in on yet: connections, messages and their bytes, and seconds of silence."""

    per_address: int = 50
    in_all: int = 500
    messages: int = 200
    message: int = 256_000
    first: float = 20.0
    idle: float = 600.0
    live_per_address: int = 300
    live_in_all: int = 3000


class Door:
    """Answers what nobody may ask, and lets in the rest."""

    def __init__(self, app: ASGIApp, *, limits: Limits, live: str, is_https: bool = False) -> None:
        self.app = app
        self.limits = limits
        self.live = live
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if is_closed(path):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
        elif not self._may(scope, path):
            await PlainTextResponse("Sign in first.", 403)(scope, receive, send)
        elif path == self.live:
            await self._follow(scope, receive, send)
        elif path.endswith(FIRST) and not visits.key_of(scope, is_https=self.is_https):
            await self.app(scope, receive, self._giving_key(visits.new_key(), send))
        else:
            await self.app(scope, receive, send)

    def _giving_key(self, key: str, send: Send) -> Send:
        """The answer's way out, on which the browser is given its key."""

        async def giving(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                message.setdefault("headers", [])
                cookie = visits.cookie(key, is_https=self.is_https)
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        return giving

    def _may(self, scope: Scope, path: str) -> bool:
        """Files, hints and uploads are for a browser on which somebody is signed in."""
        browser = visits.key_of(scope, is_https=self.is_https)
        upload = re.search(r"(?:^|/)_stcore/upload_file/([^/]*)", path)
        if upload is not None:
            return visits.is_page_of(browser, upload[1])
        if path == self.live or FILE.search(path):
            return bool(visits.people(browser))
        return True

    async def _follow(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits, address = self.limits, _address(scope)
        if visits.is_full("live", address, limits.live_per_address, limits.live_in_all):
            # The page looks every few seconds instead.
            await _too_many()(scope, receive, send)
            return
        browser = visits.key_of(scope, is_https=self.is_https)
        mark = visits.enter(Visit("live", address, browser))
        try:
            await self.app(_marked(scope, mark), receive, send)
        finally:
            visits.leave(mark)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits, address = self.limits, _address(scope)
        if not is_same_origin(Headers(scope=scope)):
            await PlainTextResponse("Forbidden", 403)(scope, receive, send)
        elif visits.is_full("socket", address, limits.per_address, limits.in_all):
            LOG.warning("too many connections without sign-in, from %s the last", address)
            await _too_many()(scope, receive, send)
        else:
            await self._open(scope, receive, send)

    async def _open(self, scope: Scope, receive: Receive, send: Send) -> None:
        shown = visits.key_of(scope, is_https=self.is_https)
        visit = Visit("socket", _address(scope), shown or visits.new_key())
        visits.resume(visit, _page_before(Headers(scope=scope)))
        mark = visits.enter(visit)
        guarded = Guarded(
            visit, receive, send if shown else self._giving_key(visit.browser, send), self.limits
        )
        scope[sockets.MOST] = lambda: self.limits.message if visit.session is None else None
        try:
            await self.app(_marked(scope, mark), guarded.receive, guarded.send)
        finally:
            visits.leave(mark)


class Guarded:
    """A connection that says nothing but what pages say, and that is closed for silence, for much talk or for a
    large message until somebody signs in on it."""

    def __init__(self, visit: Visit, receive: Receive, send: Send, limits: Limits) -> None:
        self.visit = visit
        self.limits = limits
        self._receive = receive
        self._send = send
        self._patience = limits.first
        self._heard = 0
        self._is_closed = False

    async def receive(self) -> Message:
        """The next message that a page may send; a disconnection once the door has closed it."""
        while True:
            message = await self._next()
            if message["type"] != "websocket.receive" or is_a_pages(message.get("bytes") or b""):
                return message

    async def _next(self) -> Message:
        try:
            message = await asyncio.wait_for(self._receive(), self._patience)
        except TimeoutError:
            if self.visit.session is None:
                return await self._close(1013)
            message = await self._receive()
        if message["type"] != "websocket.receive":
            return message
        self._heard += 1
        self._patience = self.limits.idle
        if self.visit.session is not None:
            return message
        if _size(message) > self.limits.message:
            return await self._close(1009)
        return message if self._heard <= self.limits.messages else await self._close(1013)

    async def send(self, message: Message) -> None:
        """Pass it on; what comes after the end goes nowhere."""
        if not self._is_closed:
            await self._send(message)

    async def _close(self, code: int) -> Message:
        await self.send({"type": "websocket.close", "code": code})
        self._is_closed = True
        return {"type": "websocket.disconnect", "code": code}


def is_closed(path: str) -> bool:
    """Whether a path is one of Streamlit's that no page of ours needs."""
    internal = re.search(r"(?:^|/)_stcore/([^/]*)", path)
    return internal is not None and internal[1] not in OPEN


def is_same_origin(headers: Headers) -> bool:
    """Whether a page of ours, or no page at all, asks. Streamlit lets in any port of this machine too, and
    asks a foreign service for its own address before it refuses a stranger."""
    origin = headers.get("origin")
    allowed = {urlsplit(one).netloc for one in st.get_option("server.corsAllowedOrigins")}
    return origin is None or urlsplit(origin).netloc in allowed | {headers.get("host")}


def _marked(scope: Scope, mark: str) -> Scope:
    # A copy: what the visitor sends under this name must not stand.
    marked = {**scope, "headers": list(scope["headers"])}
    MutableHeaders(scope=marked)[visits.MARK] = mark
    return marked


def _page_before(headers: Headers) -> str:
    """The page whose connection broke, as Streamlit's browser side names it: third of its protocols."""
    told = headers.get("sec-websocket-protocol", "").split(",")
    return told[2].strip() if len(told) > 2 else ""


def _too_many() -> PlainTextResponse:
    return PlainTextResponse("Too many connections.", 429, {"Retry-After": "30"})


def _address(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""


def _size(message: Message) -> int:
    return len(message.get("bytes") or message.get("text") or "")
