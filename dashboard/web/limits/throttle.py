"""A connection on which nobody has signed in yet: what it may say, how fast, and for how long."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from starlette.types import Message, Receive, Send

from dashboard.web.connections import OpenConnection
from dashboard.web.limits.rate import Rates
from dashboard.web.message_filter import is_a_pages

AGAIN: Final = 1013
"""The code of an end after which a page may come back."""

TOO_BIG: Final = 1009

PARTING: Final = 5.0  # seconds for saying so


@dataclass(frozen=True)
class Limits:
    """Of what nobody has signed in on yet: connections, messages, their bytes and how fast they may come, and
    seconds: until the first message, until the end, and for which a place is a connection's own."""

    per_address: int = 50
    in_all: int = 500
    messages: int = 200
    message: int = 256_000
    rates: Rates = field(default_factory=Rates)
    first: float = 20.0
    life: float = 300.0
    own: float = 2.0
    live_per_address: int = 300
    live_in_all: int = 3000


Turn = Callable[[], Awaitable[object]]
"""Comes back when something is one's turn."""


class GuardedSocket:
    """It says nothing but what pages say. Until somebody signs in on it, what comes faster than its turns
    waits, and it is closed for silence, for much talk, for a large message, and for staying."""

    def __init__(
        self,
        visit: OpenConnection,
        receive: Receive,
        send: Send,
        limits: Limits,
        turns: Sequence[Turn],
        *,
        has_to_speak: bool,
    ) -> None:
        self._visit = visit
        self._receive = receive
        self._send = send
        self._limits = limits
        self._turns = turns
        self._came = asyncio.get_running_loop().time()
        self._timer: asyncio.Timeout | None = None
        self._has_to_speak = has_to_speak
        self._heard = 0
        self._is_ended = False
        self._is_closed = False

    async def receive(self) -> Message:
        """The next message that a page may send; a disconnection once the door has closed it."""
        while True:
            message = await self._next()
            if message["type"] != "websocket.receive" or is_a_pages(message.get("bytes") or b""):
                return message

    async def send(self, message: Message) -> None:
        """Pass it on; what comes after the end goes nowhere."""
        if not self._is_closed:
            await self._send(message)

    def end(self) -> None:
        """Close it now, unless somebody has signed in on it."""
        self._is_ended = True
        if self._timer is not None and not self._timer.expired():
            self._timer.reschedule(0)

    def lose(self) -> None:
        """Nobody is there any more: what a stranger has said until now is done for nobody."""
        self._is_closed = True
        self.end()

    def _is_strange(self) -> bool:
        return self._visit.session is None

    async def _next(self) -> Message:
        """Whatever comes next, of a stranger when it is its turn."""
        try:
            async with self._time():
                message = await self._receive()
        except TimeoutError:
            return await self._close(AGAIN) if self._is_strange() else await self._next()
        if message["type"] != "websocket.receive" or not self._is_strange():
            return message
        self._heard += 1
        if _size(message) > self._limits.message:
            return await self._close(TOO_BIG)
        if self._heard > self._limits.messages or not await self._has_turn():
            return await self._close(AGAIN)
        return message

    async def _has_turn(self) -> bool:
        """Wait for it; False where it did not come in time."""
        try:
            async with self._time():
                for turn in self._turns:
                    await turn()
        except TimeoutError:
            return not self._is_strange()
        return True

    @asynccontextmanager
    async def _time(self) -> AsyncIterator[None]:
        """As long as it may stay."""
        limits = self._limits
        life = limits.first if self._has_to_speak and not self._heard else limits.life
        until = 0.0 if self._is_ended else self._came + life
        try:
            async with asyncio.timeout_at(until if self._is_strange() else None) as self._timer:
                yield
        finally:
            self._timer = None

    async def _close(self, code: int) -> Message:
        with suppress(TimeoutError):
            # One who reads nothing does not hear that either.
            async with asyncio.timeout(PARTING):
                await self.send({"type": "websocket.close", "code": code})
        self._is_closed = True
        return {"type": "websocket.disconnect", "code": code}


def _size(message: Message) -> int:
    return len(message.get("bytes") or message.get("text") or "")
