"""An end to answers that nobody reads. The server would keep them, and the connection, for ever."""

import asyncio
from typing import Final

from starlette.types import Message, Send

PATIENCE: Final = 60.0
"""Seconds in which at least some of what waits has to be read. A page in the background reads all the same."""

PIECE: Final = 65_536
"""Bytes of an answer that are written at once: no more is kept of what nobody reads."""


class GivesUpUnread(asyncio.Protocol):
    """A connection that is given up where the other end reads no further."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    _giving_up: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """More waits to be read than may."""
        super().pause_writing()
        self._giving_up = self.loop.call_later(PATIENCE, self.transport.abort)

    def resume_writing(self) -> None:
        """Most of it was read."""
        super().resume_writing()
        self._keep()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._keep()
        super().connection_lost(exc)

    def _keep(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
            self._giving_up = None


def in_pieces(send: Send) -> Send:
    """An answer's way out, by pieces: the next one when most of the last was read."""

    async def sending(message: Message) -> None:
        body = message.get("body", b"")
        for at in range(PIECE, len(body), PIECE):
            await send({**message, "body": body[at - PIECE : at], "more_body": True})
        if len(body) > PIECE:
            message = {**message, "body": body[(len(body) - 1) // PIECE * PIECE :]}
        await send(message)

    return sending
