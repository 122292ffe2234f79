"""The stream behind components/wire.py: one listener a process, a line of text a change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from data.changes import Listener
from data.session import Database

PATH: Final = "/live"

HEARTBEAT: Final = 20.0  # seconds: notices a browser that is gone, keeps a proxy from hanging up

_listeners: dict[str, Listener] = {}


def offer(database: Database) -> None:
    """Pages of this database can be told from now on."""
    _listeners.setdefault(str(database.engine.url), Listener(database))


async def stream(request: Request) -> Response:
    """Server-sent events: an empty message whenever the class changed. No names, no values."""
    try:
        class_id = UUID(request.query_params.get("class", ""))
    except ValueError:
        return PlainTextResponse("Give a class.", status_code=400)
    if not _listeners:
        return PlainTextResponse("Not open yet.", status_code=503)
    listener = next(iter(_listeners.values()))
    return StreamingResponse(
        _hints(listener, class_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _hints(listener: Listener, class_id: UUID) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()

    def told(classes: frozenset[UUID]) -> None:
        if class_id in classes:
            loop.call_soon_threadsafe(changed.set)

    with listener.subscription(told):
        yield ": open\n\n"
        while True:
            try:
                await asyncio.wait_for(changed.wait(), HEARTBEAT)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            changed.clear()
            yield "data: changed\n\n"
