"""Whoever is signed in is paced over all their connections, and nothing that they did is lost."""

import asyncio
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState, ContextInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets.sync.client import ClientConnection, connect

from dashboard.web import connections, message_filter
from dashboard.web.connections import OpenConnection
from dashboard.web.limits.pacing import A_TURN, MOST_WAITING, PacedSocket, PersonPaces
from dashboard.web.limits.rate import SAVED_BY_A_PERSON, Rates
from dashboard.web.private import RunningPage
from data.access.session import Actor
from tests.machine import ran, until
from tests.unit.test_connections import CORA, LIMITS, TESS, serving, signed_in

TURNS = Rates(person=0.01)
"""One message at once, and the next after more than a minute."""


def heard(written: BackMsg) -> Message:
    return {"type": "websocket.receive", "bytes": written.SerializeToString()}


def rerun(*widgets: WidgetState, **asked: Any) -> Message:
    state = ClientState(widget_states=WidgetStates(widgets=widgets), **asked)
    return heard(BackMsg(rerun_script=state))


def text(name: str, value: str) -> WidgetState:
    return WidgetState(id=name, string_value=value)


CLICK = WidgetState(id="save", trigger_value=True)
REPORTED = WidgetState(id="matrix", json_trigger_value='[{"event": "open"}]')
BEAT = heard(BackMsg(app_heartbeat=True))
GONE: Message = {"type": "websocket.disconnect", "code": 1001}
PLACE = {"page_script_hash": "p", "context_info": ContextInfo(timezone="Europe/Vienna")}


@pytest.mark.parametrize(
    ("reported", "is_heard"),
    [
        ('[{"event": "open"}]', True),
        ("", True),
        ("[" * 100_000, False),
        ("[1", False),
        ("[],", False),
    ],
)
def test_what_a_component_reports_is_heard_only_where_it_is_json(
    reported: str, is_heard: bool
) -> None:
    """Each that was not took a tenth of a second of logging, for one person four times a second."""
    for widget in (
        WidgetState(id="matrix", json_trigger_value=reported),
        WidgetState(id="matrix", json_value=reported),
    ):
        assert message_filter.is_a_pages(rerun(widget)["bytes"]) is is_heard
    assert message_filter.is_a_pages(
        rerun(text("name", "[1"))["bytes"]
    )  # typed, and no component's


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (rerun(), rerun()),
        (rerun(text("name", "A")), rerun(text("name", "An"))),
        (rerun(text("name", "A")), rerun(text("name", "A"), CLICK)),
        (rerun(query_string="class=1"), rerun(query_string="class=2")),
        (rerun(fragment_id="f", is_auto_rerun=True), rerun(fragment_id="f", is_auto_rerun=True)),
        (rerun(fragment_id="f"), rerun()),
        (rerun(**PLACE), rerun(**PLACE)),
    ],
)
def test_a_rerun_is_overtaken_by_one_that_says_all_that_it_said(
    older: Message, newer: Message
) -> None:
    assert message_filter.is_overtaken(older, newer)


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (rerun(CLICK), rerun()),  # a click is said once
        (rerun(REPORTED), rerun()),
        (rerun(CLICK), rerun(CLICK)),
        (rerun(text("note", "Called")), rerun()),  # left with the page that it stood on
        (rerun(text("note", "Called")), rerun(text("name", "A"))),
        (rerun(page_script_hash="p"), rerun(page_script_hash="q")),
        (rerun(page_name="grid"), rerun(page_name="bulk")),
        (rerun(text("filter", "x")), rerun(text("filter", "x"), fragment_id="f")),
        (rerun(fragment_id="f"), rerun(fragment_id="g")),
        (rerun(), rerun(is_auto_rerun=True)),
        (rerun(is_history_navigation=True), rerun()),
        (rerun(**PLACE), rerun(page_script_hash="p")),
        (BEAT, rerun()),
        (rerun(), BEAT),
        (BEAT, BEAT),
        (rerun(), GONE),
        (rerun(), heard(BackMsg(stop_script=True))),
        (rerun(), {"type": "websocket.receive", "bytes": b"\xff"}),
    ],
)
def test_what_a_newer_message_does_not_say_again_is_never_left_out(
    older: Message, newer: Message
) -> None:
    assert not message_filter.is_overtaken(older, newer)


class Line:
    """One connection: what its browser has sent, and what of that was passed on."""

    def __init__(self, paces: PersonPaces, person: UUID | None = CORA.id) -> None:
        self.visit = OpenConnection("socket", "", session="page", person=person)
        self.sent = asyncio.Queue[Message]()
        self.socket = PacedSocket(self.visit, self.sent.get, paces)
        self.passed_on: list[Message] = []
        self.task = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        while not self.passed_on or self.passed_on[-1] != GONE:
            self.passed_on.append(await self.socket.receive())

    def close(self) -> None:
        self.socket.close()
        self.task.cancel()


class Given(PersonPaces):
    """Turns that the test gives."""

    def __init__(self) -> None:
        super().__init__(Rates())
        self.turns = asyncio.Semaphore(0)

    async def turn(self, person: UUID) -> None:
        await self.turns.acquire()

    def is_at_once(self, person: UUID) -> bool:
        return False


async def rest() -> None:
    """Until nothing is left that could be done."""
    for _ in range(200):
        await asyncio.sleep(0)


def test_of_a_thousand_reruns_on_three_connections_only_the_newest_of_each_reach_the_script() -> (
    None
):
    async def flooding() -> list[list[Message]]:
        paces = Given()
        lines = [Line(paces) for _ in range(3)]
        for n in range(1000):
            for line in lines:
                line.sent.put_nowait(rerun(text("name", str(n))))
            await asyncio.sleep(0)
        while any(not line.sent.empty() for line in lines):
            await rest()
        for _ in range(100):
            paces.turns.release()
        await rest()
        for line in lines:
            line.close()
        return [line.passed_on for line in lines]

    for passed_on in ran(flooding()):
        assert passed_on == [rerun(text("name", "999"))]


def test_a_flood_of_clicks_waits_at_its_sender_and_every_click_comes_in_its_order() -> None:
    clicks = [rerun(WidgetState(id=str(n), trigger_value=True)) for n in range(100)]

    async def clicking() -> tuple[int, list[Message]]:
        paces = Given()
        line = Line(paces)
        for each in [*clicks, GONE]:
            line.sent.put_nowait(each)
        await rest()
        unheard = line.sent.qsize()
        for _ in clicks:
            paces.turns.release()
            await rest()
        await asyncio.wait_for(line.task, 20)
        return unheard, line.passed_on

    unheard, passed_on = ran(clicking())
    assert unheard >= len(clicks) - MOST_WAITING - 1
    assert passed_on == [*clicks, GONE]


def test_a_value_typed_a_click_and_a_leaving_are_all_passed_on_after_a_disconnection() -> None:
    said = [
        rerun(text("note", "Called")),
        rerun(text("note", "Called"), CLICK),
        rerun(text("note", ""), **PLACE),
        BEAT,
        GONE,
    ]

    async def leaving() -> list[Message]:
        paces = Given()
        line = Line(paces)
        for each in said:
            line.sent.put_nowait(each)
        await rest()
        for _ in said:
            paces.turns.release()
        await asyncio.wait_for(line.task, 20)
        return line.passed_on

    assert ran(leaving()) == said[1:]  # what was typed is in the click's message


def test_nobody_waits_for_another_person_nor_a_stranger_for_anybody() -> None:
    async def talking() -> list[int]:
        paces = PersonPaces(TURNS)
        own, also_own = Line(paces), Line(paces)
        other, stranger = Line(paces, TESS.id), Line(paces, None)
        for line in (own, also_own, other, stranger):
            for n in range(3):
                line.sent.put_nowait(rerun(WidgetState(id=str(n), trigger_value=True)))
            await rest()
            line.close()
        return [len(line.passed_on) for line in (own, also_own, other, stranger)]

    assert ran(talking()) == [1, 0, 1, 3]


def test_what_is_no_message_of_a_page_is_heard_no_faster_and_large_ones_count_for_more() -> None:
    async def hearing(message: Message) -> int:
        paces, heard = PersonPaces(Rates(heard=10)), 0
        lines = [OpenConnection("socket", "", person=CORA.id) for _ in range(2)]

        async def receive() -> Message:
            return message

        async def hear(visit: OpenConnection) -> None:
            nonlocal heard
            listen = paces.hearing(visit, receive)
            while True:
                await listen()
                heard += 1

        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await asyncio.gather(*map(hear, lines))
        return heard

    junk: Message = {"type": "websocket.receive", "bytes": b"\xff"}
    large: Message = {"type": "websocket.receive", "bytes": b"x" * 20 * A_TURN}
    assert 10 * SAVED_BY_A_PERSON <= ran(hearing(junk)) < 200
    assert ran(hearing(large)) < 10


def test_what_nobody_takes_is_not_listened_to_for_ever() -> None:
    async def ending() -> bool:
        line = Line(PersonPaces(TURNS))
        await rest()
        line.close()
        await rest()
        return len(asyncio.all_tasks()) == 1

    assert ran(ending())


def test_over_real_connections_one_person_reaches_the_script_as_often_as_one_may() -> None:
    rates = replace(LIMITS.rates, person=TURNS.person)
    with serving(replace(LIMITS, rates=rates)) as host, ExitStack() as stack:
        place = f"ws://{host}/_stcore/stream"
        lines = [signed_in(stack.enter_context(connect(place))) for _ in range(3)]
        for n in range(200):
            for line in lines:
                line.send(rerun(text("name", str(n)))["bytes"])
        echoed: list[str | bytes] = []
        while not echoed:
            echoed += answers(lines)
        echoed += answers(lines)
        assert len(echoed) == 1
    until(lambda: not connections._visits)


def answers(lines: list[ClientConnection]) -> list[str | bytes]:
    """What comes on these within a moment."""
    found = []
    for line in lines:
        with suppress(TimeoutError):
            found.append(line.recv(timeout=0.1))
    return found


# --- how many pages ---


def admitted(visit: OpenConnection, actor: Actor, patch: pytest.MonkeyPatch) -> bool:
    """Whether the script of this connection was told that its person is in."""
    patch.setattr(connections, "_running", lambda: visit)
    patch.setattr(connections, "running_page", lambda: RunningPage(visit.browser, ("", "")))
    return connections.admit(actor)


def test_one_person_has_so_many_pages_and_no_more_and_nobody_else_suffers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def come(number: int, actor: Actor) -> tuple[OpenConnection, bool]:
        visit = OpenConnection("socket", "", browser=f"page {number}")
        marks.append(connections.enter(visit))
        return visit, admitted(visit, actor, monkeypatch)

    marks: list[str] = []
    came = [come(n, CORA) for n in range(connections.MOST_PAGES)]
    assert all(is_in for _, is_in in came)
    refused, is_in = come(1000, CORA)
    assert (is_in, refused.session, refused.actor) == (False, None, None)
    assert come(1001, TESS)[1]
    assert admitted(came[0][0], CORA, monkeypatch)  # whoever is in stays in
    connections.leave(marks.pop(0))
    assert come(1002, CORA)[1]
    for mark in marks:
        connections.leave(mark)
    connections._broken.clear()


def test_a_page_that_comes_back_keeps_its_place_and_its_pace() -> None:
    before = OpenConnection("socket", "", browser="b", session="page", person=CORA.id, actor=CORA)
    mark = connections.enter(before)
    connections.leave(mark)
    after = OpenConnection("socket", "", browser="b")
    connections.resume(after, "page")
    assert (after.person, after.actor) == (CORA.id, CORA)
