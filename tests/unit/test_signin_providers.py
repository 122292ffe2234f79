"""The [auth] section: what cannot be used is refused at start, by name; what surrounds the sign-in's routes."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.signin import providers
from dashboard.signin.auth_routes import WANTED, SignInMiddleware
from dashboard.web.private import USER_COOKIE
from data.access.errors import DataError

SECRET = "x" * 32
EXAMPLE = Path(__file__).resolve().parents[2] / ".streamlit" / "secrets.example.toml"
SERVICE = {
    "client_id": "a",
    "client_secret": "b",
    "server_metadata_url": "https://sso.example.org/x",
}
GOOD = {"redirect_uri": "https://p.example.org/oauth2callback", "cookie_secret": SECRET}

Configure = Callable[[Mapping[str, Any]], None]


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    def configured(auth: Mapping[str, Any]) -> None:
        monkeypatch.setattr(providers, "is_configured", lambda: True)
        monkeypatch.setattr(providers, "section", lambda: auth)

    return configured


def test_services_are_told_in_the_order_of_the_file(configure: Configure) -> None:
    configure(GOOD | SERVICE | {"google": SERVICE, "sso": SERVICE | {"label": "The school"}})
    providers.check()
    assert [(one.name, one.label) for one in providers.providers()] == [
        (None, "your school's account"), ("google", "Google"), ("sso", "The school"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("auth", "named"),
    [
        ({}, "redirect_uri"),
        (GOOD | {"redirect_uri": "https://p.example.org/"} | SERVICE, "redirect_uri"),
        (GOOD | {"redirect_uri": "http://p.example.org/oauth2callback"} | SERVICE, "https://"),
        (GOOD | {"cookie_secret": "short"} | SERVICE, "cookie_secret"),
        (GOOD, "names no sign-in service"),
        (GOOD | {"sso": {"client_id": "a"}}, r"\[auth.sso\] .* client_secret, server_metadata_url"),
        (GOOD | {"sso": SERVICE | {"client_secret": ""}}, "client_secret"),
        (GOOD | {"my_sso": SERVICE}, "underscore"),
        (
            GOOD | {"m": SERVICE | {"emails_are_verified": True, "server_metadata_url": "https://l/common/v2"}},
            "trusts every e-mail",
        ),
        (
            GOOD | {"m": SERVICE | {"emails_are_verified": True, "server_metadata_url": "https://l/Consumers/v2"}},
            "trusts every e-mail",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(
    configure: Configure, auth: Mapping[str, Any], named: str
) -> None:
    configure(auth)
    with pytest.raises(DataError, match=named):
        providers.check()


def test_the_example_wants_nothing_but_what_is_empty_in_it(configure: Configure) -> None:
    auth = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["auth"]
    configure(auth)
    with pytest.raises(DataError, match="cookie_secret"):
        providers.check()
    filled = {
        name: one | {"client_id": "a", "client_secret": "b"} if isinstance(one, dict) else one
        for name, one in auth.items()
    }
    configure(filled | {"cookie_secret": SECRET})
    providers.check()
    found = providers.providers()
    assert [one.name for one in found] == ["google", "microsoft", "keycloak", "supabase"]
    assert [one.name for one in found if one.trusts_email] == ["microsoft"]
    for one in found:
        assert filled[str(one.name)]["client_kwargs"]["code_challenge_method"] == "S256"


def served(login: Response, callback: Response) -> TestClient:
    """Streamlit's routes as they answer, behind our middleware."""
    routes = [
        Route("/auth/logout", lambda request: RedirectResponse("https://sso.example.org/end")),
        Route("/auth/login", lambda request: login),
        Route("/oauth2callback", lambda request: callback),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(SignInMiddleware)])
    return TestClient(app, base_url="https://p.example.org", follow_redirects=False)


def coming_back() -> Response:
    answer = RedirectResponse("/", status_code=302)
    answer.set_cookie(USER_COOKIE, "somebody", httponly=True, samesite="lax")
    return answer


def test_over_https_every_cookie_is_secure_and_over_http_as_it_was(configure: Configure) -> None:
    for address, secure in (
        (GOOD["redirect_uri"], True),
        ("http://localhost/oauth2callback", False),
    ):
        configure({"redirect_uri": address})
        client = served(RedirectResponse("https://sso.example.org"), coming_back())
        cookies = client.get("/oauth2callback?code=1").headers.get_list("set-cookie")
        wanted = client.get("/auth/login", headers={"referer": "https://p.example.org/history"})
        cookies += wanted.headers.get_list("set-cookie")
        assert len(cookies) == 3
        for one in cookies:
            assert "httponly" in one.lower()
            assert "samesite=lax" in one.lower()
            assert ("; secure" in one.lower()) is secure


@pytest.mark.parametrize(
    ("referer", "opened"),
    [
        ("https://p.example.org/classroom?class=1&status=InProgress", "/classroom?class=1&status=InProgress"),
        ("https://p.example.org/", "/"),
        ("https://evil.example/history", "/"),
        ("https://p.example.org//evil.example/history", "/"),
        ("https://p.example.org/" + "a" * 2000, "/"),
        ("", "/"),
    ],
)  # fmt: skip
def test_only_a_page_of_ours_is_opened_after_the_sign_in(
    configure: Configure, referer: str, opened: str
) -> None:
    configure(GOOD)
    client = served(RedirectResponse("https://sso.example.org"), coming_back())
    client.get("/auth/login", headers={"referer": referer})
    assert client.get("/oauth2callback?code=1").headers["location"] == opened
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"  # once only


@pytest.mark.parametrize(
    "planted", ["https://evil.example", "//evil.example", "/\\evil", "/a\r\nx: y"]
)
def test_a_cookie_that_somebody_planted_leads_nowhere_else(
    configure: Configure, planted: str
) -> None:
    configure(GOOD)
    client = served(RedirectResponse("https://sso.example.org"), coming_back())
    client.cookies.set(WANTED, quote(planted, safe=""))
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"


def test_a_service_that_fails_leads_back_to_our_page(configure: Configure) -> None:
    configure(GOOD)
    client = served(PlainTextResponse("Authentication error", 400), RedirectResponse("/", 302))
    failed = client.get("/auth/login", headers={"referer": "https://p.example.org/history"})
    assert (failed.status_code, failed.headers["location"]) == (303, "/?sign_in=away")
    assert "Authentication error" not in failed.text
    assert client.get("/oauth2callback?error=denied").headers["location"] == "/?sign_in=failed"
    # Back from having signed out at the service.
    assert client.get("/oauth2callback").headers["location"] == "/"


def test_no_other_site_leads_anybody_in_or_out(configure: Configure) -> None:
    configure(GOOD)
    client = served(RedirectResponse("https://sso.example.org"), coming_back())
    for path in ("/auth/login", "/auth/logout"):
        for site in ("cross-site", "same-site"):
            led = client.get(path, headers={"sec-fetch-site": site})
            assert (led.status_code, led.headers["location"]) == (303, "/")
        for headers in ({"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {}):
            led = client.get(path, headers=headers)
            assert led.headers["location"].startswith("https://sso.example.org")  # the control


def test_what_a_service_says_of_a_person_reaches_no_log(
    configure: Configure, caplog: pytest.LogCaptureFixture
) -> None:
    configure(GOOD)
    asked: list[str] = []

    def callback(request: Request) -> Response:
        asked.append(str(request.query_params))
        return RedirectResponse("/", 302)

    app = Starlette(
        routes=[Route("/oauth2callback", callback)], middleware=[Middleware(SignInMiddleware)]
    )
    client = TestClient(app, base_url="https://p.example.org", follow_redirects=False)
    with caplog.at_level(logging.INFO, "progress.audit"):
        client.get("/oauth2callback?error=access_denied&error_description=Tess+may+not&state=s%26t")
        client.get("/oauth2callback?error=Tess%0Amay+not&state=")
        client.get("/oauth2callback?code=a%2Bb&state=s")
    assert asked == ["error=access_denied&state=s%26t", "error=other&state=", "code=a%2Bb&state=s"]
    assert {one.getMessage() for one in caplog.records if one.name == "progress.audit"} == {
        "sign-in failed why=failed"
    }


@pytest.mark.parametrize(("provider", "comes"), [("sso", True), ("gone", False), (None, False)])
def test_a_cookie_of_a_service_that_was_taken_out_is_nobodys(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, provider: str | None, comes: bool
) -> None:
    configure(GOOD | {"sso": SERVICE})
    claims = {"iss": "https://sso", "sub": "1", "provider": provider}
    user = SimpleNamespace(is_logged_in=True, to_dict=lambda: claims)
    monkeypatch.setattr(streamlit, "user", user)
    assert (providers.who_came() is not None) is comes
