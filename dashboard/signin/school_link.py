"""Signing in to a school of one's own on this computer, without accounts: by a link that the terminal prints
and the browser is opened with. It works once, and what it leads to is a sign-in like any other.

Neither the link's token nor the browser's key is kept, only what it is checked against, and that in memory
alone: starting again ends both.
"""

import atexit
import hmac
import ipaddress
import os
import secrets
import tempfile
import threading
import time
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from dashboard.signin.auth_routes import TROUBLE
from dashboard.signin.trouble import Trouble
from dashboard.web.private import STREAM
from data.access import audit
from data.access.sign_in import SignInAccount
from data.database.founding import SignedInWith
from data.settings import read_settings

PATH: Final = "/start"
TOKEN: Final = "token"  # noqa: S105 - the parameter's name
MINUTES: Final = 10
BYTES: Final = 32

COOKIE: Final = "progress_school"
"""The key of the browser that followed the link: for the connection alone, as the page's own cookies are."""

ACCOUNT: Final = SignedInWith("this-computer", "owner")
"""Whoever sits here, where others have an account of a sign-in service."""

LEADING_PAGE: Final = (
    '<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><title>Progress</title>'
    '<meta http-equiv="refresh" content="0; url={link}"><p><a href="{link}">Open your school</a></p>'
)

PREFETCH: Final = ("sec-purpose", "purpose", "x-moz")
"""Headers in which a browser says that nobody asked for it yet."""


@dataclass(frozen=True)
class _Link:
    digest: bytes
    until: float  # by the monotonic clock


class LinkSignIn:
    """The one link that works, and who came by those before it."""

    def __init__(self) -> None:
        self.is_issued = False
        """Whether there was a link at all, used or not."""
        self.page: Path | None = None
        """The file that leads to the link."""
        self._link: _Link | None = None
        self._came: dict[bytes, SignInAccount] = {}
        self._taking = threading.Lock()

    def issue(self) -> str:
        """The token of a new link, the only one that works from now on."""
        token = secrets.token_urlsafe(BYTES)
        self._link = _Link(_digest(token), time.monotonic() + 60 * MINUTES)
        self.is_issued = True
        return token

    def take(self, token: str) -> str | None:
        """A key for the browser that shows this token; None where it is wrong, was used, or comes too late."""
        with self._taking:
            link = self._link
            if link is None or not hmac.compare_digest(link.digest, _digest(token)):
                return None
            self._link = None
        self.forget_page()
        if time.monotonic() >= link.until:
            return None
        key = secrets.token_urlsafe(BYTES)
        self._came[_digest(key)] = SignInAccount(*ACCOUNT, "", False, time.time(), uuid4())
        return key

    def forget_page(self) -> None:
        """It is of no use any more."""
        if self.page is not None:
            self.page.unlink(missing_ok=True)

    def who_came(self, key: str) -> SignInAccount | None:
        """The sign-in of the browser that shows this key; None where it followed no link of this process."""
        return self._came.get(_digest(key))

    def forget(self, session: UUID | None) -> None:
        """Somebody signed out: the browser's key opens nothing any more."""
        self._came = {key: one for key, one in self._came.items() if one.session != session}


HERE: Final = LinkSignIn()
"""Of this process."""


def issue(dashboard: str) -> str:
    """The link to the dashboard at this address."""
    return f"{dashboard}{PATH}?{TOKEN}={HERE.issue()}"


def page_that_leads_to(link: str) -> str:
    """The address of a file, of this person alone, that leads a browser on to the link: what a program is
    started with can be read by everybody on the computer. Where there is no place for it, of the page that
    says where the link is."""
    try:
        # At home and not hidden: some browsers are shut out of every other folder.
        made, name = tempfile.mkstemp(prefix="progress-dashboard-", suffix=".html", dir=Path.home())
    except (OSError, RuntimeError):
        return link.partition(PATH)[0]
    with os.fdopen(made, "w", encoding="utf-8") as file:
        file.write(LEADING_PAGE.format(link=escape(link)))
    HERE.page = Path(name)
    atexit.register(HERE.forget_page)
    return HERE.page.as_uri()


def who_came() -> SignInAccount | None:
    """The sign-in of the browser that shows the page."""
    return HERE.who_came(st.context.cookies.get(COOKIE) or "")


async def come_in(request: Request) -> Response:
    """Signs a browser in, and has it leave the link's address at once."""
    if not HERE.is_issued:
        return PlainTextResponse("Not Found", 404)
    if request.method != "GET" or _is_prefetch(request):
        return PlainTextResponse("Open this link yourself.", 503, {"Cache-Control": "no-store"})
    if not _is_of_this_computer(request):
        return PlainTextResponse("This link works on its own computer only.", 403)
    key = HERE.take(request.query_params.get(TOKEN, ""))
    if key is None:
        audit.sign_in_failed(Trouble.LINK)
    away = RedirectResponse("/" if key else f"/?{TROUBLE}={Trouble.LINK}", status_code=303)
    away.headers["Cache-Control"] = "no-store"
    if key is not None:
        away.headers["set-cookie"] = _cookie(key)
    return away


def _cookie(key: str) -> str:
    settings = read_settings()
    life = f"Max-Age={int(settings.session_hours * 3600)}"
    secure = "; Secure" if settings.is_https else ""
    return f"{COOKIE}={key}; Path={STREAM}; {life}; HttpOnly; SameSite=Strict{secure}"


def _is_prefetch(request: Request) -> bool:
    return any(
        word in request.headers.get(name, "").lower()
        for name in PREFETCH
        for word in ("prefetch", "preview", "prerender")
    )


def _is_of_this_computer(request: Request) -> bool:
    try:
        return ipaddress.ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()
