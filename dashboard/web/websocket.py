"""The socket beneath a page, with a bound on what a stranger can make the server hold.

Whoever looks at a message sees it only once it is whole, and until then the server keeps what has come of it,
up to its limit for everybody. The bound therefore sits where the bytes arrive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from websockets.frames import CloseCode

from dashboard.web import private

MOST: Final = "progress.most"
"""In the scope of a connection: tells how many bytes of a message it may hold just now; None is no bound."""

LOST: Final = "progress.lost"
"""There too: is called when nobody is at the other end any more."""

PATIENCE: Final = 10.0
"""Seconds for which what was written last may wait to be read, once a connection is over."""

Most = Callable[[], int | None]


class BoundedSocket(private.WebSocketsSansIOProtocol):
    """Ends a connection as soon as more of one message has come than it may hold."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._held = 0

    def data_received(self, data: bytes) -> None:
        self._held += len(data)
        asked: Most | None = getattr(self, "scope", {}).get(MOST)
        most = asked() if asked else None
        if most is not None and self._held > most:
            self.conn.fail(CloseCode.MESSAGE_TOO_BIG)
            self.handle_parser_exception()
        else:
            super().data_received(data)

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


def install() -> None:
    """Have Streamlit's server use it."""
    private.serve_sockets_with(BoundedSocket)
