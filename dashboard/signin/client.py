"""How the server itself asks a sign-in service: for who came, and for the e-mail where the token has none."""

import logging
import ssl
import time
from functools import cache
from types import TracebackType
from typing import Any, Final

import httpx
from authlib.integrations import starlette_client
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.claims import JWTClaims
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response

from dashboard.signin import providers
from dashboard.signin.trouble import BY_SERVICE, EXCHANGE, Exchange, Trouble
from data.access.sign_in import account

LOG: Final = logging.getLogger("dashboard")

EMAIL_CLAIMS: Final = ("email", "email_verified")
KEPT_CLAIMS: Final = ("iss", "sub", "nonce", *EMAIL_CLAIMS)
"""What the browser keeps of somebody: a cookie with their picture and groups may be too long for a proxy."""

LONGEST_TOKEN: Final = 1500
"""Characters of a service's token that the browser is given for signing out there, which works without too:
with a longer one the answer that signs in would exceed the 4 kB that nginx takes."""

MOST_TABS: Final = 4
"""Tabs of one browser that may be on their way to a service at once."""

ENDPOINTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
ALGORITHMS: Final = "id_token_signing_alg_values_supported"
"""What tokens may be signed by; a service may name "none" among them, for others than us."""
FURTHER_ALGORITHMS: Final = "userinfo_signing_alg_values_supported"
SIGNED: Final = "application/jwt"

TOO_MUCH: Final = (408, 429)

TIMES: Final = ("iat", "exp", "nbf")
"""The claims of a token that are moments by the service's clock."""


@cache
def authorities() -> ssl.SSLContext:
    """Whose certificates are believed. Reading them takes 70 ms, in which nobody at all is answered, and each
    question to a service would: some six for one sign-in."""
    return httpx.create_ssl_context()


class SchoolClient(starlette_client.StarletteOAuth2App):  # type: ignore[misc]
    """Authlib's client of a sign-in service."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.client_kwargs.setdefault("verify", authorities())

    async def load_server_metadata(self) -> dict[str, Any]:
        """What the service says of itself. Raises ValueError where others could answer in its place."""
        metadata: dict[str, Any] = await super().load_server_metadata()
        for name in ENDPOINTS:
            if name in metadata and not providers.is_safe(str(metadata[name])):
                raise ValueError(f"{name} of the sign-in service is not https: {metadata[name]}")
        by_it = [
            *(metadata.get(ALGORITHMS) or ["RS256"]),
            *(metadata.get(FURTHER_ALGORITHMS) or []),
        ]
        metadata[ALGORITHMS] = [one for one in dict.fromkeys(by_it) if one != "none"]
        return metadata

    async def authorize_redirect(
        self, request: Request, redirect_uri: str | None = None, **named: Any
    ) -> Response:
        """The way to the service."""
        with _Noting(request.scope.get(EXCHANGE) or Exchange()):
            answer: Response = await super().authorize_redirect(request, redirect_uri, **named)
        return answer

    async def save_authorize_data(self, request: Request, **named: Any) -> None:
        """Authlib remembers the last tab alone that went to the service: the one before came back in vain."""
        before = {
            key: kept
            for key, kept in request.session.items()
            if key.startswith(f"_state_{self.name}_")
        }
        named.pop("url", None)  # long, and never asked for
        await super().save_authorize_data(request, **named)
        newest = sorted(before, key=lambda key: before[key]["exp"])[-MOST_TABS + 1 :]
        request.session.update({key: before[key] for key in newest})

    async def authorize_access_token(self, request: Request, **named: Any) -> dict[str, Any]:
        """The service's own token, for signing out there, and as `userinfo` the claims of who came."""
        exchange = request.scope.get(EXCHANGE) or Exchange()
        with _Noting(exchange):
            metadata = await self.load_server_metadata()
            wanted = self._wanted(metadata)
            token = await super().authorize_access_token(request, claims_options=wanted, **named)
            claims = await self._claims(token)
        if not claims:
            exchange.trouble = Trouble.SETUP
        hint = token.get("id_token", "")
        is_kept = metadata.get("end_session_endpoint") and len(hint) <= LONGEST_TOKEN
        return {"userinfo": claims} | ({"id_token": hint} if is_kept else {})

    def _wanted(self, metadata: dict[str, Any]) -> dict[str, Any]:
        """From whom, and for whom, anything must be that the service signed."""
        return {
            "iss": {"values": [metadata.get("issuer")]},
            "aud": {"values": [self.client_id]},
        }

    async def userinfo(self, **named: Any) -> dict[str, Any]:
        """Who came, told apart from the token: as JSON, or as a JWT signed by the service's keys."""
        metadata = await self.load_server_metadata()
        answer = await self.get(metadata["userinfo_endpoint"], **named)
        answer.raise_for_status()
        kind = answer.headers.get("content-type", "").partition(";")[0]
        if kind.strip().lower() != SIGNED:
            return dict(answer.json())
        told = {"id_token": answer.text}
        return dict(await self.parse_id_token(told, None, self._wanted(metadata), JWTClaims))

    async def _claims(self, token: dict[str, Any]) -> dict[str, Any]:
        """Who came, as of now by this server's clock; empty where the service names nobody."""
        claims = dict(token.get("userinfo") or {})
        if account(claims) is None:
            return {}
        provider = providers.named(self.name)
        is_trusted = provider is not None and provider.trusts_email
        if not claims.get("email") or not (is_trusted or "email_verified" in claims):
            claims |= await self._email_of(claims["sub"], token)
        kept = {name: claims[name] for name in KEPT_CLAIMS if name in claims}
        return kept | {"iat": time.time()}

    async def _email_of(self, subject: str, token: dict[str, Any]) -> dict[str, Any]:
        """The e-mail as the service tells it apart from the token, which is how OpenID Connect has it; nothing
        where it tells none, or speaks of somebody else."""
        metadata = await self.load_server_metadata()
        if "userinfo_endpoint" not in metadata:
            return {}
        try:
            answer = await self.userinfo(token=token)
        except (httpx.HTTPError, OAuthError, JoseError, ValueError, TypeError) as error:
            # An account that is known needs no e-mail: it comes in all the same.
            LOG.warning("the sign-in service %s told no e-mail", self.name, exc_info=error)
            return {}
        if answer.get("sub") != subject:
            return {}
        return {name: answer[name] for name in EMAIL_CLAIMS if name in answer}


class _Noting:
    """Notes why an exchange fails. Whatever it is goes on to Streamlit, which logs it and leads back."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def __enter__(self) -> None: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is not None:
            self.exchange.trouble = trouble_of(error)


def trouble_of(error: BaseException) -> Trouble:
    """Why an exchange failed."""
    if isinstance(error, OAuthError):
        # A grant is a code: used already, or too old.
        is_late = error.error == "invalid_grant"
        return Trouble.FAILED if is_late else BY_SERVICE.get(error.error, Trouble.SETUP)
    if getattr(error, "claim", None) in TIMES:
        return Trouble.CLOCK
    return Trouble.AWAY if _is_away(error) else Trouble.SETUP


def _is_away(error: BaseException) -> bool:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.is_server_error or error.response.status_code in TOO_MUCH
    return isinstance(error, httpx.TransportError)


def install() -> None:
    """Have Streamlit make its clients of ours: it derives them from the class of this name."""
    starlette_client.StarletteOAuth2App = SchoolClient
