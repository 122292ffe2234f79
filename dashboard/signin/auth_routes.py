"""What surrounds Streamlit's own sign-in routes.

The page that was wanted is opened after the sign-in, a service that fails leads back to a page of ours, no
cookie leaves unprotected where the page is served over https, and nobody is led in or out from another site.
"""

import re
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.signin import expiry, providers
from dashboard.signin.trouble import BY_SERVICE, EXCHANGE, Exchange, Trouble
from dashboard.web.private import CALLBACK, LOGIN, LOGOUT, TOKENS_COOKIE, USER_COOKIE
from data.access import audit
from data.access.log_privacy import masked
from data.settings import read_settings

TROUBLE: Final = "sign_in"
"""The parameter that tells the sign-in page what went wrong: a Trouble."""

WANTED: Final = "progress_wanted"
"""The cookie that keeps which page was wanted while somebody is at the service."""
MINUTES: Final = 10
LONGEST: Final = 1500

# A page of ours and its filters: nothing that could lead elsewhere.
LOCAL: Final = re.compile(r"/[a-z]*(\?[!-\"$-\[\]-~]*)?")

# What a service may call a failure (RFC 6749), and as much of what it adds as is logged.
ERROR: Final = re.compile(r"[a-z_]{1,40}")
DESCRIPTION: Final = 300

MAX_AGE: Final = re.compile(r"max-age=\d+", re.IGNORECASE)


class SignInMiddleware:
    """The middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["path"] in (LOGIN, LOGOUT) and _is_led_from_elsewhere(Request(scope)):
            await RedirectResponse("/", status_code=303)(scope, receive, send)
            return
        if scope["path"] == CALLBACK:
            scope = _masked_description(scope)
        guarded = _GuardedAnswer(scope, receive, send)
        await self.app(guarded.scope, receive, guarded.send)


class _GuardedAnswer:
    """One answer on its way out."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._exchange = Exchange()
        scope = {**scope, EXCHANGE: self._exchange}
        self._request = Request(scope)
        self.scope, self._receive, self._send = scope, receive, send
        self._is_replaced = False

    async def send(self, message: Message) -> None:
        if self._is_replaced:
            return
        if message["type"] == "http.response.start":
            path, headers = self.scope["path"], MutableHeaders(scope=message)
            if path == LOGIN and message["status"] >= 400:
                self._is_replaced = True
                await self._stay()
                return
            if path == CALLBACK:
                self._come_back(headers)
            else:
                self._end_tokens_of_old(headers)
            if path == LOGIN:
                self._keep_wanted(headers)
            if headers.get("location") == "/":
                self._lead_nowhere(headers)
            _protect(headers)
        await self._send(message)

    def _lead_nowhere(self, headers: MutableHeaders) -> None:
        """Streamlit's routes lead to the first page where there is no way to the service."""
        if self.scope["path"] == LOGIN and not self._is_in(headers):
            self._tell(headers, Trouble.FAILED)  # a button that was pressed too late
        elif self.scope["path"] == LOGOUT and USER_COOKIE in self._request.cookies:
            headers["location"] = f"/?{TROUBLE}={Trouble.STILL_THERE}"

    async def _stay(self) -> None:
        """Back to our page, in place of the bare answer that nobody can be led to the service."""
        back = RedirectResponse("/", status_code=303)
        self._tell(back.headers, self._exchange.trouble or Trouble.AWAY)
        self._keep_wanted(back.headers)
        _protect(back.headers)
        await back(self.scope, self._receive, self._send)

    def _tell(self, headers: MutableHeaders, trouble: Trouble) -> None:
        audit.sign_in_failed(trouble)
        headers["location"] = f"/?{TROUBLE}={trouble}"

    def _is_in(self, headers: MutableHeaders) -> bool:
        """Whether the browser keeps a sign-in of before: what leads nowhere is then an old page's."""
        taken = any(one.startswith(f"{USER_COOKIE}=") for one in headers.getlist("set-cookie"))
        return USER_COOKIE in self._request.cookies and not taken

    def _end_tokens_of_old(self, headers: MutableHeaders) -> None:
        """Somebody signed out everywhere: what this browser keeps to sign out at the service goes too."""
        kept = [one for one in self._request.cookies if one.startswith(TOKENS_COOKIE)]
        if kept and expiry.is_noted(self._request.cookies):
            for name in kept:
                headers.append("set-cookie", f"{name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")

    def _keep_wanted(self, headers: MutableHeaders) -> None:
        referer = urlsplit(self._request.headers.get("referer", ""))
        address = referer.path + (f"?{referer.query}" if referer.query else "")
        is_own = referer.netloc == self._request.headers.get("host")
        # From the page that tells of trouble: what was wanted before is still kept.
        if is_own and _is_local(address) and f"{TROUBLE}=" not in referer.query:
            headers.append("set-cookie", _wanted_cookie(address, 60 * MINUTES))

    def _come_back(self, headers: MutableHeaders) -> None:
        if any(_is_set(one, USER_COOKIE) for one in headers.getlist("set-cookie")):
            wanted = unquote(self._request.cookies.get(WANTED, ""))
            headers["location"] = wanted if _is_local(wanted) else "/"
            headers.append("set-cookie", _wanted_cookie("", 0))
            _end_tokens_with_session(headers)
        elif trouble := self._trouble(headers):
            self._tell(headers, trouble)
        # Else somebody signed out at the service, and comes back from there.

    def _trouble(self, headers: MutableHeaders) -> Trouble | None:
        """What the exchange met, else what the service says of itself, else that the code came too late."""
        asked = self._request.query_params
        if "error" in asked:
            return BY_SERVICE.get(asked["error"], Trouble.SETUP)
        is_late = "code" in asked and not self._is_in(headers)
        return self._exchange.trouble or (Trouble.FAILED if is_late else None)


def _is_led_from_elsewhere(request: Request) -> bool:
    """Whether a page of another site led here; a browser too old to say so is believed."""
    return request.headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")


def _masked_description(scope: Scope) -> Scope:
    """What a service says of a failure goes to the log, and some name the person in it by e-mail."""
    kept = []
    for name, value in parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name == "error":
            kept.append((name, value if ERROR.fullmatch(value) else "other"))
        elif name == "error_description":
            kept.append((name, one_line(masked(value))[:DESCRIPTION]))
        else:
            kept.append((name, value))
    return {**scope, "query_string": urlencode(kept).encode()}


def one_line(written: str) -> str:
    """Without what would break the log's lines, or command a terminal."""
    return "".join(one if one.isprintable() else " " for one in written)


def _is_set(cookie: str, name: str) -> bool:
    """Whether this cookie is given, and not taken away: Streamlit does that where an exchange failed."""
    given = re.match(rf"{name}=([^;]*)", cookie)
    return given is not None and given[1].strip('"') != ""


def _end_tokens_with_session(headers: MutableHeaders) -> None:
    """Streamlit has the browser keep the service's token for 30 days."""
    seconds = int(read_settings().session_hours * 3600)
    cookies = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for one in cookies:
        life = f"Max-Age={seconds}"
        is_token = one.startswith(TOKENS_COOKIE) and _is_set(one, one.partition("=")[0])
        headers.append("set-cookie", MAX_AGE.sub(life, one) if is_token else one)


def _is_local(address: str) -> bool:
    return len(address) <= LONGEST and LOCAL.fullmatch(address) is not None


def _wanted_cookie(address: str, seconds: int) -> str:
    # Lax, and not Strict: it comes back on the way from the service, which is another site.
    kept = f"{WANTED}={quote(address, safe='')}; Path={CALLBACK}; Max-Age={seconds}"
    return f"{kept}; HttpOnly; SameSite=Lax"


def _protect(headers: MutableHeaders) -> None:
    """Over https no cookie is sent in the clear. Streamlit leaves that out, for a browser's sake."""
    cookies = headers.getlist("set-cookie")
    if not cookies or not providers.is_https():
        return
    del headers["set-cookie"]
    for one in cookies:
        headers.append("set-cookie", one if "; secure" in one.lower() else f"{one}; Secure")
