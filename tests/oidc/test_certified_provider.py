"""Signing in at a certified service with its default settings, by the examples of secrets.example.toml."""

import base64
import json
import shutil
import socket
import subprocess
import time
import tomllib
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.accounts import CONTACT, App, serving_accounts
from tests.browsing import ROOT, free_port
from tests.clusters import Cluster
from tests.machine import go_without, need
from tests.oidc.visitor import Visitor

HERE: Final = Path(__file__).parent
EXAMPLE: Final = ROOT / ".streamlit" / "secrets.example.toml"
BY_EXAMPLE: Final = ("keycloak", "supabase", "other")
OLDEST_NODE: Final = 18
STAFF: Final = ("tess", "cora", "otto")

AWAY: Final = "The sign-in service cannot be reached just now."
SETUP: Final = "the sign-in service and this dashboard are not set up for each other"
CLOCK: Final = "the clocks of the sign-in service and of this server differ"


def accounts() -> dict[str, dict[str, Any]]:
    verified = {
        one: {"email": f"{one}@example.org", "email_verified": True} for one in (*STAFF, "stranger")
    }
    unsure = {"email": "cora@example.org", "email_verified": False}
    return verified | {"unsure": unsure, "nameless": {}}


def a_node() -> Path:
    """Node.js, as new as the service wants it."""
    node = Path(shutil.which("node") or "/usr/bin/node")
    need(node, "Node.js")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.lstrip("v").partition(".")[0]) < OLDEST_NODE:
        go_without(f"the sign-in service needs Node.js {OLDEST_NODE}; this is {version.strip()}")
    return node


@contextmanager
def providing(*services: Mapping[str, Any]) -> Iterator[None]:
    node = a_node()
    need(HERE / "node_modules" / "oidc-provider", "The sign-in service of npm's oidc-provider")
    told = {"accounts": accounts(), "services": services}
    with subprocess.Popen(
        [node, HERE / "provider.mjs", json.dumps(told)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            assert process.stdout is not None
            while b"up" not in (line := process.stdout.readline()):
                assert line, "the service did not start"
            yield
        finally:
            process.terminate()


def client(app: str, name: str = "progress", **differing: Any) -> dict[str, Any]:
    """This dashboard, as it is registered there."""
    back = [f"{app}/oauth2callback"]
    known = {"client_id": name, "client_secret": "right", "redirect_uris": back}
    return known | {"post_logout_redirect_uris": back} | differing


def section(port: int, name: str = "progress", **differing: Any) -> dict[str, Any]:
    """A service as secrets.toml names it."""
    address = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
    example = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["auth"]["other"]["client_kwargs"]
    found = {"client_id": name, "client_secret": "right", "server_metadata_url": address}
    return found | {"client_kwargs": example} | differing


def services(school: int, second: int, ahead: int) -> Mapping[str, Mapping[str, Any]]:
    examples = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))["auth"]
    plain = {"scope": "openid email"}
    by_example = {
        one: section(
            school,
            "by-post" if one == "supabase" else "progress",
            client_kwargs=examples[one]["client_kwargs"],
        )
        for one in BY_EXAMPLE
    }
    return by_example | {
        "school": section(school),
        "second": section(second),
        "wrong": section(school, client_secret="wrong"),
        "ahead": section(ahead),
        "unregistered": section(school, "unregistered"),
        "signing": section(school, "signing"),
        "unprompted": section(school, client_kwargs=plain),
        "elsewhere": section(
            school, server_metadata_url=f"http://127.0.0.1:{school}/nothing/openid-configuration"
        ),
        "down": section(free_port()),
        "mute": section(school, client_kwargs={"scope": "email", "prompt": ""}),
    }


@pytest.fixture(scope="module")
def ports() -> dict[str, int]:
    return {name: free_port() for name in ("app", "school", "second", "ahead")}


@pytest.fixture(scope="module")
def app(
    cluster_18: Cluster, tmp_path_factory: pytest.TempPathFactory, ports: dict[str, int]
) -> Iterator[App]:
    url = f"http://localhost:{ports['app']}"
    posting = client(url, "by-post", token_endpoint_auth_method="client_secret_post")
    unregistered = client(url, "unregistered", post_logout_redirect_uris=[])
    signing = client(url, "signing", userinfo_signed_response_alg="RS256")
    second = {"algorithm": "ES256", "pkce": True}
    named = services(ports["school"], ports["second"], ports["ahead"])
    folder = tmp_path_factory.mktemp("certified")
    with (
        providing(
            {"port": ports["school"], "clients": [client(url), posting, unregistered, signing]},
            {"port": ports["second"], "clients": [client(url)]} | second,
            {"port": ports["ahead"], "clients": [client(url)], "ahead": 180},
        ),
        serving_accounts(cluster_18, folder, ports["app"], named) as running,
    ):
        yield running


@pytest.fixture
def visitor(app: App) -> Visitor:
    """Somebody new, whose account nobody here knows yet."""
    app.say("delete from dashboard.identity")
    return Visitor(app)


def ended_with(visitor: Visitor, service: str, who: str = "tess") -> str:
    """What the page shows that a sign-in ends at, where nobody came in."""
    page = visitor.sign_in(service, who)
    assert visitor.claims() == visitor.tokens() == {}
    return visitor.reads(page.url.query.decode())


def said_since(app: App, before: int) -> str:
    return app.log.read_text(encoding="utf-8")[before:]


@pytest.mark.parametrize("example", BY_EXAMPLE)
def test_who_signs_in_by_an_example_is_known_by_the_e_mail_that_the_service_tells_apart(
    visitor: Visitor, example: str
) -> None:
    page = visitor.sign_in(example, "tess")
    assert page.url.path == "/history"
    assert "Tess Teacher, teacher" in visitor.reads()
    assert visitor.claims()["email"] == "tess@example.org"
    (_, told, _) = visitor.tokens()["id_token"].split(".")
    assert "email" not in json.loads(base64.urlsafe_b64decode(told + "=="))  # the control


def test_an_e_mail_is_read_from_an_answer_that_the_service_signs(visitor: Visitor) -> None:
    visitor.sign_in("signing", "tess")
    assert "Tess Teacher, teacher" in visitor.reads()
    assert visitor.claims()["email"] == "tess@example.org"


def test_the_services_token_ends_with_the_session_and_what_opens_the_service_is_not_given(
    visitor: Visitor,
) -> None:
    visitor.sign_in("school", "tess")
    tokens = visitor.tokens()
    assert tokens.keys() == {"id_token", "expires"}
    assert abs(tokens["expires"] - time.time() - 12 * 3600) < 120


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("stranger", "Nobody on the staff here has your e-mail address."),
        ("unsure", "does not confirm that your e-mail address is yours."),
        ("nameless", "The sign-in service told no e-mail address of yours."),
    ],
)
def test_who_is_not_let_in_is_told_which_of_the_reasons_it_is(
    visitor: Visitor, who: str, told: str
) -> None:
    visitor.sign_in("school", who)
    shown = visitor.reads()
    assert told in shown
    assert CONTACT in shown


@pytest.mark.parametrize(
    ("service", "told", "why", "logged"),
    [
        ("wrong", SETUP, "setup", "client authentication failed"),
        ("unprompted", SETUP, "setup", "unsupported prompt value"),
        ("elsewhere", SETUP, "setup", "404 Not Found"),
        ("down", AWAY, "away", "ConnectError"),
        ("mute", SETUP, "setup", "did not return user information"),
        ("ahead", CLOCK, "clock", "The token was issued in the future"),
    ],
)
def test_an_exchange_that_fails_is_said_on_the_page_and_in_both_logs(
    visitor: Visitor, service: str, told: str, why: str, logged: str
) -> None:
    before = len(said_since(visitor.app, 0))
    shown = ended_with(visitor, service)
    assert told in shown
    assert (f"Ask {CONTACT}" in shown) is (why != "away")
    log = said_since(visitor.app, before)
    assert f"progress.audit sign-in failed why={why}" in log
    assert logged in log


def test_who_was_signed_in_and_fails_at_another_service_is_told_so(visitor: Visitor) -> None:
    """Streamlit takes the first sign-in's cookies away, which is no sign-in either."""
    visitor.sign_in("school", "tess")
    assert SETUP in ended_with(visitor, "wrong")


def test_a_service_may_change_its_keys(visitor: Visitor, app: App, ports: dict[str, int]) -> None:
    visitor.sign_in("school", "tess")
    header = visitor.tokens()["id_token"].partition(".")[0]
    urllib.request.urlopen(f"http://127.0.0.1:{ports['school']}/new-keys").close()
    later = Visitor(app)
    later.sign_in("school", "tess")
    assert later.tokens()["id_token"].partition(".")[0] != header
    assert "Tess Teacher" in later.reads()
    assert "Tess Teacher" in visitor.reads()  # and who came in before is still in


def test_a_second_service_signs_by_es256_insists_on_pkce_and_is_no_way_to_anothers_account(
    visitor: Visitor, app: App
) -> None:
    visitor.sign_in("second", "otto")
    assert "Otto Teacher" in visitor.reads()
    again = Visitor(app)
    again.sign_in("school", "otto")
    assert "signs in here with another account" in again.reads()
    other = Visitor(app)
    other.sign_in("school", "tess")
    assert "Tess Teacher" in other.reads()


def test_without_pkce_the_second_service_lets_nobody_in(visitor: Visitor) -> None:
    """The control: it does insist."""
    visitor.web.follow_redirects = False
    asked = httpx.URL(visitor.begin("second").headers["location"])
    assert asked.params["code_challenge_method"] == "S256"
    bare = asked.copy_remove_param("code_challenge").copy_remove_param("code_challenge_method")
    refused = visitor.web.get(bare).headers["location"]
    assert "error=invalid_request" in refused
    assert "PKCE" in refused


def test_a_sign_in_ends_by_its_age(visitor: Visitor, app: App) -> None:
    visitor.sign_in("school", "tess")
    assert "Tess Teacher" in visitor.reads()
    app.say("update dashboard.staff_session set ends_at = now()")
    assert "because you signed in more than 12 hours ago" in visitor.reads()


def test_where_a_sign_in_was_ended_elsewhere_the_services_token_goes_with_the_next_answer(
    visitor: Visitor, app: App
) -> None:
    visitor.sign_in("school", "tess")
    assert "Tess Teacher" in visitor.reads()
    app.say("update dashboard.staff_session set ended_at = now()")
    over = "You were signed out here, in another tab or on another device."
    assert over in visitor.reads()
    visitor.web.get(app.url)
    assert visitor.tokens() == {}
    assert over in visitor.reads()


def test_signing_out_ends_the_session_at_the_service_and_leads_back(visitor: Visitor) -> None:
    visitor.sign_in("school", "tess")
    back = visitor.sign_out()
    assert (back.status_code, str(back.url)) == (200, f"{visitor.app.url}/")
    assert visitor.claims() == visitor.tokens() == {}
    assert "/interaction/" in visitor.begin("school").url.path  # who are you?
    assert "Sign in with" in visitor.reads()


def test_where_the_address_is_not_registered_for_that_nobody_is_led_back(visitor: Visitor) -> None:
    """The control: so the examples say to register it."""
    visitor.sign_in("unregistered", "tess")
    assert visitor.sign_out().status_code == 400


def test_the_dashboard_answers_by_the_name_at_which_people_sign_in_and_no_other(
    app: App, ports: dict[str, int]
) -> None:
    for name, status in (("evil.example", 421), ("127.0.0.1", 421), ("localhost:1", 200)):
        answer = httpx.get(app.url, headers={"Host": name})
        assert answer.status_code == status, name
    assert "localhost" in httpx.get(app.url, headers={"Host": "evil.example"}).text
    assert httpx.get(f"{app.url}/_stcore/health", headers={"Host": "10.0.0.1"}).status_code == 200
    opened = socket.create_connection(("localhost", ports["app"]))
    with opened, pytest.raises(InvalidStatus) as refused:
        connect("ws://evil.example/_stcore/stream", sock=opened)
    assert refused.value.response.status_code == 421


def test_the_log_of_all_this_names_no_e_mail(app: App) -> None:
    said = "error=server_error&error_description=User+tess%40example.org+is+not%0Aassigned"
    httpx.get(f"{app.url}/oauth2callback?{said}")
    log = said_since(app, 0)
    assert "User (e-mail) is not assigned" in log
    assert "progress.audit sign-in failed why=away" in log
    assert "refused no_email" in log
    assert "example.org" not in log.replace("login.example.org", "")
