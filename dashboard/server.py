"""The ASGI entry: Streamlit's own server with our headers, and errors that are logged, not shown."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final
from uuid import uuid4

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import live
from dashboard.components import states
from dashboard.components.words import alert
from dashboard.doorway import Doorway
from data import audit
from data.errors import DataError

LOG: Final = logging.getLogger("dashboard")
# Who was given what is a line among the server's own, whatever else is said of logging.
_ACCESSES: Final = logging.StreamHandler()
_ACCESSES.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
audit.LOG.setLevel(logging.INFO)
audit.LOG.addHandler(_ACCESSES)
SCRIPT: Final = Path(__file__).with_name("app.py")

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # A stored text that became a picture's address would call a stranger's server.
    "Content-Security-Policy": (
        "img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"
    ),
}


class SecurityHeaders:
    """Adds HEADERS to every answer, with or without a proxy in front."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


def log_script_error(error: Exception) -> bool:
    """The person gets an id to report, the log the traceback with that id. A database that is away is no
    fault of the program: a click or a panel that met it gets the face that a page gets."""
    if isinstance(error, DataError):
        LOG.warning("the database did not answer: %s", error)
        states.draw_outage(error)
        return True
    reference = uuid4().hex[:8]
    LOG.error("error %s", reference, exc_info=error)
    alert(f"Something went wrong here. Nothing was saved. Report it with the number {reference}.")
    return True


app = st.App(
    SCRIPT,
    routes=[Route(live.PATH, live.stream)],
    middleware=[Middleware(SecurityHeaders), Middleware(Doorway)],
    on_script_error=log_script_error,
)
