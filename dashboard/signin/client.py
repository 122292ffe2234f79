"""How the server itself asks a sign-in service: for who came, and for the e-mail where the token has none."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any, Final

import httpx
from authlib.integrations import starlette_client
from authlib.integrations.base_client import OAuthError
from starlette.requests import Request
from starlette.responses import Response

from dashboard.signin.trouble import EXCHANGE, Exchange, Trouble

LOG: Final = logging.getLogger("dashboard")

EMAIL_CLAIMS: Final = ("email", "email_verified")
TIMES: Final = ("iat", "exp", "nbf")
"""The claims of a token that are moments by the service's clock."""


class SchoolClient(starlette_client.StarletteOAuth2App):  # type: ignore[misc]
    """Authlib's client of a sign-in service."""

    async def authorize_redirect(
        self, request: Request, redirect_uri: str | None = None, **named: Any
    ) -> Response:
        """The way to the service."""
        with _Noting(request.scope.get(EXCHANGE) or Exchange()):
            answer: Response = await super().authorize_redirect(request, redirect_uri, **named)
        return answer

    async def authorize_access_token(self, request: Request, **named: Any) -> dict[str, Any]:
        """The tokens, and as `userinfo` the claims of who came."""
        exchange = request.scope.get(EXCHANGE) or Exchange()
        with _Noting(exchange):
            token: dict[str, Any] = await super().authorize_access_token(request, **named)
            claims = token.get("userinfo")
            if not claims:
                exchange.trouble = Trouble.SETUP
            elif not claims.get("email"):
                token["userinfo"] = {**claims, **await self._email_of(claims["sub"], token)}
        # The service is asked no more, so the browser need not carry what opens it.
        token.pop("access_token", None)
        return token

    async def _email_of(self, subject: str, token: dict[str, Any]) -> dict[str, Any]:
        """The e-mail as the service tells it apart from the token, which is how OpenID Connect has it; nothing
        where it tells none, or speaks of somebody else."""
        metadata = await self.load_server_metadata()
        if "userinfo_endpoint" not in metadata:
            return {}
        try:
            answer = await self.userinfo(token=token)
        except (httpx.HTTPStatusError, ValueError, TypeError) as error:
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
    if isinstance(error, OAuthError) and error.error == "invalid_grant":
        return Trouble.FAILED  # a code that was used already, or is too old
    if getattr(error, "claim", None) in TIMES:
        return Trouble.CLOCK
    is_down = isinstance(error, httpx.HTTPStatusError) and error.response.is_server_error
    return Trouble.AWAY if is_down or isinstance(error, httpx.TransportError) else Trouble.SETUP


def install() -> None:
    """Have Streamlit make its clients of ours: it derives them from the class of this name."""
    starlette_client.StarletteOAuth2App = SchoolClient
