"""Who signs in, without a browser: follows where they are led, fills in the service's forms, reads the page."""

import base64
import hmac
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from dashboard.signin.client import authorities
from dashboard.web.private import HEALTH, LOGIN, LOGOUT, STREAM, TOKENS_COOKIE, USER_COOKIE
from tests.accounts import SECRET, App

FORMS: Final = ({"prompt": "login", "login": "", "password": "any"}, {"prompt": "consent"})

QUICK: Final = "help"

XSRF: Final = "_streamlit_xsrf"

QUOTE: Final = '"'
"""A jar keeps a cookie as it was written; a browser sends it so too, and the server takes that off."""


@dataclass
class Visitor:
    """A person with an empty jar."""

    app: App
    web: httpx.Client = field(
        default_factory=lambda: httpx.Client(
            follow_redirects=True, timeout=60, verify=authorities()
        )
    )

    def begin(self, service: str) -> httpx.Response:
        """As after a click on the service's button: where that leads."""
        page = {"referer": f"{self.app.url}/history"}
        return self.web.get(
            f"{self.app.url}{LOGIN}", params={"provider": named(service)}, headers=page
        )

    def sign_in(self, service: str, who: str) -> httpx.Response:
        """All the way, to the page that it ends at."""
        answer = self.begin(service)
        for form in FORMS:
            if "/interaction/" in answer.url.path:
                filled = form | ({"login": who} if "login" in form else {})
                answer = self.web.post(answer.url, data=filled)
        return answer

    def sign_out(self) -> httpx.Response:
        """Here and at the service, which asks whether to."""
        asked = self.web.get(f"{self.app.url}{LOGOUT}")
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', asked.text))
        action = re.search(r'action="([^"]+)"', asked.text)
        return self.web.post(action[1], data=fields | {"logout": "yes"}) if action else asked

    def reads(self, query: str = "") -> str:
        """What a page that is soon drawn shows now, as the server sends it."""
        address = f"{self.app.url.replace('http', 'ws', 1)}{STREAM}"
        shown = []
        self.web.get(
            f"{self.app.url}{HEALTH}"
        )  # gives the token that a page shows when it connects
        cookies = self._cookies()
        with connect(
            address,
            origin=Origin(self.app.url),
            subprotocols=[Subprotocol("streamlit"), Subprotocol(cookies.get(XSRF, ""))],
            additional_headers={"Cookie": "; ".join(map("=".join, cookies.items()))},
            max_size=None,
        ) as socket:
            asking = BackMsg()
            asking.rerun_script.query_string, asking.rerun_script.page_name = query, QUICK
            socket.send(asking.SerializeToString())
            kind = ""
            while kind != "script_finished":
                frame = socket.recv(timeout=60)
                assert isinstance(frame, bytes)
                kind = str(ForwardMsg.FromString(frame).WhichOneof("type"))
                shown.append(frame.decode(errors="replace"))
        return "".join(shown)

    def _cookies(self) -> dict[str, str]:
        """Those for the dashboard."""
        kept = [one for one in self.web.cookies.jar if one.domain.startswith("localhost")]
        return {one.name: (one.value or "").strip(QUOTE) for one in kept}

    def claims(self) -> dict[str, Any]:
        """What the browser keeps of who signed in; empty where nobody did."""
        return self._kept(USER_COOKIE)

    def tokens(self) -> dict[str, Any]:
        """The service's own tokens that it keeps."""
        return self._kept(TOKENS_COOKIE)

    def _kept(self, name: str) -> dict[str, Any]:
        cookies = {one.name: one for one in self.web.cookies.jar}
        if name not in cookies:
            return {}
        value = (cookies[name].value or "").strip(QUOTE)
        told = decode_signed_value(SECRET, name, value)
        assert told is not None
        found: dict[str, Any] = json.loads(told)
        return found | {"expires": cookies[name].expires}


def named(service: str) -> str:
    """The signed name of a service, as Streamlit writes it into the address behind a button."""
    told = {"alg": "HS256"}, {"provider": service, "exp": int(time.time()) + 120}
    written = ".".join(_written(json.dumps(one).encode()) for one in told)
    return f"{written}.{_written(hmac.digest(SECRET.encode(), written.encode(), 'sha256'))}"


def _written(told: bytes) -> str:
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()
