"""Pages' reads by a replica: never older than what their page has seen, and by the database where it fails."""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from typing import TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from starlette.requests import Request

from dashboard import reads
from dashboard.web import health, metrics
from data import counts
from data.access.errors import DatabaseAway
from data.access.session import Actor, Database, acting_as
from data.open import open_database
from data.readiness import CHECKS
from data.reading import replica
from data.reading.live import Listener
from data.reading.replica import Replica, replica_of, replicate, serving
from data.settings import read_settings
from tests import people
from tests.database.counting_writer import STEP, begin_anew, count_up
from tests.database.hosts import programs
from tests.database.replicated import Pair, Server, Stopped, stopped
from tests.machine import ran, slower, until
from tests.people import ANN, COORDINATOR, COURSE
from tests.profiles import by_turns

T = TypeVar("T")
STORED = text("""
select score from public.student_module_progress where student_id = :student and module_id = :module
""")
CELL = {"student": ANN, "module": COURSE}


@pytest.fixture(scope="module", params=by_turns(["18", "15"], 1))
def made(request: pytest.FixtureRequest) -> Iterator[Stopped]:
    with stopped(programs(request.param)) as one:
        yield one


@pytest.fixture(scope="module")
def kept_pair(made: Stopped) -> Iterator[Pair]:
    with made.pair(confirming="") as one:
        yield one


@pytest.fixture
def pair(kept_pair: Pair) -> Iterator[Pair]:
    begin_anew(kept_pair.primary.cluster.url("progress_owner", kept_pair.name))
    yield kept_pair
    resume(kept_pair.standby)


@contextmanager
def served(pair: Pair) -> Iterator[Database]:
    """The database as the app opens it, with its replica."""
    url, read_url = (
        one.cluster.url("progress_app", pair.name) for one in (pair.primary, pair.standby)
    )
    settings = {"DATABASE_URL": url, "DATABASE_READ_URL": read_url}
    database = open_database(read_settings(settings | {"DATABASE_CLAIMS_KEY": pair.key.written}))
    try:
        yield database
    finally:
        of(database).database.engine.dispose()
        database.engine.dispose()


@pytest.fixture
def database(pair: Pair) -> Iterator[Database]:
    with served(pair) as one:
        yield one


def of(database: Database) -> Replica:
    found = replica_of(database)
    assert found is not None
    return found


def coordinator(database: Database) -> Actor:
    return people.actor(database, COORDINATOR)


def seen(actor: Actor) -> Decimal | None:
    """What a page must have that begins now."""
    with acting_as(actor) as connection:
        return replica.position(connection)


def page_reads(actor: Actor, question: Callable[[Connection], T]) -> T:
    """As `reads.read` does, which keeps what is seen for one run of one page."""
    position = seen(actor)
    if (found := serving(actor, position)) is not None:
        with found.or_else(), found.acting_as(actor, position) as connection:
            return question(connection)
    with acting_as(actor) as connection:
        return question(connection)


def commit(pair: Pair) -> None:
    """Without one the end of the log may stay where it is for a while, and the replica short of it."""
    with pair.primary.root() as root:
        root.execute("select pg_logical_emit_message(true, 'test', '')")


def by_replica(pair: Pair, actor: Actor, question: Callable[[Connection], T]) -> T:
    """What it answers, once it has all that there is and is asked."""
    answers: list[T] = []

    def is_answered() -> bool:
        commit(pair)
        before = counts.counted("replica read")
        answers[:] = [page_reads(actor, question)]
        return counts.counted("replica read") > before

    until(is_answered)
    return answers[0]


def passed_over(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log has of it."""
    return [one.getMessage() for one in caplog.records if one.name == "data.reading.replica"]


def place(connection: Connection) -> str:
    return "replica" if connection.scalar(text("select pg_is_in_recovery()")) else "database"


def counted(connection: Connection) -> tuple[str, int]:
    """Where this is read, and how far was counted."""
    return place(connection), int((connection.scalar(STORED, CELL) or 0) / STEP)


def pause(server: Server) -> None:
    """It goes on to get what is written, and shows nothing of it."""
    with server.root() as root:
        root.execute("select pg_wal_replay_pause()")
        paused = "select pg_get_wal_replay_pause_state() = 'paused'"
        until(lambda: root.execute(paused).fetchone() == (True,))


def resume(server: Server) -> None:
    with server.root() as root:
        root.execute("select pg_wal_replay_resume()")


def test_pages_read_there_and_what_is_written_is_seen_at_once(
    pair: Pair, database: Database
) -> None:
    actor = coordinator(database)
    assert by_replica(pair, actor, counted) == ("replica", 0)
    pause(pair.standby)
    count_up(actor, ANN, 0, uuid4())
    assert page_reads(actor, counted) == ("database", 1)
    assert page_reads(actor, counted) == ("database", 1)
    resume(pair.standby)
    assert by_replica(pair, actor, counted) == ("replica", 1)


def test_whoever_reads_while_others_write_never_sees_less_than_was_there(
    pair: Pair, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "FOLLOWS_WITHIN", 0.3)
    actor, at, stop = coordinator(database), [0], threading.Event()
    places: list[str] = []

    def write() -> None:
        while not stop.is_set():
            count_up(actor, ANN, at[0], uuid4())
            at[0] += 1

    def look() -> None:
        while not stop.is_set():
            least = at[0]
            where, found = page_reads(actor, counted)
            assert found >= least
            places.append(where)

    def sees(where: str) -> None:
        until(lambda: where in places or not all(one.running() for one in running))
        places.clear()

    with ThreadPoolExecutor(3) as threads:
        running = [threads.submit(one) for one in (write, look, look)]
        try:
            for _ in range(3):
                sees("replica")
                pause(pair.standby)
                sees("database")
                resume(pair.standby)
        finally:
            stop.set()
        for one in running:
            one.result()
    assert at[0] > 0


def test_a_page_that_is_told_of_a_change_sees_it(pair: Pair, database: Database) -> None:
    actor, told = coordinator(database), threading.Event()
    by_replica(pair, actor, place)
    listener = Listener(database)
    with listener.subscription(lambda _: told.set()):
        until(lambda: listener.is_fresh and listener._told_since is not None)
        pause(pair.standby)
        count_up(actor, ANN, 0, uuid4())
        assert told.wait(10 * slower())
        assert page_reads(actor, counted) == ("database", 1)


def test_what_a_page_keeps_is_of_its_own_version(pair: Pair, database: Database) -> None:

    def asked() -> tuple[str, int]:
        visit = reads.begin(database, COORDINATOR)
        assert visit is not None
        return reads.ask(counted)

    def is_asked() -> bool:
        commit(pair)
        return asked() == ("replica", 0)

    until(is_asked)
    pause(pair.standby)
    assert asked() == ("replica", 0)  # as it was kept
    count_up(coordinator(database), ANN, 0, uuid4())
    assert asked() == ("database", 1)
    resume(pair.standby)
    assert asked() == ("database", 1)  # as it was kept


def test_one_that_lags_is_passed_over_without_a_wait_and_told_once(
    pair: Pair,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(replica, "LAGS", 0.0)
    monkeypatch.setattr(replica, "UNTOLD", 0)
    actor, found = coordinator(database), of(database)
    by_replica(pair, actor, place)
    pause(pair.standby)
    for number in range(2):
        count_up(actor, ANN, number, uuid4())
        found.look(database)
    found.look(database)
    assert found.state == "behind"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found.database.engine, "connect", None)  # it is not even asked
        assert page_reads(actor, counted) == ("database", 2)
    resume(pair.standby)

    def serves() -> bool:
        found.look(database)
        return found.state == "serves"

    until(serves)
    by_replica(pair, actor, place)
    begun, ended = passed_over(caplog)
    assert begun == "the read replica is passed over: it is more than 0 seconds behind."
    assert ended.startswith("the read replica serves again after ")


def test_a_dead_one_costs_a_page_nothing_and_is_told_once(
    made: Stopped, caplog: pytest.LogCaptureFixture
) -> None:
    with made.pair(confirming="") as pair, served(pair) as database:
        actor, found = coordinator(database), of(database)
        by_replica(pair, actor, place)
        pair.standby.signal(signal.SIGKILL)
        for _ in range(3):
            began = time.monotonic()
            assert page_reads(actor, place) == "database"
            assert time.monotonic() - began < 2 * slower()
        found.look(database)
        assert found.state == "away"
        (told,) = passed_over(caplog)
        assert told.startswith("the read replica is passed over: ")
        # A process that starts then starts all the same.
        with served(pair) as another:
            assert of(another).state == "away"
            assert page_reads(coordinator(another), place) == "database"


def test_a_probe_and_the_figures_tell_of_it_and_all_goes_on_without(
    pair: Pair, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = dict.fromkeys(CHECKS, "ok")

    class Fine:
        async def checks(self) -> dict[str, str]:
            return checks

    def told() -> tuple[int, object, float | None]:
        answer = ran(health.ready(Request({"type": "http"})))
        figures = {one.name: one.samples[0].value for one in metrics._of_databases()}
        replica_now = json.loads(bytes(answer.body)).get("replica")
        return answer.status_code, replica_now, figures.get("progress_replica")

    monkeypatch.setattr(health, "_prober", Fine)
    assert told() == (200, "serves", 1)
    of(database).become("away", "a test")
    assert told() == (200, "away", 0)
    monkeypatch.setattr(replica, "_replicas", {})
    assert told() == (200, None, None)
    checks["database"] = "away"
    assert told()[0] == 503  # the control


def test_a_silent_one_is_given_up_soon_and_serves_again_when_it_speaks(
    pair: Pair, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    actor, found = coordinator(database), of(database)
    by_replica(pair, actor, place)
    pair.standby.signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        assert page_reads(actor, place) == "database"
        assert time.monotonic() - began < 4 * slower()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(found.database.engine, "connect", None)  # it is not even asked
            assert page_reads(actor, place) == "database"
    finally:
        pair.standby.signal(signal.SIGCONT)

    def serves() -> bool:
        found.look(database)
        return found.state == "serves"

    until(serves)
    by_replica(pair, actor, place)
    assert len(passed_over(caplog)) == 2


@pytest.mark.parametrize("state", ["40001", "25006", "55000", "XX001"])
def test_what_fails_there_alone_is_asked_of_the_database(
    pair: Pair, database: Database, state: str
) -> None:
    actor, asked = coordinator(database), list[str]()

    def question(connection: Connection) -> None:
        asked.append(place(connection))
        if asked == ["replica"]:
            connection.execute(text(f"do $$ begin raise sqlstate '{state}'; end $$"))

    def is_asked_of_both() -> bool:
        asked.clear()
        commit(pair)
        page_reads(actor, question)
        return asked == ["replica", "database"]

    until(is_asked_of_both)
    assert of(database).state == "serves"


def test_what_takes_too_long_there_is_not_asked_twice(pair: Pair, database: Database) -> None:
    actor, asked = coordinator(database), list[str]()

    def question(connection: Connection) -> None:
        asked.append(place(connection))
        connection.execute(text("set local statement_timeout = 1"))
        connection.execute(text("select pg_sleep(1)"))

    def is_asked_there() -> bool:
        asked.clear()
        commit(pair)
        with pytest.raises(DatabaseAway):
            page_reads(actor, question)
        return asked == ["replica"]

    until(is_asked_there)
    assert of(database).state == "serves"
    commit(pair)
    assert page_reads(actor, place) == "database"  # for a while


def test_a_question_that_is_wrong_is_wrong_there_too(pair: Pair, database: Database) -> None:
    actor, asked = coordinator(database), list[str]()

    def question(connection: Connection) -> None:
        asked.append(place(connection))
        connection.execute(text("select 1 / 0"))

    def is_asked_there() -> bool:
        asked.clear()
        commit(pair)
        with pytest.raises(DBAPIError):
            page_reads(actor, question)
        return asked == ["replica"]

    until(is_asked_there)


def test_what_a_page_was_told_by_the_database_it_is_told_again(
    pair: Pair, database: Database
) -> None:
    """A replica that has what the page began with need not have what it has seen since."""
    actor = coordinator(database)

    def began_there() -> bool:
        commit(pair)
        visit = reads.begin(database, COORDINATOR)
        assert visit is not None
        return reads.read(actor, place) == "replica"

    until(began_there)
    pause(pair.standby)
    count_up(actor, ANN, 0, uuid4())
    found = of(database)
    assert reads.read(actor, counted) == ("replica", 0)  # all that the page began with
    with found.or_else():
        raise replica.Behind("")  # as where it had less
    assert reads.read(actor, counted) == ("database", 1)
    found._rests_until = 0
    assert reads.read(actor, counted) == ("database", 1)


def test_only_a_standby_of_the_same_database_answers(pair: Pair, database: Database) -> None:
    actor = coordinator(database)
    by_replica(pair, actor, place)
    for url in (
        pair.primary.cluster.url("progress_app", pair.name),
        pair.standby.cluster.url("progress_app", "postgres"),
    ):
        try:
            found = replicate(database, url)
            assert found.state == "no standby"
            assert page_reads(actor, place) == "database"
        finally:
            found.database.engine.dispose()
