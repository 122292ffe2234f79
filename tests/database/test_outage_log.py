"""A line in the log when an outage begins, and one when it is over: of each kind, once a process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import make_url

from data.access import outage_log
from data.access.errors import DatabaseAway, DatabaseNotReady, DataError
from data.access.outage_words import LOGIN, OUTAGES
from data.access.session import Database, acting_as_nobody
from data.open import open_database
from data.settings import Settings
from tests.clusters import Cluster, Scratch


@contextmanager
def as_root(cluster: Cluster) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as root:
        yield root


def name(school: Scratch) -> sql.Identifier:
    return sql.Identifier(str(make_url(school.app_url).database))


def paper(school: Scratch) -> None:
    with school.owner() as owner:
        owner.execute("create table if not exists public.paper (id int)")
        owner.execute("grant all on public.paper to dashboard_guest")


def ask(database: Database) -> None:
    with acting_as_nobody(database):
        pass


def refused(database: Database, kind: type[DataError], times: int = 1) -> DataError:
    for _ in range(times):
        with pytest.raises(kind) as met:
            ask(database)
    return met.value


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    ours = [one for one in caplog.records if one.name == "data.access"]
    assert all(one.levelno == logging.WARNING for one in ours)
    return [one.getMessage() for one in ours]


def test_an_outage_is_logged_as_it_begins_and_as_it_ends_however_many_connect(
    cluster: Cluster, school: Scratch, caplog: pytest.LogCaptureFixture
) -> None:
    databases = [school.connect(pool_size=1) for _ in range(2)]
    closing = sql.SQL("alter database {} allow_connections {}")
    with as_root(cluster) as root:
        root.execute(closing.format(name(school), sql.SQL("false")))
        try:
            for database in databases:
                refused(database, DatabaseAway, times=2)
        finally:
            root.execute(closing.format(name(school), sql.SQL("true")))
    for database in databases:
        ask(database)
        ask(database)
        database.engine.dispose()
    begun, ended = told(caplog)
    assert begun.startswith("the database is away (SQLSTATE 55000): ")
    assert "not currently accepting connections" in begun
    assert ended.startswith("the database is back after ")


def test_a_connection_that_breaks_is_told_with_what_libpq_says(
    cluster: Cluster, school: Scratch, caplog: pytest.LogCaptureFixture
) -> None:
    database = school.connect(pool_size=1)
    with as_root(cluster) as root, pytest.raises(DatabaseAway):
        _be_ended(database, root)
    ask(database)
    database.engine.dispose()
    begun, ended = told(caplog)
    assert begun.startswith(
        "the database is away (SQLSTATE 57P01): The database does not answer. The reason given: "
    )
    assert "terminating connection due to administrator command" in begun
    assert ended == "the database is back after 0 seconds"


def _be_ended(database: Database, root: psycopg.Connection[tuple[object, ...]]) -> None:
    with acting_as_nobody(database) as connection:
        pid = connection.scalar(text("select pg_backend_pid()"))
        root.execute("select pg_terminate_backend(%s)", (pid,))
        connection.execute(text("select pg_sleep(5)"))


def test_a_login_that_is_refused_at_night_is_logged_too(
    cluster: Cluster, school: Scratch, caplog: pytest.LogCaptureFixture
) -> None:
    database = school.connect(pool_size=1)
    away = sql.SQL("revoke connect on database {} from progress_app, public")
    back = sql.SQL("grant connect on database {} to progress_app")
    with as_root(cluster) as root:
        root.execute(away.format(name(school)))
        try:
            assert str(refused(database, DatabaseNotReady, times=2)) == LOGIN["42501"]
        finally:
            root.execute(back.format(name(school)))
    ask(database)
    database.engine.dispose()
    begun, ended = told(caplog)
    assert begun.startswith("the database is away (SQLSTATE 42501): The user may not connect")
    assert ended.startswith("the database is back after ")


def test_a_database_that_can_only_be_read_is_told_before_anybody_writes(
    cluster: Cluster, school: Scratch, caplog: pytest.LogCaptureFixture
) -> None:
    read_only = sql.SQL("alter database {} set default_transaction_read_only = {}")
    writes = text("delete from public.paper")
    paper(school)
    with as_root(cluster) as root:
        root.execute(read_only.format(name(school), sql.SQL("on")))
    database = school.connect(pool_size=1)
    ask(database)  # what only reads goes on
    with pytest.raises(DatabaseNotReady) as met, acting_as_nobody(database) as connection:
        connection.execute(writes)
    assert str(met.value) == OUTAGES["25006"][0]
    settings = Settings().model_copy(
        update={"database_url": make_url(school.app_url), "claims_key": school.key}
    )
    opened = open_database(settings)  # whoever is signed in reads on
    ask(opened)
    assert opened.is_read_only
    opened.engine.dispose()
    with as_root(cluster) as root:
        root.execute(read_only.format(name(school), sql.SQL("off")))
    database.engine.dispose()
    with acting_as_nobody(database) as connection:
        connection.execute(writes)  # the control
    open_database(settings).engine.dispose()
    database.engine.dispose()
    begun, ended = told(caplog)
    assert begun.startswith("the database can only be read (SQLSTATE 25006): ")
    assert "the primary is found among them" in begun
    assert ended.startswith("the database can be written again after ")


def test_a_server_without_connections_says_so_while_those_there_are_go_on(
    cluster: Cluster, school: Scratch, caplog: pytest.LogCaptureFixture
) -> None:
    limit = sql.SQL("alter database {} connection limit {}")
    database = school.connect(pool_size=2)
    with as_root(cluster) as root:
        with acting_as_nobody(database) as connection:
            root.execute(limit.format(name(school), sql.Literal(1)))
            met = refused(database, DatabaseAway, times=2)
            connection.execute(text("select 1"))
            refused(database, DatabaseAway)
        root.execute(limit.format(name(school), sql.Literal(-1)))
    assert str(met) == OUTAGES["53300"][0]
    with acting_as_nobody(database):
        ask(database)
    database.engine.dispose()
    begun, ended = told(caplog)
    assert begun.startswith("the database has no connection left (SQLSTATE 53300): ")
    assert "max_connections" in begun
    assert ended.startswith("the database has connections again after ")


def test_connections_that_are_kept_tell_after_a_while_that_there_are_more_again(
    cluster: Cluster,
    school: Scratch,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit = sql.SQL("alter database {} connection limit {}")
    database = school.connect(pool_size=2)
    with as_root(cluster) as root, acting_as_nobody(database) as connection:
        root.execute(limit.format(name(school), sql.Literal(1)))
        refused(database, DatabaseAway)
        connection.execute(text("select 1"))
        assert len(told(caplog)) == 1
        monkeypatch.setattr(outage_log, "QUIET", 0.0)
        connection.execute(text("select 1"))
        root.execute(limit.format(name(school), sql.Literal(-1)))
    database.engine.dispose()
    assert told(caplog)[1].startswith("the database has connections again after ")


FILL = """
create or replace function public.fill() returns trigger language plpgsql as $$
begin
    raise exception using errcode = '53100', message = 'No space left on device';
end $$;
create trigger fill before insert on public.paper for each row
when (new.id > 1) execute function public.fill()
"""


def test_a_full_disk_is_over_when_a_transaction_that_wrote_was_kept(
    school: Scratch, caplog: pytest.LogCaptureFixture
) -> None:
    database = school.connect(pool_size=1)
    with school.owner() as owner:
        owner.execute(
            "create table if not exists public.paper (id int); grant all on public.paper to dashboard_guest"
        )
        owner.execute(FILL)

    def write(*ids: int) -> None:
        with acting_as_nobody(database) as connection:
            for one in ids:
                connection.execute(text("insert into public.paper values (:id)"), {"id": one})

    with pytest.raises(DatabaseAway) as met:
        write(1, 2)
    assert str(met.value) == OUTAGES["53100"][0]
    ask(database)  # reading goes on, and tells nothing of it
    with pytest.raises(DatabaseAway):
        write(1, 3)
    (begun,) = told(caplog)
    assert begun.startswith(
        "the database is full (SQLSTATE 53100): The disk of the database is full"
    )
    assert "No space left on device" in begun
    write(1)
    database.engine.dispose()
    assert told(caplog)[1].startswith("the database has room again after ")
