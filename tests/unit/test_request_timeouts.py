"""Requests that never come to an end are not waited for; those that are merely slow are."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from socket import SO_RCVBUF, SOL_SOCKET, socket
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from dashboard.web.limits import request_timeouts, slow_readers

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
BODY = b"Content-Length: 30\r\n\r\n"
TAKEN = b"POST /taken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + BODY


async def told(_: Request) -> PlainTextResponse:
    return PlainTextResponse("told")


async def taken(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


LONG = bytes(8 * 1024**2)


class Long:
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(LONG)(scope, receive, slow_readers.in_pieces(send))


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())
    await websocket.close()


APP = Starlette(
    routes=[
        Route("/", told, methods=["GET", "POST"]),
        Route("/taken", taken, methods=["POST"]),
        Route("/long", Long()),
        WebSocketRoute("/echo", echo),
    ]
)


async def heard(reader: asyncio.StreamReader) -> bytes:
    """What comes until the other end closes. Closed while something is still being sent, it is a reset."""
    got = b""
    with suppress(ConnectionError):
        while more := await reader.read(2**16):
            got += more
    return got


async def sending(port: int, parts: list[bytes], every: float) -> bytes:
    """What came back until the server closed, of parts that were sent so many seconds apart."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.create_task(heard(reader))
    for part in parts:
        if not reading.done():
            writer.write(part)
            await asyncio.sleep(every)
    answer = await asyncio.wait_for(reading, 10)
    writer.close()
    return answer


async def speaking_late(port: int, after: float) -> str:
    async with connect(f"ws://127.0.0.1:{port}/echo") as opened:
        await asyncio.sleep(after)
        await opened.send("still here")
        return str(await opened.recv())


async def served(asks: Callable[[int], Awaitable[Any]]) -> Any:
    config = uvicorn.Config(APP, port=0, ws="websockets-sansio", log_level="error")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        assert config.http_protocol_class is request_timeouts.Patient
        return await asks(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await serving


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(uvicorn.config.HTTP_PROTOCOLS, "auto", "")
    request_timeouts.install()


def ran(asks: Callable[[int], Awaitable[Any]]) -> Any:
    # In a thread of its own: the loop of a browser may run in this one.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(lambda: asyncio.run(served(asks))).result()


def test_what_never_ends_is_closed_and_what_is_slow_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request_timeouts, "HEAD", 1.0)
    monkeypatch.setattr(request_timeouts, "SILENCE", 1.0)
    trickle = [b"X-%d: 1\r\n" % n for n in range(100)]
    bytes_ = [b"x"] * 100

    async def asks(port: int) -> list[Any]:
        return await asyncio.gather(
            sending(port, [b""], 0),
            sending(port, [HEAD], 0),
            sending(port, [HEAD, *trickle], 0.1),
            sending(port, [TAKEN, b"x"], 0),
            sending(port, [HEAD + BODY, *bytes_], 0.1),
            sending(port, [TAKEN, *([b"xxx"] * 10)], 0.15),
            sending(port, [HEAD + b"\r\n", HEAD + b"\r\n", HEAD[:9]], 0.3),
            speaking_late(port, 1.5),
        )

    nothing, head, trickled, body, answered, slow, again, late = ran(asks)
    assert nothing == head == trickled == body == b""
    assert answered.count(b"told") == 1
    assert slow.endswith(b"30")
    assert again.count(b"told") == 2
    assert late == "still here"


def test_of_many_that_ask_nothing_the_one_that_waited_longest_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(request_timeouts, "MOST_IDLE", 3)

    async def asks(port: int) -> list[bytes]:
        opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        opened[0][1].write(HEAD + b"\r\n")
        await opened[0][0].readuntil(b"told")  # answered, and open still
        asked = [asyncio.create_task(sending(port, [HEAD], 0)) for _ in range(2)]
        with suppress(ConnectionError):
            assert await asyncio.wait_for(opened[1][0].read(), 10) == b""
        opened[0][1].write(HEAD + b"Connection: close\r\n\r\n")
        for one in asked:
            one.cancel()
        return [await asyncio.wait_for(opened[0][0].read(), 10)]

    assert b"told" in ran(asks)[0]


def test_an_answer_that_nobody_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_readers, "PATIENCE", 0.3)

    async def asks(port: int) -> int:
        with socket() as asking:
            asking.setsockopt(SOL_SOCKET, SO_RCVBUF, 4096)
            asking.setblocking(False)
            loop, got = asyncio.get_running_loop(), 0
            await loop.sock_connect(asking, ("127.0.0.1", port))
            await loop.sock_sendall(asking, b"GET /long HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.sleep(1)
            with suppress(ConnectionError):
                while got < len(LONG) and (read := await loop.sock_recv(asking, 2**16)):
                    got += len(read)
            return got

    assert 0 < ran(asks) < len(LONG)


def test_one_that_is_read_on_before_patience_ends_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_readers, "PATIENCE", 0.05)

    async def asks(_: int) -> list[int]:
        told = []
        for ends in ("resume_writing", "connection_lost", ""):
            one = slow_readers.GivesUpUnread()
            one.loop, one.transport = asyncio.get_running_loop(), Mock()
            one.pause_writing()
            if ends:
                getattr(one, ends)(*([None] if ends == "connection_lost" else []))
            await asyncio.sleep(0.1)
            told.append(one.transport.abort.call_count)
        return told

    assert ran(asks) == [0, 0, 1]


@pytest.mark.parametrize("length", [0, 1, slow_readers.PIECE, slow_readers.PIECE + 1, 200_000])
def test_in_pieces_an_answer_says_the_same(length: int) -> None:
    body, told = bytes(range(256)) * (length // 256 + 1), list[Message]()

    async def asks(_: int) -> None:
        async def send(message: Message) -> None:
            told.append(message)

        for more in (True, False):
            answer = {"type": "http.response.body", "body": body[:length], "more_body": more}
            await slow_readers.in_pieces(send)(answer)

    ran(asks)
    assert b"".join(one["body"] for one in told) == 2 * body[:length]
    assert max(len(one["body"]) for one in told) <= slow_readers.PIECE
    assert [one["more_body"] for one in told] == [True] * (len(told) - 1) + [False]
