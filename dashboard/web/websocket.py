"""The socket beneath a page, with a bound on what a stranger can make the server hold.

Whoever looks at a message sees it only once it is whole, and until then the server keeps what has come of it,
up to its limit for everybody. The bound therefore sits where the bytes arrive.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from websockets.frames import CloseCode, Frame

from dashboard.web import private
from dashboard.web.limits.slow_readers import GivesUpUnread

MOST: Final = "progress.most"
"""In the scope of a connection: tells how many bytes of a message it may hold just now; None is no bound."""

LOST: Final = "progress.lost"
"""There too: is called when nobody is at the other end any more."""

PATIENCE: Final = 10.0
"""Seconds for which what was written last may wait to be read, once a connection is over."""

MOST_FRAMES: Final = 2000
"""Pings, pongs and parts of messages that may come in a minute, and a stranger's messages. A browser sends
few. They wait for no turn, and each ping is answered whether or not somebody reads the answers."""

A_MINUTE: Final = 60.0

AT_ONCE: Final = 16_384
"""Bytes that are taken in before it is looked whether more may come."""

Most = Callable[[], int | None]


class BoundedSocket(GivesUpUnread, private.WebSocketsSansIOProtocol):
    """Ends a connection as soon as more of one message has come than it may hold, or too much that is none."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._held = 0
        self._frames = 0
        self._since = self.loop.time()

    def data_received(self, data: bytes) -> None:
        for at in range(0, len(data), AT_ONCE):
            if self.transport.is_closing():
                return
            self._take_in(data[at : at + AT_ONCE])

    def _take_in(self, data: bytes) -> None:
        self._held += len(data)
        most = self._most()
        if most is not None and self._held > most:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG)
            self.handle_parser_exception()
        else:
            super().data_received(data)

    def _most(self) -> int | None:
        asked: Most | None = getattr(self, "scope", {}).get(MOST)
        return asked() if asked else None

    def handle_ping(self) -> None:
        super().handle_ping()
        self._count_frame()

    def handle_pong(self, event: Frame) -> None:
        super().handle_pong(event)
        self._count_frame()

    def handle_cont(self, event: Frame) -> None:
        super().handle_cont(event)
        self._count_frame()

    def _count_frame(self) -> None:
        now = self.loop.time()
        if now - self._since > A_MINUTE:
            self._since, self._frames = now, 0
        self._frames += 1
        if self._frames > MOST_FRAMES:
            self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if lost := getattr(self, "scope", {}).get(LOST):
            lost()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        super().on_task_complete(task)
        # One who reads nothing would keep what was written, and the connection, for as long as they please.
        self.loop.call_later(PATIENCE, self.transport.abort)

    def send_receive_event_to_app(self) -> None:
        super().send_receive_event_to_app()
        self._held = 0
        if self._most() is not None:
            self._count_frame()


def install() -> None:
    """Have Streamlit's server use it."""
    private.serve_sockets_with(BoundedSocket)
