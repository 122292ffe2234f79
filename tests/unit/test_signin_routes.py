"""What surrounds Streamlit's own sign-in routes: where they lead, which cookies they leave, what is logged."""

import json
import logging
import re
from urllib.parse import quote
from uuid import uuid4

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from dashboard.signin import expiry, providers
from dashboard.signin.auth_routes import WANTED, SignInMiddleware
from dashboard.web import private
from dashboard.web.private import HOST_CONFIG, TOKENS_COOKIE, USER_COOKIE
from data.access.sign_in import account

ADDRESS = "https://p.example.org/oauth2callback"


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The [auth] section."""
    section = {"redirect_uri": ADDRESS}
    monkeypatch.setattr(providers, "section", lambda: section)
    return section


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


def test_over_https_every_cookie_is_secure_and_over_http_as_it_was(
    configured: dict[str, str],
) -> None:
    for address, secure in (
        (ADDRESS, True),
        ("http://localhost/oauth2callback", False),
    ):
        configured["redirect_uri"] = address
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
def test_only_a_page_of_ours_is_opened_after_the_sign_in(referer: str, opened: str) -> None:
    client = served(RedirectResponse("https://sso.example.org"), coming_back())
    client.get("/auth/login", headers={"referer": referer})
    assert client.get("/oauth2callback?code=1").headers["location"] == opened
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"  # once only


@pytest.mark.parametrize(
    "planted", ["https://evil.example", "//evil.example", "/\\evil", "/a\r\nx: y"]
)
def test_a_cookie_that_somebody_planted_leads_nowhere_else(planted: str) -> None:
    client = served(RedirectResponse("https://sso.example.org"), coming_back())
    client.cookies.set(WANTED, quote(planted, safe=""))
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"


def test_a_service_that_fails_leads_back_to_our_page() -> None:
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
def test_a_service_that_refuses_is_told_from_somebody_who_cancelled(asked: str, told: str) -> None:
    client = served(PlainTextResponse("", 200), RedirectResponse("/", 302))
    assert client.get(f"/oauth2callback?{asked}").headers["location"] == f"/?sign_in={told}"


def test_a_cookie_that_is_taken_away_is_no_sign_in() -> None:
    """As Streamlit does where an exchange failed."""
    taken = RedirectResponse("/", 302)
    for name in (USER_COOKIE, TOKENS_COOKIE):
        taken.delete_cookie(name)
    client = served(PlainTextResponse("", 200), taken)
    assert client.get("/oauth2callback?code=1").headers["location"] == "/?sign_in=failed"
    client = served(PlainTextResponse("", 200), coming_back())
    assert client.get("/oauth2callback?code=1").headers["location"] == "/"  # the control


def test_the_services_tokens_end_with_the_session_however_many_cookies_they_fill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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


def test_no_other_site_leads_anybody_in_or_out() -> None:
    client = served(RedirectResponse("https://sso.example.org"), coming_back())
    for path in ("/auth/login", "/auth/logout"):
        for site in ("cross-site", "same-site"):
            led = client.get(path, headers={"sec-fetch-site": site})
            assert (led.status_code, led.headers["location"]) == (303, "/")
        for headers in ({"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}, {}):
            led = client.get(path, headers=headers)
            assert led.headers["location"].startswith("https://sso.example.org")  # the control


def test_what_a_service_says_reaches_the_log_without_e_mails_and_in_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
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


def test_a_button_that_was_pressed_too_late_is_told() -> None:
    """Streamlit leads back without a word where the service's name in the address has run out."""
    client = served(RedirectResponse("/", 302), coming_back())
    late = client.get("/auth/login", headers={"referer": "https://p.example.org/history"})
    assert late.headers["location"] == "/?sign_in=failed"
    client.get("/oauth2callback?code=1")
    assert client.get("/auth/login").headers["location"] == "/"  # who is in is told nothing


def test_who_is_signed_out_here_alone_is_told() -> None:
    """The service was away, or knows no signing out: the next at this computer would be let in as them."""
    app = Starlette(
        routes=[Route("/auth/logout", lambda request: RedirectResponse("/", 302))],
        middleware=[Middleware(SignInMiddleware)],
    )
    client = TestClient(app, base_url="https://p.example.org", follow_redirects=False)
    assert client.get("/auth/logout").headers["location"] == "/"  # nobody was signed in
    client.cookies.set(USER_COOKIE, "somebody")
    assert client.get("/auth/logout").headers["location"] == "/?sign_in=still_there"


def test_a_page_of_before_that_comes_back_is_no_failure_of_who_is_in(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As by the browser's Back: Streamlit knows the state no more, and leaves the cookies."""
    client = served(RedirectResponse("https://sso.example.org"), RedirectResponse("/", 302))
    with caplog.at_level(logging.INFO, "progress.audit"):
        assert client.get("/oauth2callback?code=1").headers["location"] == "/?sign_in=failed"
        assert caplog.text.count("sign-in failed") == 1
        client.cookies.set(USER_COOKIE, "somebody")
        assert client.get("/oauth2callback?code=1").headers["location"] == "/"
        assert caplog.text.count("sign-in failed") == 1


def test_where_a_sign_in_is_over_the_next_answer_takes_the_services_token(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Signed out everywhere: the other browsers keep it else for as long as the session would have lasted."""
    monkeypatch.setattr(private, "get_cookie_secret", lambda: "s" * 32)
    claims = {"iss": "https://sso", "sub": "1", "provider": "sso", "nonce": uuid4().hex}
    kept = {USER_COOKIE: claims | {"origin": ADDRESS}, TOKENS_COOKIE: {"id_token": "a"}}
    app = Starlette(
        routes=[Route(HOST_CONFIG, lambda request: PlainTextResponse("{}"))],
        middleware=[Middleware(SignInMiddleware)],
    )
    browser = TestClient(app, base_url="https://p.example.org")
    for name, told in kept.items():
        value = create_signed_value("s" * 32, name, json.dumps(told)).decode()
        browser.cookies.set(name, value, domain="p.example.org", path="/")
    browser.get(HOST_CONFIG)
    assert set(browser.cookies) == {USER_COOKIE, TOKENS_COOKIE}
    came = account(claims)
    assert came is not None
    expiry.note(came.session)
    browser.get(HOST_CONFIG)
    assert set(browser.cookies) == {USER_COOKIE}  # which says who was signed out, and opens nothing
