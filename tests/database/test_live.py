"""Whoever shows a class hears of its changes, with LISTEN or without, after a restart too."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import tuple_row

from dashboard.web import connections
from dashboard.web import live as stream
from data.access.session import Actor, connect
from data.reading import live
from data.reading.live import Listener, bell
from data.rules.progress import Field
from data.writing.locks import lock, unlock
from tests import people
from tests.clusters import Scratch
from tests.machine import ran, slower

Act = Callable[[UUID], Actor]


class Ear:
    """Collects what it is told, and waits for it."""

    def __init__(self) -> None:
        self.heard: set[UUID] = set()
        self.changed = threading.Event()

    def __call__(self, classes: frozenset[UUID]) -> None:
        self.heard |= classes
        self.changed.set()


def write(school: Scratch, student: UUID) -> None:
    with school.owner() as owner:
        owner.execute(
            "update public.student_module_progress set last_updated = clock_timestamp() "
            "where student_id = %s",
            (student,),
        )


def superuser(school: Scratch) -> psycopg.Connection[tuple[int]]:
    url = school.owner_url.replace("progress_owner@", "postgres@")
    return psycopg.connect(url, autocommit=True, row_factory=tuple_row)


def listening(school: Scratch) -> set[int]:
    """The sessions that listen: each has looked once, and hears whatever is written from now on."""
    with superuser(school) as admin:
        found = admin.execute(
            "select pid from pg_stat_activity "
            "where datname = current_database() and query = 'listen progress_changed'"
        ).fetchall()
    return {pid for (pid,) in found}


@contextmanager
def hearing(school: Scratch, ear: Ear, listener: Listener | None = None) -> Iterator[None]:
    """`ear` subscribed, and its listener at work."""
    before = listening(school)
    with (listener or Listener(school.database)).subscription(ear):
        assert wait_until(lambda: bool(listening(school) - before), 30)
        yield


def wait_until(is_so: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds * slower()
    while time.monotonic() < deadline and not is_so():
        time.sleep(0.02)
    return is_so()


def test_a_change_is_heard_by_class_within_seconds(school: Scratch) -> None:
    ear = Ear()
    with hearing(school, ear):
        write(school, people.ANN)
        assert ear.changed.wait(3 * slower())
        assert ear.heard == {people.CLASS_1A}
        write(school, people.DAN)
        assert wait_until(lambda: people.CLASS_SOUTH in ear.heard)


def test_locking_and_unlocking_are_heard_once(school: Scratch, act: Act) -> None:
    cora, ear = act(people.COORDINATOR), Ear()
    with hearing(school, ear):
        assert lock(cora, people.ANN, people.COURSE, [Field.STATUS], "Shown in person") is None
        assert wait_until(lambda: ear.heard == {people.CLASS_1A})
        time.sleep(1.5)
        ear.heard.clear()
        time.sleep(1.5)
        assert ear.heard == set()  # looked at again, not told again
        assert unlock(cora, people.ANN, people.COURSE) is None
        assert wait_until(lambda: ear.heard == {people.CLASS_1A})


NORTH_1A = {people.NORTH, people.CLASS_1A}

ROSTER_CHANGES: dict[str, tuple[str, set[UUID]]] = {
    "a name is corrected": (
        f"update school.student set full_name = 'Anna' where id = '{people.ANN}'",
        NORTH_1A,
    ),
    "somebody joins": (
        f"insert into school.class_student values ('{people.CLASS_1A}', '{people.CLEO}')",
        NORTH_1A,
    ),
    "somebody leaves": (
        f"delete from school.class_student where student_id = '{people.BEN}'",
        NORTH_1A,
    ),
    "it is archived": (
        f"update school.class set archived_at = now() where id = '{people.CLASS_1A}'",
        NORTH_1A,
    ),
    "modules are in another order": (
        f"update school.class_module set position = position + 9 where class_id = '{people.CLASS_1A}'",
        NORTH_1A,
    ),
    "a module is renamed": (
        f"update public.modules set name = 'Another' where id = '{people.COURSE}'",
        {live.MODULES, people.CLASS_1A, people.CLASS_1B, people.CLASS_SOUTH},
    ),
    "a colleague comes": (
        "insert into auth.users (id) values ('00000000-0000-4000-8000-000000000077'); "
        "insert into school.staff (id, organisation_id, full_name, email, role) values "
        f"('00000000-0000-4000-8000-000000000077', '{people.SOUTH}', 'New', 'new@example.org', 'teacher')",
        {people.SOUTH},
    ),
}


@pytest.mark.parametrize("what", ROSTER_CHANGES)
def test_a_change_of_the_roster_is_heard_where_it_is_seen_and_nowhere_else(
    school: Scratch, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(live, "LOOK_EVERY", 60.0)  # woken, not looked by itself
    statement, places = ROSTER_CHANGES[what]
    ear = Ear()
    with hearing(school, ear):
        with school.owner() as owner:
            owner.execute(statement.encode())
        assert ear.changed.wait(3 * slower())
        assert ear.heard == places


def test_what_belongs_to_no_organisation_is_told_to_nobody_who_manages_one(
    school: Scratch,
) -> None:
    ear = Ear()
    with hearing(school, ear):
        with school.owner() as owner:
            owner.execute("update school.staff set full_name = 'Eve' where organisation_id is null")
        write(school, people.DAN)
        assert wait_until(lambda: people.CLASS_SOUTH in ear.heard)
        assert ear.heard == {people.CLASS_SOUTH}


def test_who_manages_a_roster_hears_of_it_and_nobody_else(act: Act) -> None:
    assert live.rosters_of(act(people.COORDINATOR)) == {people.NORTH, live.MODULES}
    assert live.rosters_of(act(people.ADMIN)) == {people.NORTH, people.SOUTH, live.MODULES}
    for person in (people.TEACHER, people.VIEWER, people.DISABLED, people.ANN, people.STRANGER):
        assert not live.rosters_of(act(person))


def test_one_save_wakes_once_however_many_rows_it_has(school: Scratch) -> None:
    with (
        school.owner() as owner,
        psycopg.connect(school.app_url, autocommit=True) as listener,
    ):
        woken: list[object] = []
        listener.add_notify_handler(woken.append)
        listener.execute("listen progress_changed")
        with owner.transaction():
            owner.execute("update school.student set full_name = full_name || '!'")
            owner.execute("update school.staff set full_name = full_name || '!'")
        # It was sent before the commit was answered: the answer to anything brings it along.
        for _ in range(3):
            listener.execute("select")
    assert len(woken) == 1


def test_a_notify_wakes_the_listener_before_its_next_look(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK_EVERY", 60.0)
    ear = Ear()
    with hearing(school, ear):
        write(school, people.ANN)
        assert ear.changed.wait(3 * slower())


def test_it_listens_where_the_url_names_several_hosts(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As SQLAlchemy writes them, which libpq would not understand."""
    monkeypatch.setattr(live, "LOOK_EVERY", 60.0)
    several = school.app_url.replace("?host=", "?host=/nowhere&host=")
    database, ear = connect(several, key=school.key, pool_size=1), Ear()
    with hearing(school, ear, Listener(database)):
        write(school, people.ANN)
        assert ear.changed.wait(3 * slower())
    database.engine.dispose()


def test_without_listen_it_looks_by_itself(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()

    def refuse(*_: object, **__: object) -> None:
        looked.set()
        raise psycopg.OperationalError("no LISTEN here")

    monkeypatch.setattr(bell.Bell, "_listening", refuse)
    ear = Ear()
    with Listener(school.database).subscription(ear):
        assert looked.wait(30)
        write(school, people.ANN)
        assert ear.changed.wait(3 * slower())


def test_it_goes_on_after_its_connections_were_killed(school: Scratch) -> None:
    ear = Ear()
    with hearing(school, ear):
        with superuser(school) as admin:
            admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where usename = 'progress_app' and datname = current_database()"
            )
        time.sleep(0.2)
        write(school, people.ANN)
        assert ear.changed.wait(5 * slower())


def test_it_watches_while_it_is_kept_though_nobody_follows_anything(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_open, asked = threading.Event(), threading.Event()
    is_open.set()
    listener = Listener(school.database)
    monkeypatch.setattr(listener, "_refresh", asked.set)
    listener.keep(is_open.is_set)
    thread = listener._thread
    listener.keep(is_open.is_set)
    assert listener._thread is thread is not None
    assert asked.wait(30)
    is_open.clear()
    assert wait_until(lambda: listener._thread is None)


def test_it_watches_on_for_a_while_for_a_page_that_is_loaded_anew(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LINGERS", 600.0)
    listener, is_open = Listener(school.database), threading.Event()
    is_open.set()
    assert listener.keep(is_open.is_set)
    thread = listener._thread
    is_open.clear()
    before = now(school)
    write(school, people.ANN)
    assert wait_until(lambda: listener.may_have_changed(frozenset({people.CLASS_1A}), before))
    is_open.set()
    assert not listener.keep(is_open.is_set)
    assert listener._thread is thread
    is_open.clear()
    monkeypatch.setattr(live, "LINGERS", 0.0)
    assert wait_until(lambda: listener._thread is None)


def test_the_database_that_was_opened_last_is_the_one_that_is_told_of(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_open = threading.Event()
    is_open.set()
    monkeypatch.setattr(stream, "_listeners", {})
    monkeypatch.setattr(stream, "_is_open", lambda _: is_open.is_set())
    first, second = school.connect(pool_size=1), school.connect(pool_size=1)
    other = Listener(first)
    stream._listeners[first] = other
    with hearing(school, Ear(), other):
        stream.keep_up(second)
        assert [*stream._listeners] == [first, second]
        assert stream.served() == (second, stream._listeners[second])
    assert wait_until(lambda: other.age() is None)
    stream.keep_up(second)
    assert [*stream._listeners] == [second]
    is_open.clear()
    assert wait_until(lambda: stream._listeners[second].age() is None)


def test_nobody_is_told_after_leaving_and_the_thread_ends(school: Scratch) -> None:
    ear = Ear()
    listener = Listener(school.database)
    with hearing(school, ear, listener):
        pass
    write(school, people.ANN)
    assert wait_until(lambda: listener._thread is None)
    assert not ear.heard
    with hearing(school, ear, listener):
        write(school, people.ANN)
        assert ear.changed.wait(3 * slower())


def now(school: Scratch) -> datetime:
    with school.owner() as owner:
        row = owner.execute("select clock_timestamp()").fetchone()
    assert row
    return row[0]  # type: ignore[return-value]


def test_who_subscribes_after_reading_hears_of_what_changed_between(school: Scratch) -> None:
    ear, listener = Ear(), Listener(school.database)
    mine, other = frozenset({people.CLASS_1A}), frozenset({people.CLASS_SOUTH})
    with hearing(school, ear, listener):
        read = now(school)
        assert not listener.may_have_changed(mine, read)
        write(school, people.ANN)
        assert ear.changed.wait(5 * slower())
        assert listener.may_have_changed(mine, read)
        assert not listener.may_have_changed(other, read)
        assert not listener.may_have_changed(mine, now(school))
        # So long ago that it is not known any more.
        assert listener.may_have_changed(other, read - 2 * live.LOOK_BACK_TIME)


def test_what_was_read_before_anybody_watched_may_have_changed(school: Scratch) -> None:
    listener, mine = Listener(school.database), frozenset({people.CLASS_1A})
    read = now(school)
    assert listener.may_have_changed(mine, read)
    is_open = threading.Event()
    is_open.set()
    assert listener.keep(is_open.is_set)  # once it has looked
    assert listener.may_have_changed(mine, read)
    assert not listener.may_have_changed(mine, now(school))
    assert not listener.keep(is_open.is_set)  # it watches already
    is_open.clear()
    assert wait_until(lambda: listener._thread is None)


def test_where_the_database_is_away_nothing_is_said_to_be_watched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listener = Listener(connect("postgresql://127.0.0.1:9/nowhere", pool_size=1))
    is_open = threading.Event()
    is_open.set()
    assert not listener.keep(is_open.is_set)
    is_open.clear()
    assert wait_until(lambda: listener._thread is None, 30)


@pytest.mark.parametrize("has_changed", [True, False])
def test_a_stream_begins_with_what_changed_since_its_page_was_read(
    school: Scratch, monkeypatch: pytest.MonkeyPatch, has_changed: bool
) -> None:
    monkeypatch.setattr(connections, "people", lambda _: [object()])
    monkeypatch.setattr(stream, "HEARTBEAT", 0.2)
    ear, listener = Ear(), Listener(school.database)

    monkeypatch.setattr(stream, "GLANCE", 0.1)

    async def first(since: datetime) -> list[str]:
        hints = stream._hints(listener, frozenset({people.CLASS_1A}), "", since)
        return [await anext(hints) for _ in range(3)]

    with hearing(school, ear, listener):
        before = now(school)
        write(school, people.ANN)
        assert ear.changed.wait(5 * slower())
        told = ran(first(before if has_changed else now(school)))
    hint = "data: changed\n\n" if has_changed else ": still here\n\n"
    assert told == [": open\n\n", "event: fresh\ndata: now\n\n", hint]


def test_a_listener_is_fresh_while_the_database_answers(
    school: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "FRESH", 2.0 * slower())
    listener = Listener(school.database)
    with hearing(school, Ear(), listener):
        assert listener.is_fresh
        with monkeypatch.context() as stalled:
            look = Listener._look

            def slowly(*given: Any) -> Any:
                time.sleep(4 * slower())
                return look(*given)

            stalled.setattr(Listener, "_look", slowly)
            assert wait_until(lambda: not listener.is_fresh, 6)
        assert wait_until(lambda: listener.is_fresh, 20)
    assert wait_until(lambda: listener.age() is None, 20)
    listener.ping()
    assert listener.is_fresh
    with superuser(school) as admin:
        admin.execute("create role shut_out login")
    shut_out = school.app_url.replace("progress_app@", "shut_out@")
    not_ours = Listener(connect(shut_out, pool_size=1))
    not_ours.ping()  # whoever asks goes on asking
    assert not_ours.is_fresh
    not_ours._database.engine.dispose()
    with superuser(school) as admin:
        admin.execute("drop role shut_out")
    away = Listener(connect("postgresql://127.0.0.1:9/nowhere", pool_size=1))
    assert away.is_fresh  # nothing else is known
    away.ping()
    assert not away.is_fresh
    with away.subscription(Ear()):
        assert wait_until(lambda: not away.is_fresh, 20)
