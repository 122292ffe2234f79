"""The stream behind components/wire.py: one listener a process, a line of text a change."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from dashboard.web import connections
from data.access.errors import DataError
from data.access.session import Actor, Database
from data.reading import replica
from data.reading.live import Listener, may_follow, rosters_of
from data.rules.ids import as_uuid

PATH: Final = "/live"
FRESH_PATH: Final = "/fresh"

GLANCE: Final = 2.0  # seconds: how often a stream looks whether the database is there
PING_EVERY: Final = 5.0  # seconds, where no page is open
HEARTBEAT: Final = 20.0  # seconds: notices a browser that is gone, keeps a proxy from hanging up

_listeners: dict[Database, Listener] = {}


async def stream(request: Request) -> Response:
    """Server-sent events: an empty message whenever the class changed, or with `school` the roster, `since` the
    page was read. No names, no values; and only for somebody signed in with this browser who may see the class
    or manages a roster."""
    class_id = as_uuid(request.query_params.get("class", ""))
    if class_id is None and "school" not in request.query_params:
        return PlainTextResponse("Give a class.", status_code=400)
    browser = connections.browser_of(request.headers)
    try:
        followed = await asyncio.to_thread(_followed, browser, class_id)
    except DataError:
        return PlainTextResponse("The database is away.", status_code=503)
    if followed is None:
        return PlainTextResponse("Not a class of yours.", status_code=403)
    return StreamingResponse(
        _hints(*followed, browser, _moment(request.query_params.get("since", ""))),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def freshness(_: Request) -> Response:
    """`fresh`, or `away` where what pages show is not, and which process says so: for those that follow
    nothing. Anybody may ask."""
    said = f"{_word(all(one.is_fresh for one in _current()))} {connections.PROCESS}"
    # Between two questions it would cost a descriptor a page.
    return PlainTextResponse(said, headers={"Cache-Control": "no-store", "Connection": "close"})


def _word(is_fresh: bool) -> str:
    return "fresh" if is_fresh else "away"


def _current() -> list[Listener]:
    """Who watches; where no page is open, who did last."""
    known = list(_listeners.values())
    return [one for one in known if one.age() is not None] or known[-1:]


@asynccontextmanager
async def pinging() -> AsyncIterator[None]:
    """Ask for the database as long as the server runs, also while no page is open."""
    task = asyncio.create_task(_ping_on(), name="pings")
    try:
        yield
    finally:
        task.cancel()


async def _ping_on() -> None:
    while True:
        await asyncio.sleep(PING_EVERY)
        for one in _current():
            await asyncio.to_thread(one.ping)
        await asyncio.to_thread(replica.look_at_all)


def _followed(browser: str, class_id: UUID | None) -> tuple[Listener, frozenset[UUID]] | None:
    """Who tells of changes, and of what this browser may hear; None where of nothing."""
    for actor in connections.people(browser):
        places = _places(actor, class_id)
        if places:
            return _listeners.setdefault(actor.database, Listener(actor.database)), places
    return None


def served() -> tuple[Database, Listener] | None:
    """The database that was opened last, and who tells of its changes; None before somebody came."""
    return next(reversed(list(_listeners.items())), None)


def keep_up(database: Database) -> bool:
    """Have it looked after while anybody has a page of it open, be it one that follows nothing. True where that
    begins with this page, of which what was read before may have changed unseen."""
    if not _is_open(database):
        return False
    for old, listener in list(_listeners.items()):
        if old != database and listener.age() is None:
            _listeners.pop(old, None)
    return _listeners.setdefault(database, Listener(database)).keep(partial(_is_open, database))


def _is_open(database: Database) -> bool:
    return any(actor.database == database for _, actor in connections.signed_in())


def _places(actor: Actor, class_id: UUID | None) -> frozenset[UUID]:
    if class_id is None:
        return rosters_of(actor)
    return frozenset({class_id} if may_follow(actor, class_id) else ())


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


async def _hints(
    listener: Listener, places: frozenset[UUID], browser: str, since: datetime | None
) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()

    def heard(of: frozenset[UUID]) -> None:
        if not places.isdisjoint(of):
            loop.call_soon_threadsafe(changed.set)

    with listener.subscription(heard):
        if since and listener.may_have_changed(places, since):
            changed.set()
        yield ": open\n\n"
        said, said_at = "", loop.time()
        while True:
            if (word := _word(listener.is_fresh)) != said:
                said = word
                yield f"event: {word}\ndata: now\n\n"
            with suppress(TimeoutError):
                await asyncio.wait_for(changed.wait(), GLANCE)
            if not connections.people(browser):
                return  # whoever has signed out hears no more
            if changed.is_set() or loop.time() - said_at > HEARTBEAT:
                hint = "data: changed\n\n" if changed.is_set() else ": still here\n\n"
                changed.clear()
                said_at = loop.time()
                yield hint
