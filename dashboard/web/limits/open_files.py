"""Open files, of which each connection is one: as many as the system allows, and told before they run out."""

import asyncio
import errno
import logging
import resource
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from dashboard.web import health

LOG: Final = logging.getLogger("dashboard")

OPEN: Final = Path("/dev/fd")
"""Where the system lists this process's."""

RESERVE: Final = 64
"""For the database, and for what whoever is there already has opened."""
PROBE: Final = f"GET {health.LIVE} ".encode()
A_MINUTE: Final = 60.0
PATIENCE: Final = 5.0  # seconds for whoever is refused to ask something, which is answered

CURE: Final = "Let the program open more: LimitNOFILE=16384 in its systemd unit, or ulimit -Hn"
SENTENCE: Final = b"Too many pages are open here just now. Try again in a minute.\n"
REFUSAL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nRetry-After: 60\r\n"
    b"Connection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(SENTENCE), SENTENCE)
)
LIVES: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nConnection: close\r\n"
    b'Content-Length: 15\r\n\r\n{"status":"ok"}'
)
"""What a probe is told: nobody starts a process again that serves whoever is there."""


def raise_limit() -> None:
    """To what the system allows at most."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS says that there is no limit, and then has one
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class OpenFiles:
    """How many there are at least, by the number of the newest: the system gives the lowest that is free."""

    def __init__(self) -> None:
        self._is_told = False
        self._refused_at = -A_MINUTE

    def has_room(self, number: int) -> bool:
        """Whether a connection that is the open file of this number may stay."""
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = limit - RESERVE
        if number >= most * 9 // 10 and not self._is_told:
            LOG.warning("%d of %d files that may be are open. %s.", number, limit, CURE)
            self._is_told = True
        elif number < most * 8 // 10 and self._is_told:
            # Or one of a low number was closed just now, and all others are open still.
            self._is_told = len([*OPEN.iterdir()]) >= most * 8 // 10
        if number >= most:
            self.tell_of_none()
        return number < most

    def tell_of_none(self) -> None:
        """Nobody further comes in: once a minute."""
        if time.monotonic() - self._refused_at >= A_MINUTE:
            self._refused_at = time.monotonic()
            LOG.error("No file is left to open, and nobody further comes in. %s.", CURE)

    def on_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """As the loop does; but it would tell of each connection that it cannot take, thousands a second."""
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            self.tell_of_none()
        else:
            loop.default_exception_handler(context)


OPEN_FILES: Final = OpenFiles()
"""Of this process."""


class Refused(asyncio.Protocol):
    """A connection for which there is no room: but of whether the process lives, it is told nothing else."""

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, number: int
    ) -> None:
        self._transport = transport
        transport.set_protocol(self)
        if number >= resource.getrlimit(resource.RLIMIT_NOFILE)[0] - RESERVE // 2:
            transport.abort()  # so many come that even telling them would leave the database none
        else:
            loop.call_later(PATIENCE, transport.abort)

    def data_received(self, data: bytes) -> None:
        """It asks."""
        self._transport.write(LIVES if data.startswith(PROBE) else REFUSAL)
        self._transport.close()
