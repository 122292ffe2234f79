"""How fast somebody may speak: what comes faster waits its turn, and nothing is lost.

Not aiolimiter's: there, one whose turn has come goes to the end of the queue where another asks at that moment.
Measured among 50 who talk on, at 100 turns a second: the longest wait was 3.0 s, and is 0.56 s here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

SAVED: Final = 2.0  # seconds whose turns may be taken at once, where they were not taken before
SAVED_BY_A_PERSON: Final = 5.0

K = TypeVar("K", bound=Hashable)


class Pace:
    """So many turns a second, given to whoever waits in the order of their coming."""

    def __init__(self, a_second: float, saved: float = SAVED) -> None:
        self._each = 1 / a_second
        self._saved = saved
        self._next = 0.0
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for one and take it. Who leaves before it comes has taken none."""
        async with self._queue:
            await asyncio.sleep(self._wait())
            self.spend(1)

    def spend(self, turns: float) -> None:
        """Take turns at once: whoever asks next waits for as much longer."""
        self._next = max(self._next, time.monotonic()) + turns * self._each

    def is_at_once(self) -> bool:
        """Whether the next turn needs no waiting."""
        return self._wait() <= 0 and not self._queue.locked()

    def is_rested(self) -> bool:
        """Whether it is as good as new."""
        return self._next <= time.monotonic() and not self._queue.locked()

    def _wait(self) -> float:
        return self._next - self._saved + self._each - time.monotonic()


class PaceOfEach(Generic[K]):
    """One pace for each address, or for each person."""

    def __init__(self, a_second: float, saved: float = SAVED) -> None:
        self._made_of = a_second, saved
        self._paces: dict[K, Pace] = {}

    def of(self, one: K) -> Pace:
        """Theirs. Look it up each time: nobody may hold one that was thrown away."""
        if one not in self._paces:
            resting = [other for other, pace in self._paces.items() if pace.is_rested()]
            for other in resting:
                del self._paces[other]
            self._paces[one] = Pace(*self._made_of)
        return self._paces[one]


@dataclass(frozen=True)
class Rates:
    """Turns a second before a sign-in: of one connection, of all from one address, and of all; and of sign-ins
    from one address, each of which asks the school's service. After it, of one person over all connections:
    messages that are listened to, and those that are passed on."""

    connection: float = 2.0
    address: float = 10.0
    in_all: float = 20.0
    sign_in: float = 4.0
    heard: float = 100.0
    person: float = 4.0

    @property
    def of_sign_ins(self) -> Rates:
        """Those of whoever goes to the school's service or comes back from it."""
        return replace(self, address=self.sign_in, in_all=2 * self.sign_in)


class Paces:
    """Those of a server, before a sign-in."""

    def __init__(self, rates: Rates) -> None:
        self._in_all = Pace(rates.in_all)
        self._of_addresses = PaceOfEach[str](rates.address)

    async def turn(self, address: str) -> None:
        """Wait for a turn of this address and for one of all."""
        await self._of_addresses.of(address).turn()
        await self._in_all.turn()
