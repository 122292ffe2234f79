"""A connection that is dropped without a word is noticed within 20 seconds, whoever waits at it; and behind a
pooler that says nothing nobody waits for long."""

import sys
import threading
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from data.access import session
from data.access.errors import DatabaseAway
from data.access.session import Database, acting_as_nobody, connect
from data.reading.live import bell
from data.reading.live.bell import Bell
from tests.clusters import Cluster, Scratch
from tests.database.silent_proxy import Proxy, proxy
from tests.machine import slower

NOTICED = 20.0  # seconds
OFTEN = "&keepalives_idle=300&tcp_user_timeout=0"


@pytest.fixture
def between(cluster: Cluster) -> Iterator[Proxy]:
    if sys.platform != "linux":
        pytest.skip("only Linux drops packets for the asking")
    with proxy(cluster.socket / ".s.PGSQL.5432") as made:
        yield made


def through(school: Scratch, between: Proxy, options: str = "") -> Database:
    """The school's database, by way of the proxy."""
    user, name = school.app_url.split("?")[0].removeprefix("postgresql://").split("@/")
    url = f"postgresql://{user}@127.0.0.1:{between.port}/{name}?sslmode=disable{options}"
    return connect(url, key=school.key, pool_size=1, overflow=0)


class Waiting(threading.Thread):
    """Somebody who waits for an answer, and how long it took until they knew that none comes."""

    def __init__(self, database: Database) -> None:
        super().__init__(daemon=True)
        self._database = database
        self.asks = threading.Event()
        self.took: float | None = None
        self.start()

    def run(self) -> None:
        try:
            with acting_as_nobody(self._database) as connection:
                self.asks.set()
                begun = time.monotonic()
                connection.execute(text("select pg_sleep(29)"))
        except DatabaseAway:
            self.took = time.monotonic() - begun


def test_packets_that_are_dropped_are_noticed_amid_a_query_and_by_the_idle_listener(
    school: Scratch, between: Proxy
) -> None:
    database, patient = through(school, between), through(school, between, OFTEN)
    ear = Bell(database)
    ear.wait(0.1)
    idle = ear._connection
    assert idle is not None
    amid, control = Waiting(database), Waiting(patient)
    for one in (amid, control):
        assert one.asks.wait(NOTICED)
    time.sleep(1)  # the question is on its way
    between.drop()
    begun = time.monotonic()
    # Nothing is asked of it: libpq alone finds out.
    with pytest.raises(Exception, match=r"timed out|server closed|could not receive"):
        next(idle.notifies(timeout=NOTICED * slower()))
    assert time.monotonic() - begun < NOTICED
    amid.join(NOTICED)
    assert amid.took is not None
    assert amid.took < NOTICED
    assert control.took is None  # the URL says otherwise
    with pytest.raises(DatabaseAway) as away, acting_as_nobody(database):
        pass
    assert "does not answer" in away.value.why
    assert time.monotonic() - begun < NOTICED + 10


def test_a_pooler_that_says_nothing_keeps_a_page_waiting_for_no_longer_than_that(
    school: Scratch, between: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "SOON", 1.0)
    monkeypatch.setattr(bell, "SOON", 1.0)
    monkeypatch.setattr(bell, "PING_EVERY", 0.5)
    database, ear = through(school, between, "&connect_timeout=2"), None
    with acting_as_nobody(database) as connection:  # the control
        assert connection.scalar(text("select 1")) == 1
    ear = Bell(database)
    ear.wait(0.6)
    ear.wait(0.1)
    assert ear._connection is not None  # the control: it asked, and was answered
    between.hush()
    begun = time.monotonic()
    with pytest.raises(DatabaseAway), acting_as_nobody(database):
        pass
    assert time.monotonic() - begun < 8 * slower()
    ear.wait(0.6)
    ear.wait(0.1)
    assert ear._connection is None
    between.speak()
    with acting_as_nobody(database):
        pass
    database.engine.dispose()
    ear.close()


def test_a_question_that_takes_its_time_is_waited_for(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "SOON", 0.5)
    database = school.connect(pool_size=1)
    for _ in range(2):
        with acting_as_nobody(database) as connection:
            connection.execute(text("select pg_sleep(1)"))
    monkeypatch.setattr(session, "LATEST", 0.5)
    with pytest.raises(DatabaseAway), acting_as_nobody(database) as connection:
        connection.execute(text("select pg_sleep(1)"))
    database.engine.dispose()
