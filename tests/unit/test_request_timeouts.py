"""Requests that never come to an end are not waited for; those that are merely slow are."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect

from dashboard.web import request_timeouts

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
BODY = b"Content-Length: 30\r\n\r\n"
TAKEN = b"POST /taken HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + BODY


async def told(_: Request) -> PlainTextResponse:
    return PlainTextResponse("told")


async def taken(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())
    await websocket.close()


APP = Starlette(
    routes=[
        Route("/", told, methods=["GET", "POST"]),
        Route("/taken", taken, methods=["POST"]),
        WebSocketRoute("/echo", echo),
    ]
)


async def sending(port: int, parts: list[bytes], every: float) -> bytes:
    """What came back until the server closed, of parts that were sent so many seconds apart."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    reading = asyncio.create_task(reader.read())
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


def test_what_never_ends_is_closed_and_what_is_slow_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(uvicorn.config.HTTP_PROTOCOLS, "auto", "")
    monkeypatch.setattr(request_timeouts, "HEAD", 1.0)
    monkeypatch.setattr(request_timeouts, "SILENCE", 1.0)
    request_timeouts.install()
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

    # In a thread of its own: the loop of a browser may run in this one.
    with ThreadPoolExecutor(1) as aside:
        done = aside.submit(lambda: asyncio.run(served(asks))).result()
    nothing, head, trickled, body, answered, slow, again, late = done
    assert nothing == head == trickled == body == b""
    assert answered.count(b"told") == 1
    assert slow.endswith(b"30")
    assert again.count(b"told") == 2
    assert late == "still here"
