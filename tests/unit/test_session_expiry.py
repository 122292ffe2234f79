"""The look after sign-ins: it outlives a database that is away, ends what is over, and stops in no silence."""

import asyncio
import logging
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from dashboard.signin import expiry
from dashboard.web import connections
from data.access import sign_in
from data.access.errors import DatabaseAway
from data.access.session import Actor, Database, connect
from tests import people

SESSION, OTHER = uuid4(), uuid4()
TESS = Actor(
    people.TEACHER, "Tess", "teacher", session=SESSION, database=connect("postgresql://nowhere")
)


def test_what_is_over_is_ended_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answers = iter((DatabaseAway("away"), frozenset(), frozenset({SESSION}), ValueError("a fault")))
    asked: list[set[UUID]] = []

    def over(_: Database, sessions: Collection[UUID]) -> frozenset[UUID]:
        asked.append(set(sessions))
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def look() -> None:
        async with expiry.looking(None):
            while len(asked) < 4:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.05)

    monkeypatch.setattr(sign_in, "over", over)
    monkeypatch.setattr(expiry, "EVERY", 0.01)
    here = [
        connections.OpenConnection("socket", "", "browser", name, actor=actor)
        for name, actor in (
            ("one", TESS),
            ("two", TESS),
            ("other", replace(TESS, session=OTHER)),
            ("demo", replace(TESS, session=None)),
        )
    ]
    marks = [connections.enter(one) for one in here]
    # In a thread of its own: the loop of a browser may run in this one.
    with caplog.at_level(logging.ERROR, "dashboard"), ThreadPoolExecutor(1) as aside:
        aside.submit(lambda: asyncio.run(look())).result()
    for mark in marks:
        connections.leave(mark)
    assert asked == [{SESSION, OTHER}] * 3 + [{OTHER}]
    assert [one.session for one in here if one.actor is None] == ["one", "two"]
    assert [line.getMessage() for line in caplog.records] == ["sign-ins are no longer watched"]
