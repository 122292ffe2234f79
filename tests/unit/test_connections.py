"""Who may wait at the door, how many, how long, with how much; and what of Streamlit's is closed."""

import asyncio
import threading
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from socket import SHUT_RDWR
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import (
    BackendOperationRequest,
    BackMsg,
    DeferredFileRequestPayload,
    InstallSkillsRequestPayload,
)
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from dashboard.web import connections, front, private, routes
from dashboard.web.headers import SecurityHeaders
from dashboard.web.limits import uploads
from dashboard.web.limits.rate import Rates
from dashboard.web.limits.throttle import Limits
from dashboard.web.routes import Admission
from dashboard.web.websocket import BoundedSocket
from data.access.session import Actor
from data.access.session import connect as connect_to
from data.digest.sending import UNSUBSCRIBE
from tests import people
from tests.machine import until

LIMITS = Limits(
    per_address=3,
    in_all=4,
    messages=20,
    message=1000,
    rates=Rates(1000, 1000, 1000, 1000, 1000, 1000),
    first=1,
    life=60,
    own=60,
    live_per_address=2,
    live_in_all=9,
)


FONT = min(one for one in front.FILES if "/static/media/" in one)
PATHS = ("/", "/live", "/school", UNSUBSCRIBE)


def said(what: str) -> bytes:
    """A message as pages send it."""
    return bytes(BackMsg(rerun_script=ClientState(query_string=what)).SerializeToString())


def asking(**what: Any) -> BackMsg:
    return BackMsg(backend_operation_request=BackendOperationRequest(request_id="1", **what))


SIGN_IN = said("sign in")


NOWHERE = connect_to("postgresql://nowhere")
CORA = Actor(people.COORDINATOR, "Cora", "coordinator", database=NOWHERE)
TESS = Actor(people.TEACHER, "Tess", "teacher", database=NOWHERE)


async def socket(websocket: WebSocket) -> None:
    """Echoes; `SIGN_IN` is what a page does once somebody is there."""
    await websocket.accept()
    try:
        while True:
            told = await websocket.receive_bytes()
            if told == SIGN_IN:
                visit = connections._visits[websocket.headers[connections.MARK]]
                visit.session, visit.person, visit.actor = "session", CORA.id, CORA
            await websocket.send_bytes(told)
    except WebSocketDisconnect:
        pass


async def hints(_: Request) -> StreamingResponse:
    async def forever() -> AsyncIterator[str]:
        yield ": open\n\n"
        await asyncio.sleep(60)

    return StreamingResponse(forever(), media_type="text/event-stream")


async def taken(_: Request) -> PlainTextResponse:
    return PlainTextResponse("taken")


@contextmanager
def serving(limits: Limits = LIMITS) -> Iterator[str]:
    app = Starlette(
        routes=[
            WebSocketRoute("/_stcore/stream", socket),
            Route("/live", hints),
            Route("/{rest:path}", taken),
        ],
        middleware=[
            Middleware(SecurityHeaders, is_https=True),
            Middleware(Admission, limits=limits, live="/live", paths=PATHS, is_https=True),
        ],
    )
    server = uvicorn.Server(
        uvicorn.Config(
            app, port=0, ws=BoundedSocket, log_level="error", timeout_graceful_shutdown=1
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with serving() as started:
        yield started


Enter = Callable[..., ClientConnection]
"""`enter(origin=…)`: a connection to the page's socket."""


@pytest.fixture
def enter(host: str) -> Iterator[Enter]:
    def entered(origin: str | None = None, page: str = "", **sent: str) -> ClientConnection:
        made = connect(
            f"ws://{host}/_stcore/stream",
            open_timeout=20,
            origin=Origin(origin) if origin else None,
            additional_headers={name.replace("_", "-"): one for name, one in sent.items()},
            subprotocols=[Subprotocol(one) for one in ("streamlit", "x", page)] if page else None,
        )
        return opened.enter_context(made)

    with ExitStack() as opened:
        yield entered
    until_empty()


def until_empty() -> None:
    until(lambda: not connections._visits)


def signed_in(connection: ClientConnection) -> ClientConnection:
    connection.send(SIGN_IN)
    assert connection.recv(timeout=20) == SIGN_IN
    return connection


def key(connection: ClientConnection) -> str:
    """The cookie that a browser was given on its connection."""
    assert connection.response is not None
    given = connection.response.headers["Set-Cookie"]
    assert given.endswith("; Path=/; HttpOnly; SameSite=Strict; Secure")
    return given.partition(";")[0]


def answer(url: str, cookie: str = "") -> tuple[int, str]:
    asked = urllib.request.Request(url, headers={"Cookie": cookie} if cookie else {})
    try:
        with urllib.request.urlopen(asked, timeout=20) as given:
            return given.status, str(given.headers.get("content-security-policy"))
    except urllib.error.HTTPError as refused:
        return refused.code, str(refused.headers.get("content-security-policy"))


def answer_from(address: str, host: str, path: str) -> int:
    """The status, asked from another address of this machine's."""
    asking = HTTPConnection(host, timeout=20, source_address=(address, 0))
    asking.request("GET", path)
    return asking.getresponse().status


def test_one_too_many_without_sign_in_is_told_so_and_those_who_signed_in_do_not_count(
    enter: Enter,
) -> None:
    for _ in range(5):
        signed_in(enter())
    waiting = [enter() for _ in range(LIMITS.per_address)]
    with pytest.raises(InvalidStatus) as refused:
        enter()
    assert refused.value.response.status_code == 429
    assert "Retry-After" in refused.value.response.headers
    assert "frame-ancestors 'none'" in refused.value.response.headers["Content-Security-Policy"]
    waiting[0].close()
    signed_in(waiting[1])
    enter()  # a place became free


def test_the_limit_in_all_counts_every_address() -> None:
    here = {str(n): connections.OpenConnection("socket", f"10.0.0.{n}") for n in range(4)}
    connections._visits.update(here)
    try:
        assert connections.is_full("socket", "10.0.0.99", 3, 4)
        assert not connections.is_full("socket", "10.0.0.99", 3, 5)
        assert not connections.is_full("live", "10.0.0.99", 3, 4)
        here["0"].session = "session"
        assert not connections.is_full("socket", "10.0.0.99", 3, 4)
    finally:
        for mark in here:
            connections.leave(mark)


def test_who_says_nothing_is_shown_out_and_who_signed_in_may_be_silent(enter: Enter) -> None:
    known, silent = signed_in(enter()), enter()
    with pytest.raises(ConnectionClosed) as closed:
        silent.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1013
    known.send(said("still here"))
    assert known.recv(timeout=20) == said("still here")


def test_a_large_message_is_taken_only_from_who_signed_in(enter: Enter) -> None:
    large = said("x" * LIMITS.message)
    known, stranger = signed_in(enter()), enter()
    stranger.send(large)
    with pytest.raises(ConnectionClosed) as closed:
        stranger.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    known.send(large)
    assert known.recv(timeout=20) == large


def test_what_has_come_of_a_large_message_is_held_only_for_who_signed_in(enter: Enter) -> None:
    # 10 MB are announced, a few kB sent: a server that waits for the rest keeps them, and all that follows.
    begun = b"\x82\xff" + (10 * 1024**2).to_bytes(8) + b"mask" + b"x" * 3 * LIMITS.message
    known, stranger = signed_in(enter()), enter()
    for one in (known, stranger):
        one.socket.sendall(begun)
    with pytest.raises(ConnectionClosed) as closed:
        stranger.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009
    with pytest.raises(TimeoutError):
        known.recv(timeout=0.3)
    known.socket.shutdown(SHUT_RDWR)  # a farewell would be taken for more of the message


def test_who_did_not_sign_in_is_not_heard_for_ever(enter: Enter) -> None:
    known, stranger = signed_in(enter()), enter()
    for one in (known, stranger):
        for _ in range(LIMITS.messages):
            one.send(said("hello"))
            assert one.recv(timeout=20) == said("hello")
        one.send(said("once more"))
    assert known.recv(timeout=20) == said("once more")
    with pytest.raises(ConnectionClosed):
        stranger.recv(timeout=20)


@pytest.mark.parametrize(
    "message",
    [
        BackMsg(clear_cache=True),
        BackMsg(load_git_info=True),
        BackMsg(set_run_on_save=True),
        BackMsg(debug_shutdown_runtime=True),
        asking(install_skills=InstallSkillsRequestPayload()),
        asking(),
        BackMsg(),
    ],
)
def test_nobody_says_to_streamlit_what_no_page_of_ours_says(enter: Enter, message: BackMsg) -> None:
    for one in (signed_in(enter()), enter()):
        one.send(message.SerializeToString())
        one.send(b"\xff\xff")
        download = asking(deferred_file=DeferredFileRequestPayload(file_id="1"))
        for pages in (BackMsg(stop_script=True), BackMsg(app_heartbeat=True), download):
            one.send(pages.SerializeToString())
            assert one.recv(timeout=20) == pages.SerializeToString()


def test_a_page_of_another_site_cannot_connect_and_ours_can(enter: Enter, host: str) -> None:
    for origin in ("https://evil.example", "http://127.0.0.1:1", "http://localhost", "null"):
        with pytest.raises(InvalidStatus) as refused:
            enter(origin=origin)
        assert refused.value.response.status_code == 403
    signed_in(enter(origin=f"http://{host}"))
    signed_in(enter())


def test_a_visitor_cannot_name_a_connection(enter: Enter) -> None:
    known = signed_in(enter())
    mark = next(mark for mark, visit in connections._visits.items() if visit.session)
    before = set(connections._visits)
    enter(x_progress_visit=mark)
    assert len(set(connections._visits) - before) == 1
    known.close()


@pytest.mark.parametrize("path", ["/_stcore/upload_file/session/1", "/media/1.xlsx", "/live"])
def test_a_file_is_for_a_browser_on_which_somebody_is_signed_in(
    enter: Enter, host: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[str] = []
    monkeypatch.setattr(uploads, "keep_few", lambda page, pages: looked.append(page))
    place = f"http://{host}{path}"
    stranger, known = enter(), enter()
    mine, theirs = key(known), key(stranger)
    assert mine != theirs
    assert answer(place, mine)[0] == 403
    signed_in(known)
    for cookie in (
        "",
        theirs,
        f"{mine}x",
        mine.partition("=")[0] + "=",
        mine.replace("__Host-", ""),
    ):
        assert answer(place, cookie)[0] == 403
    assert answer(place, f"other=1; {mine}")[0] == 200  # the control
    if "upload" in path:
        assert answer(place.replace("session/1", "other/1"), mine)[0] == 403
        assert looked == ["session"]
        (visit,) = (one for one in connections._visits.values() if one.actor)
        visit.actor = TESS
        assert answer(place, mine)[0] == 403  # who may change nothing has nothing to upload
        visit.actor = CORA
    known.close()
    until(lambda: answer(place, mine)[0] == 403)


def test_a_browser_gets_its_key_before_it_connects_and_keeps_it(enter: Enter, host: str) -> None:
    with urllib.request.urlopen(f"http://{host}/_stcore/host-config", timeout=20) as first:
        mine = first.headers["Set-Cookie"].partition(";")[0]
    asked = urllib.request.Request(f"http://{host}/_stcore/host-config", headers={"Cookie": mine})
    with urllib.request.urlopen(asked, timeout=20) as second:
        assert second.headers["Set-Cookie"] is None
    known = signed_in(enter(cookie=mine))
    assert answer(f"http://{host}/media/1", mine)[0] == 200
    known.close()
    until_empty()
    mine = key(enter())  # of one that did not ask
    again = enter(cookie=mine)
    assert again.response is not None
    assert "Set-Cookie" not in again.response.headers


def test_a_connection_that_broke_comes_back_signed_in_with_the_same_browser_only(
    enter: Enter, host: str
) -> None:
    first = signed_in(enter())
    mine = key(first)
    first.close()
    until_empty()
    theirs = key(enter())
    for page, cookie in (("other", mine), ("session", theirs)):
        wrong = enter(page=page, cookie=cookie)
        assert answer(f"http://{host}/media/1", mine)[0] == 403
        wrong.close()
    enter(page="session", cookie=mine)
    assert answer(f"http://{host}/media/1", mine)[0] == 200
    enter(page="session", cookie=mine)  # while the one before is still open
    assert len(list(connections.signed_in())) == 2
    connections.dismiss_page("session")
    assert answer(f"http://{host}/media/1", mine)[0] == 403
    for _ in range(LIMITS.per_address - 1):
        enter()  # what was left open takes nobody's place


def test_the_fonts_of_the_page_are_for_everybody(host: str) -> None:
    assert answer(f"http://{host}{FONT}")[0] == 200
    assert answer(f"http://{host}/media/1")[0] == 403


def test_so_many_streams_of_hints_and_no_more(enter: Enter, host: str) -> None:
    cookie = key(signed_in(enter()))
    asked = urllib.request.Request(f"http://{host}/live", headers={"Cookie": cookie})
    opened = [urllib.request.urlopen(asked, timeout=20) for _ in range(2)]
    assert answer(f"http://{host}/live", cookie)[0] == 429
    for one in opened:
        one.close()


def test_one_person_follows_no_more_classes_than_they_may_have_pages(
    enter: Enter, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_PAGES", 1)
    cookie = key(signed_in(enter()))
    asked = urllib.request.Request(f"http://{host}/live", headers={"Cookie": cookie})
    with urllib.request.urlopen(asked, timeout=20):
        assert answer(f"http://{host}/live", cookie)[0] == 429


def test_sign_ins_of_one_address_come_a_few_at_a_time_and_no_other_address_waits() -> None:
    limits = replace(LIMITS, rates=replace(LIMITS.rates, sign_in=1.0))
    with serving(limits) as host, ThreadPoolExecutor() as many:
        began = time.monotonic()
        paths = (*private.SIGN_IN, UNSUBSCRIBE)
        asked = [many.submit(answer, f"http://{host}{one}") for one in paths]
        assert answer_from("127.0.0.2", host, private.LOGIN) == 200
        assert not all(one.done() for one in asked)
        assert {one.result()[0] for one in asked} == {200}
        assert time.monotonic() - began > 1.9


def test_so_many_requests_of_one_person_wait_and_no_more(
    enter: Enter, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "MOST_ASKED", 0)
    cookie = key(signed_in(enter()))
    for path in (
        "/media/1.xlsx",
        "/live",
        "/_stcore/upload_file/session/1",
        "/auth/login",
        UNSUBSCRIBE,
    ):
        assert answer(f"http://{host}{path}", cookie)[0] == 429
    assert answer(f"http://{host}{FONT}")[0] == 200


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/_stcore/metrics", False),
        ("/_stcore/script-health-check", False),
        ("/_stcore/agent/openapi.json", False),
        ("/_stcore/agent/mcp", False),
        ("/_stcore/", False),
        ("/_stcore/health/more", False),
        ("/_stcore/upload_file/a/b/c", False),
        ("/_stcore/bidi-components/", False),
        ("/school/_stcore/metrics", False),
        ("/school/_stcore/health", False),
        ("/school/media/1", False),
        ("/static/js/metrics", False),
        ("/index.html", False),
        ("/auth/other", False),
        ("/classes", False),
        ("/School", False),
        ("//school", False),
        ("/school/more", False),
        ("/_stcore/health", True),
        ("/_stcore/host-config", True),
        ("/_stcore/stream", True),
        ("/_stcore/upload_file/a/b", True),
        ("/_stcore/bidi-components/a/b.js", True),
        ("/media/1.xlsx", True),
        ("/auth/login", True),
        ("/oauth2callback", True),
        (FONT, True),
        ("/favicon.png", True),
        ("/", True),
        ("/school", True),
        ("/school/", True),
    ],
)
def test_only_what_pages_need_is_there(path: str, there: bool) -> None:
    admission = Admission(taken_by_all, limits=LIMITS, live="/live", paths=PATHS)
    assert admission.has(path) is there


async def taken_by_all(*_: object) -> None: ...


def test_a_closed_route_answers_404_with_the_headers(host: str) -> None:
    assert answer(f"http://{host}/_stcore/health")[0] == 200
    status, policy = answer(f"http://{host}/_stcore/%6detrics")
    assert (status, "default-src 'self'" in policy) == (404, True)


def test_there_is_one_socket(enter: Enter, host: str) -> None:
    enter()
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{host}/school", open_timeout=20)
    assert refused.value.response.status_code == 404


def test_who_sends_no_origin_is_no_page_of_another_site() -> None:
    assert routes.is_same_origin(Headers({"host": "school.example"}))
    assert not routes.is_same_origin(Headers({"origin": "https://school.example"}))
