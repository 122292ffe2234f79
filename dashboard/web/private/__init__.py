"""The one folder that touches names of Streamlit and uvicorn that are not public, each under a name of ours.

An upgrade may move any of them without a word: tests/unit/test_private.py tries each, and says what moved.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from streamlit.auth_util import get_cookie_with_chunks
from streamlit.components.v2.types import ComponentRenderer
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed
from uvicorn.config import HTTP_PROTOCOLS, WS_PROTOCOLS
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

__all__ = [
    "ComponentRenderer", "DeltaGenerator", "H11Protocol", "WebSocketsSansIOProtocol", "is_host_allowed",
]  # fmt: skip

# --- addresses of Streamlit's server ---

STREAM: Final = "/_stcore/stream"
"""Where a page connects: the only request that needs the cookies that a page keeps."""

HOST_CONFIG: Final = "/_stcore/host-config"
"""What a page asks before it connects. Its answer is a plain one, whose cookie every browser keeps."""

HEALTH: Final = "/_stcore/health"
"""Whether the server runs."""

UPLOAD: Final = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+")
"""A file for the page that Streamlit calls so."""

FILE: Final = re.compile(r"/media/.+")
"""What was made to be taken along; the fonts of Streamlit's own page lie elsewhere."""

LOGIN: Final = "/auth/login"
LOGOUT: Final = "/auth/logout"
CALLBACK: Final = "/oauth2callback"
"""Where the sign-in service leads back to."""
SIGN_IN: Final = (LOGIN, LOGOUT, CALLBACK)

COMPONENT: Final = r"/_stcore/bidi-components/.+"
NEEDED: Final = re.compile(
    "|".join((STREAM, HOST_CONFIG, HEALTH, *SIGN_IN, COMPONENT, UPLOAD.pattern, FILE.pattern))
)
"""Those that pages need: the others tell about the server or its pages."""

USER_COOKIE: Final = "_streamlit_user"
"""The cookie that says who signed in."""

TOKENS_COOKIE: Final = "_streamlit_user_tokens"
"""The one with the service's own token, which signing out there asks for."""


def kept_claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What a browser's cookies say of who signed in, as `st.user` has it; empty where they are none of ours."""

    def signed(name: str) -> bytes | None:
        return decode_signed_value(get_cookie_secret(), name, cookies.get(name, ""))

    written = get_cookie_with_chunks(signed, USER_COOKIE)
    found: dict[str, Any] = json.loads(written) if written else {}
    found.pop("origin", None)
    return found


def upload_page(path: str) -> str | None:
    """The page that a file is sent for, as Streamlit calls it; None where the address is none for a file."""
    found = UPLOAD.fullmatch(path)
    return found[1] if found else None


def page_before(protocols: str) -> str:
    """The page whose connection broke, as the browser side names it when it connects anew: third in the header
    Sec-WebSocket-Protocol. '' for a new page."""
    parts = protocols.split(",")
    return parts[2].strip() if len(parts) > 2 else ""


SERVER_IS_HERE: Final = "window.__streamlit = { BACKEND_BASE_URL: location.origin };"
"""Said before Streamlit's scripts run; else each page asks for the server below its own address first."""
CONNECTION: Final = "data-test-connection-state"
"""What an element of its page has, `CONNECTED` while it is."""
DRAWN: Final = ("Html", "BidiComponent", "Button", "PageLink")
"""The parts of its scripts that it loads once a page draws such: every page of ours does."""

# --- what runs ---


class RunningPage(NamedTuple):
    """`name` is what Streamlit calls the page of one connection, `place` the hash and name of what it shows."""

    name: str
    place: tuple[str, str]


def running_page() -> RunningPage | None:
    """The page whose script is running; None outside of one."""
    context = get_script_run_ctx()
    if context is None:
        return None
    asked = context.pages_manager
    place = asked.intended_page_script_hash or "", asked.intended_page_name or ""
    return RunningPage(context.session_id, place)


def page_here() -> str:
    """The name of the page whose script this thread runs; '' in another, without a word about it."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def is_step_back() -> bool:
    """Whether the browser came to the page that runs by Back or Forward, or by one of our own links, which go
    the same way."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def redraw(page: RunningPage) -> None:
    """Have a page drawn anew, as if its browser had asked. What its widgets hold is not told."""
    if exists():
        script, name = page.place
        anew = ClientState(page_script_hash=script, page_name=name)
        get_instance().handle_backmsg(page.name, BackMsg(rerun_script=anew))


# --- uvicorn's protocols ---

HTTP_MEMBERS: Final = ("conn", "loop", "transport", "on_response_complete")
"""What request_timeouts.py uses of H11Protocol: `conn` is h11's, `on_response_complete` comes once answered."""

SOCKET_MEMBERS: Final = (
    "conn", "loop", "transport", "handle_parser_exception", "on_task_complete", "send_receive_event_to_app",
    "handle_ping", "handle_pong", "handle_cont",
)  # fmt: skip
"""What websocket.py uses of WebSocketsSansIOProtocol; `scope` comes with the handshake."""


def serve_http_with(protocol: type[H11Protocol]) -> None:
    """Have every server of this process use it: Streamlit's runner leaves the choice to uvicorn."""
    HTTP_PROTOCOLS["auto"] = _place(protocol)


def serve_sockets_with(protocol: type[WebSocketsSansIOProtocol]) -> None:
    """The same for sockets, where Streamlit's server asks for this one of uvicorn's by name."""
    WS_PROTOCOLS["websockets-sansio"] = _place(protocol)


def _place(protocol: type) -> str:
    return f"{protocol.__module__}:{protocol.__name__}"
