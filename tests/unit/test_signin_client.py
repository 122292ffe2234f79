"""What the server itself asks a sign-in service: the e-mail that a token lacks. What a failure is called."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth

from dashboard.signin.client import SchoolClient, trouble_of
from dashboard.signin.trouble import Trouble

ISSUER = "https://sso.example.org"
EMAIL = {"email": "tess@example.org", "email_verified": True}
Answer = Callable[[httpx.Request], httpx.Response]


def asked(answer: Answer, **metadata: str) -> Any:
    """What is learned of tess from a service whose userinfo endpoint answers so."""
    transport = httpx.MockTransport(answer)
    client = OAuth().register(
        "school", client_cls=SchoolClient, client_kwargs={"transport": transport}
    )
    client.server_metadata.update(metadata or {"userinfo_endpoint": f"{ISSUER}/me"})
    told = client._email_of("tess", {"access_token": "a", "token_type": "Bearer"})
    with ThreadPoolExecutor(1) as elsewhere:  # where no browser's loop runs already
        return elsewhere.submit(asyncio.run, told).result()


def test_the_e_mail_is_asked_for_with_what_the_service_gave_for_that() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["authorization"] == "Bearer a"
        return httpx.Response(200, json={"sub": "tess", "groups": ["x"] * 1000} | EMAIL)

    assert asked(answer) == EMAIL


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, json={"sub": "otto"} | EMAIL),
        httpx.Response(200, json=EMAIL),
        httpx.Response(403, json={"error": "insufficient_scope"}),
        httpx.Response(200, text="a.signed.answer"),
        *(httpx.Response(200, json=odd) for odd in (["tess"], [1], 7, None)),
        httpx.Response(200, json={"sub": "tess"}),
    ],
)
def test_what_is_of_somebody_else_or_no_answer_is_no_e_mail(answer: httpx.Response) -> None:
    answer.request = httpx.Request("GET", ISSUER)
    assert asked(lambda _: answer) == {}


def test_a_service_without_such_an_address_is_not_asked() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError(request.url)

    assert asked(answer, issuer=ISSUER) == {}


def failed(status: int) -> httpx.HTTPStatusError:
    request = httpx.Request("POST", ISSUER)
    return httpx.HTTPStatusError("", request=request, response=httpx.Response(status))


class OfAClaim(Exception):
    def __init__(self, claim: str) -> None:
        self.claim = claim


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (OAuthError("invalid_grant", "used already"), Trouble.FAILED),
        (OAuthError("invalid_client", "wrong secret"), Trouble.SETUP),
        (OfAClaim("iat"), Trouble.CLOCK),
        (OfAClaim("exp"), Trouble.CLOCK),
        (OfAClaim("nonce"), Trouble.SETUP),
        (httpx.ConnectTimeout(""), Trouble.AWAY),
        (failed(502), Trouble.AWAY),
        (failed(404), Trouble.SETUP),
        (ValueError("no JSON"), Trouble.SETUP),
        (RuntimeError('Missing "jwks_uri" in metadata'), Trouble.SETUP),
    ],
)
def test_a_failure_is_the_services_the_clocks_the_persons_or_one_of_the_set_up(
    error: Exception, trouble: Trouble
) -> None:
    assert trouble_of(error) is trouble
