"""How many people can work at once: sessions that each change a filter every few seconds."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, takewhile
from statistics import median, quantiles
from typing import Any, Final
from uuid import UUID

from tests.benchmarks.pages import STATUSES
from tests.benchmarks.questions import Known
from tests.benchmarks.serving import Served
from tests.benchmarks.sessions import Session

EVERY: Final = 5.0  # seconds between two choices of one person
LASTING: Final = 20.0  # seconds that a number of sessions is measured, after as many of warming up
GOAL_MS: Final = 500.0
STEPS: Final = (25, 50, 75, 100, 150, 200)
PEOPLE: Final = 50


@dataclass(frozen=True)
class Load:
    """So many sessions at once: answers in milliseconds, the server's CPU share and memory."""

    sessions: int
    answers: list[float]
    cpu_share: float
    megabytes_each: float

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 answers stayed under."""
        return quantiles(self.answers, n=20)[-1]


def capacity(served: Served, known: Known, people: Sequence[UUID]) -> dict[str, Any]:
    """The most sessions of these people up to which the p95 stays under the goal, and what each number tried
    came to."""
    loads = asyncio.run(_try_all(served, known, people))
    held = list(takewhile(lambda load: load.p95_ms < GOAL_MS, loads))
    most = held[-1] if held else None
    return {
        "sessions": most.sessions if most else 0,
        "every_seconds": EVERY,
        "p95_ms": round((most or loads[0]).p95_ms),
        "megabytes_a_session": round(loads[0].megabytes_each, 2),
        "tried": [
            {
                "sessions": load.sessions,
                "median_ms": round(median(load.answers)),
                "p95_ms": round(load.p95_ms),
                "cpu_share": round(load.cpu_share, 2),
            }
            for load in loads
        ],
    }


async def _try_all(served: Served, known: Known, people: Sequence[UUID]) -> list[Load]:
    loads: list[Load] = []
    open_sessions: list[Session] = []
    for sessions in STEPS:
        before = served.rss_mb()
        added = sessions - len(open_sessions)
        while len(open_sessions) < sessions:
            person = people[len(open_sessions) % len(people)]
            session = await Session.open(served.url, person)
            await session.go_to("classroom", **{"class": known.cohort})
            open_sessions.append(session)
        each = (served.rss_mb() - before) / added
        await _work(open_sessions, LASTING / 2)
        cpu = served.cpu_ms()
        answers = await _work(open_sessions, LASTING)
        share = (served.cpu_ms() - cpu) / (1000 * LASTING)
        loads.append(Load(sessions, answers, share, each))
        if loads[-1].p95_ms >= 2 * GOAL_MS:
            break
    return loads


async def _work(sessions: list[Session], seconds: float) -> list[float]:
    answers = await asyncio.gather(*(_choose_again_and_again(each, seconds) for each in sessions))
    return [answer for own in answers for answer in own]


async def _choose_again_and_again(session: Session, seconds: float) -> list[float]:
    """Milliseconds of each choice; people do not choose in step."""
    clock = asyncio.get_running_loop()
    until = clock.time() + seconds
    await asyncio.sleep(random.uniform(0, EVERY))
    answers: list[float] = []
    for status in cycle(STATUSES):
        if clock.time() >= until:
            return answers
        begun = clock.time()
        await session.choose("filters", "status", status)
        answers.append(1000 * (clock.time() - begun))
        await asyncio.sleep(max(0.0, EVERY - (clock.time() - begun)))
    return answers
