"""A connection on which somebody is signed in: at the pace of that person, over all their connections.

Each run of a page takes the one processor that all share, so nobody may ask for more runs than a person can
look at. Where messages have to wait, a rerun that a newer one overtakes is left out.
"""

import asyncio
from collections import deque
from typing import Any, Final
from uuid import UUID

from starlette.types import Message, Receive

from dashboard.web import message_filter
from dashboard.web.connections import OpenConnection
from dashboard.web.limits.rate import SAVED_BY_A_PERSON, PaceOfEach, Rates

MOST_WAITING: Final = 16
MOST_BYTES: Final = 1_000_000
"""What waits here of one connection; more waits at the sender's."""

A_TURN: Final = 64_000
"""Bytes for which a message counts as one more."""


class PersonPaces:
    """Those of a server, for everybody who is signed in."""

    def __init__(self, rates: Rates) -> None:
        self._heard = PaceOfEach[UUID](rates.heard, SAVED_BY_A_PERSON)
        self._passed_on = PaceOfEach[UUID](rates.person, SAVED_BY_A_PERSON)

    def hearing(self, visit: OpenConnection, receive: Receive) -> Receive:
        """Hear what comes on a connection at its person's pace, whatever it is; what is large is as much as
        several messages."""

        async def hear() -> Message:
            if visit.person is not None:
                await self._heard.of(visit.person).turn()
            message = await receive()
            if visit.person is not None:
                self._heard.of(visit.person).spend(_size(message) // A_TURN)
            return message

        return hear

    async def turn(self, person: UUID) -> None:
        """Until something of this person's may be passed on."""
        await self._passed_on.of(person).turn()

    def is_at_once(self, person: UUID) -> bool:
        """Whether that needs no waiting."""
        return self._passed_on.of(person).is_at_once()


class PacedSocket:
    """Passes messages on in their order; what is said before a sign-in at once."""

    def __init__(self, visit: OpenConnection, receive: Receive, paces: PersonPaces) -> None:
        self._visit = visit
        self._receive = receive
        self._paces = paces
        self._waiting: deque[Message] = deque()
        self._listening: asyncio.Future[Message] | None = None

    async def receive(self) -> Message:
        """The next message that is not overtaken, when it is its turn."""
        person = self._visit.person
        if person is None:
            return await self._receive()
        while not self._waiting:
            await asyncio.wait({self._listen()})
            self._take_in()
        await self._wait_for_turn(person)
        return self._waiting.popleft()

    def close(self) -> None:
        """Listen no more."""
        if self._listening is not None:
            self._listening.cancel()

    async def _wait_for_turn(self, person: UUID) -> None:
        if self._waiting[0]["type"] != "websocket.receive":
            return
        if self._paces.is_at_once(person):
            await self._paces.turn(person)
            return
        turn: asyncio.Future[Any] = asyncio.ensure_future(self._paces.turn(person))
        try:
            while not turn.done():
                # Whoever waits is listened to: a newer message may be the one to pass on.
                heard: list[asyncio.Future[Any]] = [] if self._is_full() else [self._listen()]
                await asyncio.wait([turn, *heard], return_when=asyncio.FIRST_COMPLETED)
                self._take_in()
        finally:
            turn.cancel()

    def _listen(self) -> asyncio.Future[Message]:
        if self._listening is None:
            self._listening = asyncio.ensure_future(self._receive())
        return self._listening

    def _take_in(self) -> None:
        if self._listening is None or not self._listening.done():
            return
        message, self._listening = self._listening.result(), None
        if self._waiting and message_filter.is_overtaken(self._waiting[-1], message):
            self._waiting[-1] = message
        else:
            self._waiting.append(message)

    def _is_full(self) -> bool:
        size = sum(map(_size, self._waiting))
        is_over = self._waiting[-1]["type"] != "websocket.receive"
        return len(self._waiting) >= MOST_WAITING or size > MOST_BYTES or is_over


def _size(message: Message) -> int:
    return len(message.get("bytes") or b"")
