"""A whole app on a standby: nothing it reads is old, whoever is signed in reads on, nobody else comes in."""

import time
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text

from data.access.errors import DatabaseNotReady
from data.access.outage_words import OUTAGES, READ_ONLY
from data.access.session import Database, acting_as, connect
from data.access.sign_in import NOBODY_NEW, sign_in
from data.open import open_database
from data.readiness import Readiness
from data.reading.live.bell import Bell
from data.reading.people import version
from data.rules.progress import EMPTY_ROW, Edit, Field
from data.settings import Settings, read_settings
from data.writing.save import save
from tests import people
from tests.database.hosts import programs
from tests.database.replicated import Pair, stopped
from tests.database.test_sign_in import came
from tests.machine import until
from tests.people import COORDINATOR, TEACHER
from tests.profiles import by_turns


@pytest.fixture(scope="module", params=by_turns(["18", "15"], 0))
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    with stopped(programs(request.param)) as made, made.pair() as one:
        yield one


def settings(pair: Pair) -> Settings:
    url = pair.standby.cluster.url("progress_app", pair.name)
    return read_settings({"DATABASE_URL": url, "DATABASE_CLAIMS_KEY": pair.key.written})


@pytest.fixture
def standby(pair: Pair) -> Iterator[Database]:
    database = open_database(settings(pair))
    yield database
    database.engine.dispose()


@pytest.fixture
def primary(pair: Pair) -> Iterator[Database]:
    database = connect(pair.primary.cluster.url("progress_app", pair.name), key=pair.key)
    yield database
    database.engine.dispose()


def follow(pair: Pair) -> None:
    """Until the standby shows all that the primary has."""
    with pair.primary.root() as root:
        (there,) = root.execute("select pg_current_wal_insert_lsn()").fetchone() or ("",)
    with pair.standby.root() as root:
        shown = "select pg_last_wal_replay_lsn() >= %s::pg_lsn"
        until(lambda: root.execute(shown, [there]).fetchone() == (True,))


def test_no_two_states_of_a_standby_have_one_version_though_they_have_one_snapshot(
    pair: Pair, standby: Database
) -> None:
    owner_url = pair.primary.cluster.url("progress_owner", pair.name)
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute("create table public.paper (who text)")
        owner.execute("grant select on public.paper to dashboard_person")

    def seen() -> tuple[str, int, str]:
        """The snapshot that a standby tells, what is in it, and the version."""
        follow(pair)
        with acting_as(people.actor(standby, TEACHER)) as connection:
            found = "select pg_current_snapshot()::text, count(*) from public.paper"
            snapshot, many = connection.execute(text(found)).one()
            return str(snapshot), int(many), version(connection)

    def write(who: str) -> psycopg.Connection[tuple[object, ...]]:
        connection = psycopg.connect(owner_url)
        connection.execute("insert into public.paper values (%s)", [who])
        return connection

    try:
        with write("first") as first, write("second") as second, write("third") as third:
            third.commit()
            before = seen()
            assert seen() == before  # the control: where nothing is written, nothing is read anew
            second.commit()
            after = seen()
            first.commit()
        assert (before[0], before[1], after[1]) == (after[0], 1, 2)
        assert before[2] != after[2]
    finally:
        with psycopg.connect(owner_url, autocommit=True) as owner:
            owner.execute("drop table public.paper")


def test_a_version_of_one_server_is_never_that_of_another(
    pair: Pair, primary: Database, standby: Database
) -> None:
    """Two that were both promoted give the same numbers to other transactions."""
    follow(pair)
    with pair.primary.root() as one, pair.standby.root() as other:
        begun = "select pg_postmaster_start_time()"
        assert one.execute(begun).fetchone() != other.execute(begun).fetchone()
        (moment,) = one.execute("select extract(epoch from pg_postmaster_start_time())").fetchone()  # type: ignore[misc]
    with acting_as(people.actor(primary, TEACHER)) as connection:
        assert version(connection).startswith(f"{moment} ")
    with acting_as(people.actor(standby, TEACHER)) as connection:
        assert not version(connection).startswith(f"{moment} ")


def test_whoever_is_signed_in_reads_on_and_everybody_else_is_told_why_not(
    pair: Pair, primary: Database, standby: Database
) -> None:
    known, new = came("t-1", "tess@example.org"), came("t-1", "tess@example.org", str(uuid4()))
    assert sign_in(primary, known, 12) == TEACHER
    follow(pair)
    assert sign_in(standby, known, 12) == TEACHER
    reader = replace(people.actor(standby, TEACHER), session=known.session)
    with acting_as(reader) as connection:
        assert connection.scalar(text("select count(*) from public.student_module_progress"))
    assert standby.is_read_only
    with pytest.raises(DatabaseNotReady) as met:
        sign_in(standby, new, 12)
    assert (str(met.value), met.value.state) == (NOBODY_NEW, READ_ONLY)
    assert sign_in(primary, new, 12) == TEACHER  # the control
    assert not primary.is_read_only


def test_nothing_is_saved_in_words(standby: Database) -> None:
    edit = Edit(people.ANN, people.COURSE, EMPTY_ROW, {Field.PERCENTAGE: 5})
    with pytest.raises(DatabaseNotReady) as met:
        save(people.actor(standby, COORDINATOR), [edit], "A test")
    assert (str(met.value), met.value.why) == OUTAGES[READ_ONLY]


def test_a_probe_is_told_and_only_that(pair: Pair) -> None:
    told = Readiness(settings(pair)).checks()
    assert {name: one for name, one in told.items() if one != "ok"} == {"writable": "read only"}


def test_who_waits_for_changes_there_keeps_one_connection(pair: Pair, standby: Database) -> None:
    bell = Bell(standby)
    try:
        with pair.standby.root() as root:
            listening = "select array_agg(pid) from pg_stat_activity where query like 'listen%'"
            seen = []
            for _ in range(2):
                began = time.monotonic()
                bell.wait(0.1)
                assert time.monotonic() - began >= 0.1
                seen.append(root.execute(listening).fetchone())
            assert seen[0] == seen[1] != (None,)
    finally:
        bell.close()
