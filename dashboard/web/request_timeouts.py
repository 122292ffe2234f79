"""An end to requests that never end. The server itself would wait for the rest of one for ever: for its head,
and for a body that comes no further."""

from __future__ import annotations

import asyncio
from typing import Final

import h11

from dashboard.web import private

HEAD: Final = 20.0  # seconds from the connection, or the first byte, to the whole head
SILENCE: Final = 30.0  # seconds without a byte more of the body


class Patient(private.H11Protocol):
    """One connection, which is closed once patience ends."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It opens: somebody wants to ask."""
        super().connection_made(transport)
        self._wait(HEAD)

    def data_received(self, data: bytes) -> None:
        """A part of a request, or all of one."""
        super().data_received(data)
        theirs, is_answered = self.conn.their_state, self.conn.our_state is h11.DONE
        if self.transport.get_protocol() is not self:
            self._rest()  # a websocket from here on, which the door looks after
        elif theirs is h11.SEND_BODY and not is_answered:
            self._rest()
            self._wait(SILENCE)
        elif theirs not in (h11.IDLE, h11.SEND_BODY):
            self._rest()
        elif self._timer is None:
            # Not anew with each byte: what trickles in would be waited for all day.
            self._wait(HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._rest()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Answered: from here on the server's own timer waits for the next request."""
        self._rest()
        super().on_response_complete()

    def _wait(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def install() -> None:
    """Have every server of this process use it."""
    private.serve_http_with(Patient)
