"""Nobody who has not signed in keeps others out or up: by talking on, by staying, or by coming in numbers."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from itertools import count
from socket import SHUT_RDWR

import pytest
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from dashboard.web import connections
from dashboard.web.connections import OpenConnection
from dashboard.web.limits.rate import SAVED, Pace, Paces, Rates
from dashboard.web.limits.throttle import GuardedSocket, Limits
from dashboard.web.websocket import LOST, MOST_FRAMES, BoundedSocket
from tests.machine import ran, until
from tests.unit.test_connections import CORA, LIMITS, key, said, serving, signed_in

SLOW = Rates(connection=5, address=1000, in_all=1000, heard=10**6, person=10**6)
AT_ONCE = round(SAVED * SLOW.connection)


@contextmanager
def door(limits: Limits) -> Iterator[str]:
    with serving(limits) as host:
        yield f"ws://{host}/_stcore/stream"
        until(lambda: not connections._visits)


def code_of(connection: ClientConnection) -> int | None:
    """With which it was closed."""
    with suppress(ConnectionClosed):
        for _ in connection:
            pass
    return connection.close_code


def hang_up(connection: ClientConnection) -> None:
    """As somebody does who waits for no answer."""
    connection.socket.shutdown(SHUT_RDWR)


def test_a_strangers_messages_wait_their_turn_and_those_of_who_signed_in_do_not() -> None:
    with door(replace(LIMITS, rates=SLOW)) as place, connect(place) as known, connect(place) as one:
        signed_in(known)
        told = [said(str(n)) for n in range(AT_ONCE + 3)]
        for talking in (known, one):
            began = time.monotonic()
            for message in told:
                talking.send(message)
            assert [talking.recv(timeout=20) for _ in told] == told  # none is lost
            took = time.monotonic() - began
        assert took > 2.5 / SLOW.connection
        for message in told * 20:
            known.send(message)
            assert known.recv(timeout=20) == message  # 52 seconds of a stranger's turns


def test_what_a_stranger_said_and_did_not_wait_for_is_done_for_nobody() -> None:
    with door(replace(LIMITS, messages=10**6, message=10**6, rates=SLOW)) as place:
        with connect(place) as gone:
            for n in range(500):
                gone.send(said(str(n)))
            hang_up(gone)
        until(lambda: not connections._visits)  # and not after 100 seconds


@pytest.mark.parametrize(("shared", "held"), [("address", [1]), ("in_all", [1, 2])])
def test_those_from_one_address_and_all_wait_for_one_another(shared: str, held: list[int]) -> None:
    rates = replace(Rates(1000, 1000, 1000), **{shared: 0.01})

    async def one_after_the_other() -> None:
        paces = Paces(rates)
        for n, address in enumerate(("10.0.0.1", "10.0.0.1", "10.0.0.3")):
            if n in held:
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(paces.turn(address), 0.1)
            else:
                await asyncio.wait_for(paces.turn(address), 20)

    ran(one_after_the_other())


def test_turns_come_in_the_order_of_asking_whoever_talks_on() -> None:
    async def given() -> tuple[list[int], list[int]]:
        pace, asked, got, numbers = Pace(500), list[int](), list[int](), count()

        async def talk_on() -> None:
            while len(got) < 1500:  # of which the first 1000 need not wait
                number = next(numbers)
                asked.append(number)
                await pace.turn()
                got.append(number)
                await asyncio.sleep(0.001)

        await asyncio.gather(*(talk_on() for _ in range(50)))
        return asked, got

    asked, got = ran(given())
    assert got == asked


def test_who_leaves_before_the_turn_has_taken_none() -> None:
    async def leaving() -> None:
        pace = Pace(2.0)
        for _ in range(65):
            with suppress(TimeoutError):
                await asyncio.wait_for(pace.turn(), 0.0001)
        await asyncio.wait_for(pace.turn(), 20)  # and not after 30 seconds

    ran(leaving())


def test_a_stranger_who_talks_on_has_an_end_too_and_comes_back() -> None:
    beat = BackMsg(app_heartbeat=True).SerializeToString()
    # Slow enough for a quick machine not to say so much that the connection is cut without a word.
    rates = replace(LIMITS.rates, connection=MOST_FRAMES / 4)
    with door(replace(LIMITS, messages=10**6, rates=rates, first=60, life=0.5)) as place:
        with connect(place) as known, connect(place) as talker:
            signed_in(known)
            talker.send(beat)
            with suppress(ConnectionClosed):
                for heard in talker:
                    talker.send(heard)
            assert talker.close_code == 1013
            known.send(beat)
            assert known.recv(timeout=20) == beat
        # A page that comes back has nothing to say, and may be as silent as it was.
        protocols = [Subprotocol(one) for one in ("streamlit", "x", "page")]
        began = time.monotonic()
        with connect(place, subprotocols=protocols) as back:
            assert code_of(back) == 1013
        assert time.monotonic() - began < 30  # and not after the 60 seconds of who has to speak


def test_the_newest_gets_the_place_of_who_waited_longest_and_who_signed_in_keeps_theirs() -> None:
    limits = replace(LIMITS, first=60, own=0.0)
    with door(limits) as place, connect(place) as known, ExitStack() as opened:
        signed_in(known)
        *waiting, newest = (
            opened.enter_context(connect(place)) for _ in range(limits.per_address + 1)
        )
        assert code_of(waiting[0]) == 1013
        for one in (known, newest, *waiting[1:]):
            one.send(said("still here"))
            assert one.recv(timeout=20) == said("still here")


def test_places_are_not_taken_from_who_has_just_come_but_a_browser_that_is_known_gets_in() -> None:
    with door(replace(LIMITS, first=60)) as place, connect(place) as known, ExitStack() as opened:
        signed_in(known)
        for _ in range(LIMITS.per_address):
            opened.enter_context(connect(place))
        with pytest.raises(InvalidStatus):
            connect(place)
        opened.enter_context(connect(place, additional_headers={"Cookie": key(known)}))


def test_in_all_the_longest_waiting_of_any_address_gives_way() -> None:
    ended: list[str] = []
    here = [OpenConnection("socket", f"10.0.0.{n}", since=n) for n in range(4)]
    here[0].session, here[0].actor = "session", CORA
    for one in here:
        one.end = lambda address=one.address: ended.append(address)
    marks = [connections.enter(one) for one in here]
    assert connections.show_out("10.0.0.9", 3, own=2)
    assert connections.show_out("10.0.0.3", 1, own=2)
    assert not connections.show_out("10.0.0.9", 3, own=10**9)
    assert ended == ["10.0.0.1", "10.0.0.3"]
    for mark in marks:
        connections.leave(mark)


def test_what_was_said_while_somebody_signed_in_is_not_lost_at_the_end_of_a_strangers_time() -> (
    None
):
    async def signing_in() -> Message:
        visit, limits = OpenConnection("socket", ""), replace(LIMITS, life=0.05)
        written = said("mine")

        async def receive() -> Message:
            return {"type": "websocket.receive", "bytes": written}

        async def send(message: Message) -> None:
            raise AssertionError(message)

        async def turn() -> None:
            visit.session = "session"
            await asyncio.sleep(60)

        guarded = GuardedSocket(visit, receive, send, limits, [turn], has_to_speak=True)
        return await guarded.receive()

    assert ran(signing_in())["bytes"] == said("mine")


@pytest.mark.parametrize("signs_in", [True, False])
def test_an_end_is_for_strangers_also_of_who_signs_in_while_nothing_is_said(signs_in: bool) -> None:
    told: list[Message] = []

    async def waiting() -> Message:
        visit, queue = OpenConnection("socket", ""), asyncio.Queue[Message]()

        async def send(message: Message) -> None:
            told.append(message)

        guarded = GuardedSocket(visit, queue.get, send, LIMITS, [], has_to_speak=True)
        heard = asyncio.create_task(guarded.receive())
        await asyncio.sleep(0.01)
        visit.session = "session" if signs_in else None
        guarded.end()
        await asyncio.sleep(0.01)
        queue.put_nowait({"type": "websocket.receive", "bytes": said("mine")})
        return await heard

    heard = ran(waiting())
    assert heard["type"] == ("websocket.receive" if signs_in else "websocket.disconnect")
    assert len(told) == (0 if signs_in else 1)


def test_a_lost_connection_is_told_and_its_turns_are_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(WebSocketsSansIOProtocol, "connection_lost", lambda self, exc: None)
    told: list[Message] = []

    async def losing() -> Message:
        async def receive() -> Message:
            return {"type": "websocket.receive", "bytes": said("mine")}

        async def send(message: Message) -> None:
            told.append(message)

        guarded = GuardedSocket(
            OpenConnection("socket", ""),
            receive,
            send,
            LIMITS,
            [asyncio.Event().wait],
            has_to_speak=True,
        )
        socket = object.__new__(BoundedSocket)
        vars(socket)["scope"] = {LOST: guarded.lose}
        heard = asyncio.create_task(guarded.receive())
        await asyncio.sleep(0.01)
        socket.connection_lost(None)
        return await asyncio.wait_for(heard, 20)

    assert ran(losing())["type"] == "websocket.disconnect"
    assert not told


PING, PONG, PART = b"\x89\x80mask", b"\x8a\x80mask", b"\x00\x80mask"
"""Frames of no bytes: of the last a message can have any number."""


def pour(client: ClientConnection, frames: bytes) -> None:
    """Past the library, until nobody takes them. What closes first is chance: the other end, or, in the
    library's own thread, this one."""
    with suppress(OSError):
        client.socket.sendall(frames)


@pytest.mark.parametrize("frame", [PING, PONG, PART])
def test_what_is_no_message_and_waits_for_no_turn_has_an_end_whoever_sends_it(frame: bytes) -> None:
    with door(LIMITS) as place:
        with connect(place) as stranger, connect(place) as known:
            for one in (stranger, signed_in(known)):
                begun = b"\x02\x80mask" if frame == PART else b""
                pour(one, begun + frame * 10 * MOST_FRAMES)
                pour(one, frame * 10 * MOST_FRAMES)
                assert code_of(one) in (1006, 1009)
        with connect(place) as page:  # the control
            signed_in(page).socket.sendall(frame.replace(PART, PONG) * 100)
            page.send(said("still here"))
            assert page.recv(timeout=20) == said("still here")


def test_a_strangers_many_messages_are_not_all_looked_at() -> None:
    small = b"\x82\x80mask"
    with door(replace(LIMITS, message=10**6, rates=SLOW)) as place, connect(place) as stranger:
        pour(stranger, small * 10 * MOST_FRAMES)
        assert code_of(stranger) == 1006
