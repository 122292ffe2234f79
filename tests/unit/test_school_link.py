"""The link to one's own school opens it once, soon, on this computer, for whoever asked for it."""

import itertools
import logging
import os
import re
import stat
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard import __main__ as start
from dashboard.signin import school_link
from dashboard.signin.demo_allowed import SignInKind
from dashboard.signin.school_link import COOKIE, MINUTES, PATH, LinkSignIn
from data.settings import SETTINGS
from tests.browsing import free_port

AT = "http://127.0.0.1:8501"


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> LinkSignIn:
    """A process of its own, and a home."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(school_link, "HERE", LinkSignIn())
    return school_link.HERE


@pytest.fixture
def client() -> TestClient:
    return browser("127.0.0.1")


def browser(address: str) -> TestClient:
    app = Starlette(routes=[Route(PATH, school_link.come_in)])
    return TestClient(app, base_url=AT, follow_redirects=False, client=(address, 50000))


def local(link: str) -> str:
    return link.removeprefix(AT)


def works(link: str) -> bool:
    """Whether it lets in a browser that was never here; it is used by that."""
    answer = browser("127.0.0.1").get(local(link))
    assert answer.status_code == 303
    return "set-cookie" in answer.headers


def test_the_link_signs_in_once_and_leaves_the_address_bar_at_once(client: TestClient) -> None:
    link = school_link.issue(AT)
    answer = client.get(local(link))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content == b""
    again = client.get(local(link))
    assert (again.status_code, again.headers["location"]) == (303, "/?sign_in=link")
    assert "set-cookie" not in again.headers


def test_what_it_gives_is_a_cookie_that_no_script_and_no_other_site_can_use(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROGRESS_SESSION_HOURS", "2")
    name, *rules = client.get(local(school_link.issue(AT))).headers["set-cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=")
    assert rules == ["Path=/_stcore/stream", "Max-Age=7200", "HttpOnly", "SameSite=Strict"]
    monkeypatch.setenv("PROGRESS_HTTPS", "1")
    assert client.get(local(school_link.issue(AT))).headers["set-cookie"].endswith("; Secure")


def test_neither_the_token_nor_the_browsers_key_is_kept_or_repeated(
    here: LinkSignIn, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    link = school_link.issue(AT)
    token = link.partition("token=")[2]
    assert len(token) == 43  # 32 bytes
    assert token not in repr(vars(here))
    answer = client.get(local(link))
    key = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert key not in repr(vars(here))
    assert token not in key
    came = here.who_came(key)
    assert came is not None
    assert (came.issuer, came.subject, came.email) == ("this-computer", "owner", "")
    client.get(local(link))
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    assert "sign-in failed why=link" in said
    assert token not in said
    assert key not in said


def test_it_is_over_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    first, second = school_link.issue(AT), school_link.issue(AT)
    now[0] += 60 * MINUTES - 1
    assert works(second)
    third = school_link.issue(AT)
    now[0] += 60 * MINUTES
    assert not works(third)
    now[0] -= 60
    assert not works(third)  # and stays over
    assert not works(first)


@pytest.mark.parametrize(
    "guess",
    ["", "?token=", "?token=x", f"?token={'A' * 43}", "?token=%00%ff", "?token=" + "é" * 43],
)
def test_a_guess_opens_nothing_and_ends_nothing(client: TestClient, guess: str) -> None:
    link = school_link.issue(AT)
    answer = client.get(f"{PATH}{guess}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?sign_in=link")
    assert "set-cookie" not in answer.headers
    assert not works(link[:-1])
    assert works(link)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-purpose": "prefetch"},
        {"sec-purpose": "prefetch;prerender"},
        {"purpose": "prefetch"},
        {"x-moz": "prefetch"},
    ],
)
def test_what_a_browser_fetches_unasked_uses_nothing_up(
    client: TestClient, headers: dict[str, str]
) -> None:
    link = school_link.issue(AT)
    answer = client.get(local(link), headers=headers)
    assert (answer.status_code, "set-cookie" in answer.headers) == (503, False)
    assert works(link)


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "OPTIONS"])
def test_only_a_visit_uses_it(client: TestClient, method: str) -> None:
    link = school_link.issue(AT)
    answer = client.request(method, local(link))
    assert answer.status_code in (405, 503)
    assert "set-cookie" not in answer.headers
    assert works(link)


def test_a_websocket_does_not_sign_in(client: TestClient) -> None:
    link = school_link.issue(AT)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(local(link)):
        pass
    assert works(link)


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", "", "testclient"])
def test_another_computer_cannot_use_it_although_a_proxy_leads_here(address: str) -> None:
    link = school_link.issue(AT)
    answer = browser(address).get(local(link))
    assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)
    for own in "127.0.0.1", "127.8.8.8", "::1":
        assert browser(own).get(local(school_link.issue(AT))).status_code == 303


def test_there_is_no_such_address_where_no_link_was_made(client: TestClient) -> None:
    for path in PATH, f"{PATH}?token=", f"{PATH}?token=x":
        assert client.get(path).status_code == 404


def test_a_key_opens_until_its_sign_in_is_forgotten(here: LinkSignIn) -> None:
    keys = [here.take(school_link.issue(AT).partition("token=")[2]) or "" for _ in range(2)]
    first, second = (here.who_came(key) for key in keys)
    assert first is not None
    assert second is not None
    assert first.session != second.session
    here.forget(first.session)
    assert [here.who_came(key) for key in keys] == [None, second]
    assert here.who_came("") is here.who_came(keys[1][:-1]) is None


def test_of_many_that_use_it_at_once_one_comes_in(here: LinkSignIn) -> None:
    token = school_link.issue(AT).partition("token=")[2]
    with ThreadPoolExecutor(8) as together:
        keys = list(together.map(here.take, itertools.repeat(token, 40)))
    assert sum(key is not None for key in keys) == 1


@pytest.fixture
def page(here: LinkSignIn) -> Iterator[tuple[str, Path]]:
    """A link, and the file by which the browser is led to it."""
    link = school_link.issue(AT)
    address = school_link.page_that_leads_to(link)
    yield link, Path(url2pathname(urlsplit(address).path))
    here.forget_page()


def test_the_browser_is_led_there_by_a_file_of_ones_own_that_goes_with_the_link(
    page: tuple[str, Path], tmp_path: Path
) -> None:
    link, file = page
    assert file.parent == tmp_path
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert f'content="0; url={link}"' in file.read_text()
    assert link not in str(file)
    assert works(link)
    assert not file.exists()


def test_where_the_file_has_no_place_the_page_says_where_the_link_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    assert school_link.page_that_leads_to(school_link.issue(AT)) == AT


@pytest.mark.parametrize("asked", [[], ["--no-browser"]])
def test_the_terminal_has_the_link_and_no_programs_arguments_have(
    monkeypatch: pytest.MonkeyPatch, here: LinkSignIn, asked: list[str], tmp_path: Path
) -> None:
    opened: list[str] = []
    served: list[tuple[object, ...]] = []
    monkeypatch.setenv("PROGRESS_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr(start, "_open", lambda host, school: SignInKind.LINK)
    monkeypatch.setattr(start, "_serve", lambda *given: served.append(given))
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setattr(threading, "Timer", _AtOnce)
    said = CliRunner().invoke(start.main, ["--school", "--port", str(free_port()), *asked]).output
    (link,) = re.findall(r"http://127\.0\.0\.1:\d+/start\?token=[\w-]{43}", said)
    assert "once, within 10 minutes" in said
    assert os.environ["PROGRESS_DATA_DIR"] == str(tmp_path / "data" / "school")
    assert served[0][2] == ("127.0.0.1", "localhost", "::1")
    assert [one.startswith("file:///") and link not in one for one in opened] == [True] * (
        not asked
    )
    here.forget_page()


class _AtOnce:
    def __init__(self, _: float, act: Callable[..., object], given: tuple[object, ...]) -> None:
        self.start = partial(act, *given)
