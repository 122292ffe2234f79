"""An end to requests that never end. The server itself would wait for the rest of one for ever: for its head,
and for a body that comes no further. And no end of connections that ask nothing: each is an open file.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

import h11

from dashboard.web import private
from dashboard.web.limits.open_files import OPEN_FILES, Refused
from dashboard.web.limits.slow_readers import GivesUpUnread

HEAD: Final = 20.0  # seconds from the connection, or the first byte, to the whole head
SILENCE: Final = 30.0  # seconds without a byte more of the body

MOST_IDLE: Final = 400
"""Connections on which nothing is asked just now. The one that has waited longest makes room for one more."""


class Patient(GivesUpUnread, private.H11Protocol):
    """One connection, which is closed once patience ends."""

    _timer: asyncio.TimerHandle | None = None
    _idle: ClassVar[dict[Patient, None]] = {}

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It opens: somebody wants to ask."""
        number = transport.get_extra_info("socket").fileno()
        if not OPEN_FILES.has_room(number):
            Refused(transport, self.loop, number)
            return
        super().connection_made(transport)
        self._be_idle()
        self._wait(HEAD)

    def data_received(self, data: bytes) -> None:
        """A part of a request, or all of one."""
        super().data_received(data)
        theirs, is_answered = self.conn.their_state, self.conn.our_state is h11.DONE
        if self.transport.get_protocol() is not self:
            self._end()  # a websocket from here on, which the door looks after
        elif theirs is h11.SEND_BODY and not is_answered:
            self._rest()
            self._idle.pop(self, None)
            self._wait(SILENCE)
        elif theirs not in (h11.IDLE, h11.SEND_BODY):
            self._end()
        elif self._timer is None:
            # Not anew with each byte: what trickles in would be waited for all day.
            self._wait(HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._end()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Answered: from here on the server's own timer waits for the next request."""
        self._rest()
        self._be_idle()
        super().on_response_complete()

    def _be_idle(self) -> None:
        self._idle[self] = None
        if len(self._idle) > MOST_IDLE:
            longest = next(iter(self._idle))
            del self._idle[longest]
            longest.transport.abort()

    def _end(self) -> None:
        self._rest()
        self._idle.pop(self, None)

    def _wait(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def install() -> None:
    """Have every server of this process use it."""
    private.serve_http_with(Patient)
