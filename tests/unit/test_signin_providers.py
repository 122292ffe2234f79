"""The [auth] section: what cannot be used is refused at start, by name; what surrounds the sign-in's routes."""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import nullcontext
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
from dashboard.web.private import TOKENS_COOKIE, USER_COOKIE
from data.access.errors import DataError

SECRET = "x" * 32
EXAMPLE = Path(__file__).resolve().parents[2] / ".streamlit" / "secrets.example.toml"
EXAMPLES = ("google", "microsoft", "keycloak", "supabase", "other")
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
    assert [one.name for one in found] == [*EXAMPLES]
    assert [one.name for one in found if one.trusts_email] == ["microsoft"]
    for one in found:
        assert filled[str(one.name)]["client_kwargs"]["code_challenge_method"] == "S256"


def test_every_example_says_what_is_asked_of_who_is_signed_in_there_already() -> None:
    """Else Streamlit asks which account they mean, and many services refuse that; two are known to take it."""
    auth = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["auth"]
    asked = {name: auth[name]["client_kwargs"]["prompt"] for name in EXAMPLES}
    assert asked == dict.fromkeys(EXAMPLES, "") | dict.fromkeys(
        ("google", "microsoft"), "select_account"
    )


@pytest.mark.parametrize(
    ("mode", "refused"),
    [(0o600, False), (0o640, False), (0o644, True), (0o602, True), (0o604, True)],
)
def test_secrets_that_others_on_the_machine_can_read_or_change_are_refused(
    tmp_path: Path, mode: int, refused: bool
) -> None:
    file = tmp_path / "the secrets.toml"
    file.touch()
    file.chmod(mode)
    files = [tmp_path / "none.toml", file]
    with pytest.raises(DataError, match="chmod 600 '") if refused else nullcontext():
        providers.refuse_what_others_read(files)


def test_the_start_looks_at_the_files_that_streamlit_reads(
    configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(GOOD | SERVICE)
    file = tmp_path / "secrets.toml"
    file.touch()
    file.chmod(0o644)
    monkeypatch.setattr(streamlit, "get_option", {"secrets.files": [str(file)]}.__getitem__)
    with pytest.raises(DataError, match="Everybody on this machine"):
        providers.check()
    file.chmod(0o600)
    providers.check()


def test_where_people_reach_the_page_is_what_the_service_leads_back_to(
    configure: Configure,
) -> None:
    configure(GOOD)
    assert providers.own_address(8501) == "https://p.example.org"
    configure({"redirect_uri": "http://localhost:{port}/oauth2callback"})
    assert providers.own_address(8501) == "http://localhost:8501"


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
    # Back from having signed out at the service.
    assert client.get("/oauth2callback").headers["location"] == "/"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("error=access_denied", "failed"),
        ("code=stale", "failed"),
        ("error=temporarily_unavailable", "away"),
        ("error=server_error", "away"),
        ("error=invalid_request&error_description=unsupported+prompt", "setup"),
        ("error=unauthorized_client", "setup"),
        ("error=Tess+may+not", "setup"),
    ],
)
def test_a_service_that_refuses_is_told_from_somebody_who_cancelled(
    configure: Configure, asked: str, told: str
) -> None:
    configure(GOOD)
    client = served(PlainTextResponse("", 200), RedirectResponse("/", 302))
    assert client.get(f"/oauth2callback?{asked}").headers["location"] == f"/?sign_in={told}"


def test_a_cookie_that_is_taken_away_is_no_sign_in(configure: Configure) -> None:
    """As Streamlit does where an exchange failed."""
    configure(GOOD)
    taken = RedirectResponse("/", 302)
    for name in (USER_COOKIE, TOKENS_COOKIE):
        taken.delete_cookie(name)
    client = served(PlainTextResponse("", 200), taken)
    assert client.get("/oauth2callback?code=1").headers["location"] == "/?sign_in=failed"
    client = served(PlainTextResponse("", 200), coming_back())
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"  # the control


def test_the_services_tokens_end_with_the_session_however_many_cookies_they_fill(
    configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(GOOD)
    monkeypatch.setenv("PROGRESS_SESSION_HOURS", "2")
    answer = coming_back()
    for name in (USER_COOKIE, TOKENS_COOKIE, f"{TOKENS_COOKIE}_1"):
        answer.set_cookie(name, "x", max_age=2592000)
    answer.delete_cookie(f"{TOKENS_COOKIE}_2")
    given = served(PlainTextResponse("", 200), answer).get("/oauth2callback?code=1").headers
    lives = [re.findall(r"^(\w+)=.*Max-Age=(\d+)", one) for one in given.get_list("set-cookie")]
    assert dict(one[0] for one in lives if one) == {
        USER_COOKIE: "2592000", TOKENS_COOKIE: "7200", f"{TOKENS_COOKIE}_1": "7200",
        f"{TOKENS_COOKIE}_2": "0", WANTED: "0",
    }  # fmt: skip


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


def test_what_a_service_says_reaches_the_log_without_e_mails_and_in_one_line(
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
        said = "User+tess@example.org%0Amay+not%1b"
        client.get(f"/oauth2callback?error=access_denied&error_description={said}&state=s%26t")
        client.get("/oauth2callback?error=Tess%0Amay+not&state=")
        client.get(f"/oauth2callback?error=x&error_description={'a' * 400}")
        client.get("/oauth2callback?code=a%2Bb&state=s")
    assert asked == [
        "error=access_denied&error_description=User+%28e-mail%29+may+not+&state=s%26t",
        "error=other&state=", f"error=x&error_description={'a' * 300}", "code=a%2Bb&state=s",
    ]  # fmt: skip
    assert [one.getMessage() for one in caplog.records if one.name == "progress.audit"] == [
        f"sign-in failed why={why}" for why in ("failed", "setup", "setup", "failed")
    ]


@pytest.mark.parametrize(("provider", "comes"), [("sso", True), ("gone", False), (None, False)])
def test_a_cookie_of_a_service_that_was_taken_out_is_nobodys(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, provider: str | None, comes: bool
) -> None:
    configure(GOOD | {"sso": SERVICE})
    claims = {"iss": "https://sso", "sub": "1", "provider": provider}
    user = SimpleNamespace(is_logged_in=True, to_dict=lambda: claims)
    monkeypatch.setattr(streamlit, "user", user)
    assert (providers.who_came() is not None) is comes
