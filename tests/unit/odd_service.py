"""A sign-in service made by hand, which does what certified ones do not, and a browser that goes to it."""

import asyncio
import base64
import hmac
import json
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx
from authlib.integrations.starlette_client import OAuth
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry
from starlette.requests import Request

from dashboard.signin.client import SchoolClient
from dashboard.signin.trouble import EXCHANGE, Exchange

T = TypeVar("T")
Key = RSAKey | ECKey | OKPKey

ISSUER = "https://sso.example.org"
BACK = "https://p.example.org/oauth2callback"
SECRET = "a secret of the client that is long enough"
RSA = RSAKey.generate_key(2048, {"kid": "one"})
ECS = {name: ECKey.generate_key(name, {"kid": "one"}) for name in ("P-256", "P-521")}
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "one"})
METADATA = {
    "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/authorize", "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys", "userinfo_endpoint": f"{ISSUER}/me", "end_session_endpoint": f"{ISSUER}/end",
    "id_token_signing_alg_values_supported": ["RS256", "PS256", "ES256", "ES512", "Ed25519", "HS256", "none"],
}  # fmt: skip
EMAIL = {"email": "tess@example.org", "email_verified": True}

Answer = Callable[[], httpx.Response]


@dataclass
class Service:
    """Answers as told: `claims` are put into its token, `moments` too, in seconds from now, and `answers` are
    given in place of its own by path."""

    claims: dict[str, Any] = field(default_factory=dict)
    moments: dict[str, int] = field(default_factory=dict)
    lacks: tuple[str, ...] = ()
    algorithm: str = "RS256"
    key: Key | bytes = field(default_factory=lambda: RSA)
    metadata: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    nonce: str = ""

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path in self.answers:
            return self.answers[request.url.path]()
        match request.url.path:
            case "/well-known":
                return httpx.Response(200, json=METADATA | self.metadata)
            case "/keys":
                return httpx.Response(200, json={"keys": [self._public()]})
            case "/token":
                return httpx.Response(200, json=self._token())
        return httpx.Response(200, json={"sub": "tess"} | EMAIL)

    def _public(self) -> Any:
        return (RSA if isinstance(self.key, bytes) else self.key).as_dict(private=False)

    def _token(self) -> dict[str, Any]:
        now = int(time.time())
        claims = {
            "iss": ISSUER, "sub": "tess", "aud": "progress", "iat": now, "exp": now + 3600, "nonce": self.nonce,
        } | EMAIL | self.claims | {name: now + each for name, each in self.moments.items()}  # fmt: skip
        told = {name: one for name, one in claims.items() if name not in self.lacks}
        signed = sign({"alg": self.algorithm, "kid": "one"}, told, self.key)
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


def sign(header: dict[str, str], claims: dict[str, Any], key: Key | bytes) -> str:
    """A token; by hand with bytes that everybody knows, which a library would refuse."""
    if isinstance(key, Key):
        return jwt.encode(header, claims, key, registry=EVERY_ALGORITHM)
    written = ".".join(as_base64(json.dumps(one).encode()) for one in (header, claims))
    return f"{written}.{as_base64(hmac.digest(key, written.encode(), 'sha256'))}"


def as_base64(told: bytes) -> str:
    return base64.urlsafe_b64encode(told).rstrip(b"=").decode()


EVERY_ALGORITHM = JWSRegistry(algorithms=METADATA["id_token_signing_alg_values_supported"])


@dataclass
class Browser:
    """Its session, and the client of a process that serves it."""

    service: Service
    session: dict[str, Any] = field(default_factory=dict)
    exchange: Exchange = field(default_factory=Exchange)

    def _client(self) -> Any:
        named = {"scope": "openid email", "transport": httpx.MockTransport(self.service.answer)}
        return OAuth().register(
            "school", client_cls=SchoolClient, client_id="progress", client_secret=SECRET,
            server_metadata_url=f"{ISSUER}/well-known", client_kwargs=named,
        )  # fmt: skip

    def _request(self, query: str) -> Request:
        scope = {"type": "http", "method": "GET", "query_string": query.encode(), "headers": []}
        return Request(scope | {"session": self.session, EXCHANGE: self.exchange})

    async def goes(self) -> dict[str, str]:
        """To the service; what it is asked there."""
        led = await self._client().authorize_redirect(self._request(""), BACK)
        asked = parse_qs(urlsplit(led.headers["location"]).query)
        return {name: values[0] for name, values in asked.items()}

    async def comes_back(self, asked: dict[str, str]) -> dict[str, Any]:
        self.service.nonce = asked["nonce"]
        query = f"code=c&state={asked['state']}"
        found: dict[str, Any] = await self._client().authorize_access_token(self._request(query))
        return found


def run(work: Coroutine[Any, Any, T]) -> Any:
    with ThreadPoolExecutor(1) as elsewhere:  # where no browser's loop runs already
        return elsewhere.submit(asyncio.run, work).result()
