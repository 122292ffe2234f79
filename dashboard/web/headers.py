"""What every answer says to the browser about what may run, load and look in."""

import base64
import hashlib
import re
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.web.front import PAGE

# An upgraded connection answers with the second, a refused one with the third.
STARTS: Final = ("http.response.start", "websocket.accept", "websocket.http.response.start")
YEAR: Final = 365 * 24 * 3600


def inline_scripts(page: str) -> list[str]:
    """The scripts inside Streamlit's page, and ours, by what they are: no other inline script runs."""
    found = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in found)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def content_policy(page: str) -> str:
    """The Content-Security-Policy, as strict as Streamlit's browser side allows."""
    rules = {
        "default-src": ["'self'"],
        # What loads a component's script reaches the browser as text, which Streamlit runs from a blob.
        "script-src": ["'self'", "blob:", *inline_scripts(page)],
        "script-src-attr": ["'none'"],
        "worker-src": ["'self'", "blob:"],
        # Its styles are written by scripts.
        "style-src": ["'self'", "'unsafe-inline'"],
        # A stored text that became a picture's address would call a stranger's server.
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "frame-src": ["'none'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(" ".join([name, *sources]) for name, sources in rules.items())


NOTHING_OF: Final = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")

HEADERS: Final = {
    "Content-Security-Policy": content_policy(PAGE),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in NOTHING_OF),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def headers(*, is_https: bool) -> dict[str, str]:
    """HEADERS; where the school says that it serves by https alone, browsers are told to insist on it."""
    return HEADERS | ({"Strict-Transport-Security": f"max-age={YEAR}"} if is_https else {})


class SecurityHeaders:
    """Adds the headers to every answer, with or without a proxy in front."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self.app = app
        self.headers = headers(is_https=is_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in STARTS:
                message.setdefault("headers", [])
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, send_with_headers)
