"""The primary ends or hangs and its standby is promoted: nothing acknowledged is lost, whoever writes goes on,
and open pages hear of it."""

import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import click
import pytest
from sqlalchemy import text

from data.access import session
from data.access.errors import DatabaseAway
from data.access.session import Database, acting_as_nobody, connect
from data.reading.live import Listener, bell
from data.reading.live.bell import Bell
from tests import people
from tests.database.counting_writer import (
    STEP,
    WRITERS,
    Writer,
    await_more,
    begin_anew,
    count_up,
    hears,
    stands_at,
    stored_batches,
)
from tests.database.hosts import programs
from tests.database.replicated import Pair, Stopped, stopped
from tests.database.silent_proxy import proxy
from tests.machine import slower, until
from tests.profiles import by_turns

WRITING_AGAIN = 10.0  # seconds after the promotion
READ_ONLY = text("select current_setting('transaction_read_only')")


@pytest.fixture(scope="module", params=by_turns(["18", "15"], 0))
def made(request: pytest.FixtureRequest) -> Iterator[Stopped]:
    with stopped(programs(request.param)) as one:
        yield one


@pytest.fixture
def pair(made: Stopped) -> Iterator[Pair]:
    with made.pair() as one:
        yield one


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP])
def test_nothing_acknowledged_is_lost_and_all_goes_on_at_the_server_that_was_promoted(
    pair: Pair, end: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    for where in (session, bell):
        monkeypatch.setattr(where, "SOON", 1.0)
    monkeypatch.setattr(bell, "PING_EVERY", 0.5)
    monkeypatch.setattr(session, "LATEST", 2.0)
    begin_anew(pair.primary.cluster.url("progress_owner", pair.name))
    database = pair.database("?connect_timeout=2")
    writers, stop, changed = [Writer(one) for one in WRITERS], threading.Event(), threading.Event()
    ear = Bell(database)
    with (
        ThreadPoolExecutor(len(writers)) as threads,
        Listener(database).subscription(lambda _: changed.set()),
    ):
        running = [threads.submit(one.write, database, stop, again=True) for one in writers]
        try:
            await_more(writers)
            until(lambda: hears(ear))
            pair.primary.signal(end)
            pair.standby.promote()
            promoted = time.monotonic()
            await_more(writers)
            took = time.monotonic() - promoted
            until(lambda: hears(ear))
            changed.clear()
            assert changed.wait(10 * slower())
        finally:
            stop.set()
            pair.primary.signal(signal.SIGCONT) if end == signal.SIGSTOP else None
        for one in running:
            one.result(60)
    ear.close()
    there = pair.standby.cluster.url("progress_owner", pair.name)
    for writer in writers:
        assert stored_batches(there, writer) == writer.acknowledged
        assert stands_at(there, writer) == len(writer.acknowledged) * STEP
    assert took < WRITING_AGAIN * slower()
    click.echo(
        f"\n{end.name}: {sum(len(one.acknowledged) for one in writers)} saves acknowledged and there, once "
        f"each; all writing again {took:.1f} s after the promotion"
    )


def test_where_none_is_promoted_whoever_runs_the_dashboard_is_told_that_only_standbys_answer(
    pair: Pair,
) -> None:
    database = pair.database()
    with acting_as_nobody(database):  # the control
        pass
    pair.primary.signal(signal.SIGKILL)
    with pytest.raises(DatabaseAway) as away, acting_as_nobody(database):
        pass
    assert away.value.why.startswith("Of the servers in the URL only standbys answer")
    database.engine.dispose()


def test_a_save_that_no_standby_confirmed_is_not_acknowledged(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = pair.primary.cluster.url("progress_owner", pair.name)
    begin_anew(owner)
    database = pair.database()
    actor, batch = people.actor(database, people.COORDINATOR), uuid4()
    pair.standby.signal(signal.SIGSTOP)
    try:
        monkeypatch.setattr(session, "LATEST", 1.0)
        with pytest.raises(DatabaseAway):
            count_up(actor, people.ANN, 0, batch)
    finally:
        pair.standby.signal(signal.SIGCONT)
    monkeypatch.undo()
    assert count_up(actor, people.ANN, 0, batch).repeated
    database.engine.dispose()


def test_a_connection_to_what_is_no_longer_the_primary_is_given_up_before_anybody_writes(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As through what leads to the primary, and for a moment still led to the one before."""
    sockets = [one.folder / ".s.PGSQL.5432" for one in (pair.standby, pair.primary)]
    with proxy(sockets[0]) as between:
        url = f"postgresql://progress_app@127.0.0.1:{between.port}/{pair.name}?sslmode=disable"
        database = connect(url, key=pair.key, pool_size=1)
        assert is_read_only(database)
        between.lead_to(sockets[1])
        assert is_read_only(database)  # the control: a connection that is kept
        monkeypatch.setattr(session, "AGAIN", 0.0)
        assert not is_read_only(database)
        between.lead_to(sockets[0])
        assert not is_read_only(database)  # nor is one made anew by which all can be written
        database.engine.dispose()
        assert [is_read_only(database) for _ in range(3)] == [True] * 3  # what is there is read
        database.engine.dispose()


def is_read_only(database: Database) -> bool:
    with acting_as_nobody(database) as connection:
        return bool(connection.scalar(READ_ONLY) == "on")
