"""A sign-in that is over ends every page that still shows it, by itself and within a second or two: whether it
was ended here, by another process, at the command line, by its age, or by somebody's being switched off."""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

from dashboard.web import connections, private
from data.access import sign_in
from data.access.errors import DataError
from data.access.session import Database

LOG: Final = logging.getLogger("dashboard")

EVERY: Final = 1.0  # seconds; one question for all pages of this process

_over: Final[deque[UUID]] = deque(maxlen=1000)
"""Sign-ins that a page found over, whose browser may keep a token of the service still."""


def note(session: UUID) -> None:
    """A page found this sign-in over."""
    if session not in _over:
        _over.append(session)


def is_noted(cookies: Mapping[str, str]) -> bool:
    """Whether a page found the sign-in over that a browser shows by these cookies."""
    came = sign_in.account(private.kept_claims(cookies)) if _over else None
    return came is not None and came.session in _over


@asynccontextmanager
async def looking(_: object) -> AsyncIterator[None]:
    """Look as long as the server runs."""
    task = asyncio.create_task(_look_on(), name="endings")
    task.add_done_callback(_tell)
    try:
        yield
    finally:
        task.cancel()


def _tell(task: asyncio.Task[None]) -> None:
    """It ends with the server only: anything else is a fault, which must not pass in silence."""
    if not task.cancelled():
        LOG.error("sign-ins are no longer watched", exc_info=task.exception())


async def _look_on() -> None:
    while True:
        await asyncio.sleep(EVERY)
        for database, pages in _open_pages().items():
            try:
                over = await asyncio.to_thread(sign_in.over, database, pages)
            except DataError:
                # Away: expected, and said by the pages themselves. Look again when it is back.
                LOG.info("sign-ins cannot be watched just now", exc_info=True)
                continue
            for session in over:
                for page in pages[session]:
                    _end(page)


def _open_pages() -> dict[Database, dict[UUID, list[str]]]:
    """The pages of each sign-in that counted when they were drawn."""
    found: dict[Database, dict[UUID, list[str]]] = defaultdict(lambda: defaultdict(list))
    for page, actor in connections.signed_in():
        if actor.session is not None:
            found[actor.database][actor.session].append(page)
    return found


def _end(page: str) -> None:
    """Have the page drawn anew: it then finds out why, says so, and shows nothing else."""
    # Nothing of what stood in it is told: whoever signs in again comes to the same address.
    private.redraw(connections.dismiss_page(page))
