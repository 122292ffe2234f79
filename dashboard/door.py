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
from uuid import uuid4

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data import audit
from data.session import Actor

LOG: Final = logging.getLogger("dashboard")

OPEN: Final = ("health", "host-config", "stream", "upload_file", "bidi-components")
"""Of Streamlit's internal routes, those that the pages need: the others tell about the server or its pages."""

MARK: Final = "x-progress-visit"


@dataclass(frozen=True)
class Limits:
    """Of what nobody has signed in on yet: connections, a message's bytes, and seconds of silence."""

    per_address: int = 50
    in_all: int = 500
    message: int = 256_000
    first: float = 20.0
    idle: float = 600.0
    live_per_address: int = 300
    live_in_all: int = 3000


@dataclass
class Visit:
    """One open connection. `session` is Streamlit's name for it once somebody has signed in on it."""

    kind: str
    address: str
    session: str | None = None


_visits: dict[str, Visit] = {}


def admit(actor: Actor) -> None:
    """This person is signed in on the connection whose script is running."""
    visit = _visits.get(st.context.headers.get(MARK) or "")
    context = get_script_run_ctx()
    if visit is not None and context is not None:
        if visit.session is None:
            audit.told("came in", actor)
        visit.session = context.session_id


class Door:
    """Answers what nobody may ask, and lets in the rest."""

    def __init__(self, app: ASGIApp, *, limits: Limits, live: str) -> None:
        self.app = app
        self.limits = limits
        self.live = live

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
        elif not _may_upload(path):
            await PlainTextResponse("Sign in first.", 403)(scope, receive, send)
        elif path == self.live:
            await self._follow(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _follow(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self.limits
        if is_full("live", _address(scope), limits.live_per_address, limits.live_in_all):
            # The page looks every few seconds instead.
            await _too_many()(scope, receive, send)
            return
        await self._visit("live", scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits, address = self.limits, _address(scope)
        if not is_same_origin(Headers(scope=scope)):
            await PlainTextResponse("Forbidden", 403)(scope, receive, send)
        elif is_full("socket", address, limits.per_address, limits.in_all):
            LOG.warning("too many connections without sign-in, from %s the last", address)
            await _too_many()(scope, receive, send)
        else:
            await self._visit("socket", scope, receive, send)

    async def _visit(self, kind: str, scope: Scope, receive: Receive, send: Send) -> None:
        mark = uuid4().hex
        visit = _visits[mark] = Visit(kind, _address(scope))
        # A copy: what the visitor sends under this name must not stand.
        scope = {**scope, "headers": list(scope["headers"])}
        MutableHeaders(scope=scope)[MARK] = mark
        guarded = Guarded(visit, receive, send, self.limits)
        try:
            if kind == "socket":
                await self.app(scope, guarded.receive, guarded.send)
            else:
                await self.app(scope, receive, send)
        finally:
            del _visits[mark]


class Guarded:
    """A connection that is closed for silence, or a large message, until somebody signs in on it."""

    def __init__(self, visit: Visit, receive: Receive, send: Send, limits: Limits) -> None:
        self.visit = visit
        self.limits = limits
        self._receive = receive
        self._send = send
        self._patience = limits.first
        self._is_closed = False

    async def receive(self) -> Message:
        """The next message; a disconnection once the door has closed it."""
        try:
            message = await asyncio.wait_for(self._receive(), self._patience)
        except TimeoutError:
            if self.visit.session is None:
                return await self._close(1013)
            message = await self._receive()
        if self.visit.session is None and _size(message) > self.limits.message:
            return await self._close(1009)
        if message["type"] == "websocket.receive":
            self._patience = self.limits.idle
        return message

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


def is_full(kind: str, address: str, per_address: int, in_all: int) -> bool:
    """Whether as many as may are waiting already, from this address or in all."""
    waiting = [one for one in _visits.values() if one.kind == kind and one.session is None]
    return len(waiting) >= in_all or sum(one.address == address for one in waiting) >= per_address


def _may_upload(path: str) -> bool:
    upload = re.search(r"(?:^|/)_stcore/upload_file/([^/]*)", path)
    return upload is None or any(one.session == upload[1] for one in list(_visits.values()))


def _too_many() -> PlainTextResponse:
    return PlainTextResponse("Too many connections.", 429, {"Retry-After": "30"})


def _address(scope: Scope) -> str:
    return str(scope["client"][0]) if scope.get("client") else ""


def _size(message: Message) -> int:
    return len(message.get("bytes") or message.get("text") or "")
