"""What somebody tries who got a statement of their own into a query: each way out is denied, or bounded and
written down in the README's table.

The statements run as they would in a page: inside the transaction of a teacher, on the app's login.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.admitting import restore
from data.checks import findings
from data.errors import (
    LOGIN_SHUT_OUT,
    SLOW_SENTENCE,
    DatabaseAway,
    DatabaseNotReady,
    DataError,
    sqlstate,
)
from data.migrating import ADVISORY_LOCK, migrate
from data.session import acting_as
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.writing import ask
from tests.people import ADMIN, ANN, COORDINATOR, DAN, STRANGER, TEACHER

ROOT = Path(__file__).resolve().parents[2]
SEEN = text("select count(*) from public.student_module_progress")
PID = text("select pg_backend_pid()")
ME = text("select internal.me()")

DENIED = {
    "the owner's role": ["set role progress_owner"],
    "a superuser's role": ["set role postgres"],
    "a superuser's session": ["set session authorization postgres"],
    "row security off": ["set local row_security = off", "select 1 from dashboard.fact"],
    "triggers off": ["set local session_replication_role = replica"],
    "dropping a policy": ["drop policy people_see_their_students on dashboard.fact"],
    "turning row security off": ["alter table dashboard.fact disable row level security"],
    "a function of one's own": [
        "create function public.f() returns int language sql as 'select 1'"
    ],
    "a schema of one's own": ["create schema mine"],
    "a temporary table": ["create temporary table staff (id uuid)"],
    "a temporary view": ["create temporary view student as select 1"],
    "a temporary type": ["create type pg_temp.uuid as (x int)"],
    "a program": ["copy (select 1) to program 'id'"],
    "writing a file": ["copy (select 1) to '/tmp/x'"],
    "reading a file": ["select pg_read_file('/etc/passwd')"],
    "reading the server's files": ["select pg_read_binary_file('PG_VERSION')"],
    "listing files": ["select pg_ls_dir('.')"],
    "a file as a large object": ["select lo_import('/etc/passwd')"],
    "a large object as a file": ["select lo_export(1, '/tmp/x')"],
    "passwords": ["select rolpassword from pg_authid"],
    "who may connect": ["select * from pg_hba_file_rules"],
    "settings of the server": ["select pg_reload_conf()"],
    "an extension": ["create extension dblink"],
    "an untrusted language": ["create language plpython3u"],
    "the key": ["select inner_pad from internal.claims_key"],
    "rewriting the history": ["update dashboard.history set source = 'x'"],
    "rewriting a function": [
        "create or replace function internal.my_role() returns text language sql as 'select null::text'"
    ],
    "settings of the database": ["alter database {database} set search_path = public"],
    "a rule": ["create rule r as on insert to roster.student do instead nothing"],
}
"""Refused by the server: the last of the statements fails."""


@pytest.fixture(scope="module")
def shared(cluster: Cluster) -> Iterator[Scratch]:
    scratch = cluster.new_database("cast")
    yield scratch
    cluster.drop(scratch)


def attempt(school: Scratch, statements: list[str]) -> str:
    """The SQLSTATE that ended it; empty where all went through. Undone in any case."""
    database = school.app_url.split("/")[3].split("?")[0]
    try:
        with acting_as(people.actor(school.database, TEACHER)) as connection:
            for statement in statements:
                connection.exec_driver_sql(statement.replace("{database}", database))
            transaction = connection.get_transaction()
            assert transaction is not None
            transaction.rollback()
    except DBAPIError as error:
        return sqlstate(error)
    return ""


@pytest.mark.parametrize("way", DENIED)
def test_a_way_out_is_denied(shared: Scratch, way: str) -> None:
    # Not allowed; or (58P01, 0A000) what it would need is not on the server at all.
    assert attempt(shared, DENIED[way]) in {"42501", "58P01", "0A000"}


def test_as_the_login_too_each_way_out_is_denied(shared: Scratch) -> None:
    for way, statements in DENIED.items():
        refused = attempt(shared, ["reset role", *statements])
        assert refused in {"42501", "58P01", "0A000"}, way
    assert attempt(shared, ["reset role", "select 1"]) == ""  # the control


def test_laying_down_the_role_lays_down_the_rights(shared: Scratch) -> None:
    with acting_as(people.actor(shared.database, TEACHER)) as connection:
        connection.exec_driver_sql("reset role")
        assert connection.scalar(text("select current_user::text")) == "progress_app"
        with pytest.raises(DBAPIError) as refused, connection.begin_nested():
            connection.execute(SEEN)
        assert sqlstate(refused.value) == "42501"
        connection.exec_driver_sql("set local role authenticated")
        assert connection.scalar(SEEN) == 3  # herself again, by her own signature
        forged = text("select set_config('request.jwt.claims', :claims, true)")
        connection.execute(forged, {"claims": f'{{"sub": "{ADMIN}"}}'})
        assert connection.scalar(SEEN) == 0


def test_stacked_statements_do_not_pass_with_parameters(shared: Scratch) -> None:
    """Values travel apart from the statement, and the protocol takes one statement then."""
    actor = people.actor(shared.database, TEACHER)
    with pytest.raises(DBAPIError) as refused, acting_as(actor) as connection:
        connection.execute(text("select 1 where 1 = :a; select 2"), {"a": 1})
    assert sqlstate(refused.value) == "42601"


def test_what_is_set_for_the_session_is_overruled_by_the_next_person(shared: Scratch) -> None:
    database = shared.connect(pool_size=1)
    keep = text(
        "select set_config('role', 'authenticated', false), set_config('statement_timeout', '0', false), "
        "set_config('request.jwt.claims', current_setting('request.jwt.claims'), false)"
    )
    with acting_as(people.actor(database, ADMIN)) as connection:
        pid = connection.scalar(PID)
        connection.execute(keep)
    with acting_as(people.actor(database, TEACHER)) as connection:
        assert (connection.scalar(PID), connection.scalar(ME)) == (pid, TEACHER)
        assert connection.scalar(text("show statement_timeout")) == "30s"
        assert connection.scalar(SEEN) == 3
    database.engine.dispose()


LEFT = {
    "read only": "set session default_transaction_read_only = on",
    "no row security": "set session row_security = off",
    "other dates": "set session datestyle = 'German, DMY'",
    "no idling": "set session idle_in_transaction_session_timeout = '60ms'",
    "no time": "set session transaction_timeout = '60ms'",
    "a lock": "select pg_advisory_lock(1)",
    "an ear": "listen progress_changed",
    "rows": "declare kept cursor with hold for select student_id from public.student_module_progress",
    "a statement": "prepare theirs as select 1",
}
"""What a statement leaves for its session, past the end of its transaction."""

NOTHING_LEFT = text("""
select
    (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())
    + (select count(*) from pg_listening_channels())
    + (select count(*) from pg_cursors where is_holdable)
    + (select count(*) from pg_prepared_statements)
    = 0
""")


def meets(school: Scratch, left: str) -> str:
    """What the next person on the same connection meets of what was left there; empty where it is nothing."""
    database = school.connect(pool_size=1)
    try:
        with acting_as(people.actor(database, TEACHER)) as connection:
            connection.exec_driver_sql(left)
        with acting_as(people.actor(database, ADMIN)) as connection:
            time.sleep(0.08 if "timeout" in left else 0)
            connection.execute(text("select now()")).one()
            assert connection.scalar(SEEN) == 5
            assert connection.scalar(NOTHING_LEFT), "left"
            connection.execute(text("update public.student_module_progress set score = 1"))
            connection.get_transaction().rollback()  # type: ignore[union-attr]
    except (DBAPIError, DataError, NotImplementedError, AssertionError) as error:
        return f"{type(error).__name__} {error}"
    finally:
        database.engine.dispose()
    return ""


def test_what_a_statement_leaves_for_the_session_is_gone_before_the_next_person(
    shared: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = ask(shared, "select 1 from pg_settings where name = 'transaction_timeout'")
    left = {way: one for way, one in LEFT.items() if known or "transaction_timeout" not in one}
    assert {way: meets(shared, one) for way, one in left.items()} == dict.fromkeys(left, "")
    monkeypatch.setattr("data.session.CLEAN", "select 1")  # the control
    assert [way for way, one in left.items() if not meets(shared, one)] == []


# --- bounded, and written down ---


def test_others_sessions_can_be_ended_but_their_values_not_read(shared: Scratch) -> None:
    """After `reset role` it is the app's own login, which may end its own sessions: an outage, told in words,
    that loses nothing. It reads their statements; values travel apart, and claims are values."""
    other = shared.connect(pool_size=1)
    query = text("select query from pg_stat_activity where pid = :pid")
    end = text("select pg_terminate_backend(:pid, 5000)")

    def die() -> None:
        with acting_as(people.actor(other, ADMIN)) as theirs:
            pid = theirs.scalar(PID)
            theirs.execute(text("select cast(:secret as text)"), {"secret": "s3cret"})
            with acting_as(people.actor(shared.database, TEACHER)) as connection:
                assert connection.scalar(query, {"pid": pid}) == "<insufficient privilege>"
                with pytest.raises(DBAPIError) as refused, connection.begin_nested():
                    connection.execute(end, {"pid": pid})
                assert sqlstate(refused.value) == "42501"
                connection.exec_driver_sql("reset role")
                seen = str(connection.scalar(query, {"pid": pid}))
                assert seen.startswith("select cast(")
                assert "s3cret" not in seen
                assert connection.scalar(end, {"pid": pid})
            theirs.execute(text("select 1"))

    with pytest.raises(DatabaseAway):
        die()
    with acting_as(people.actor(other, ADMIN)) as theirs:  # and on it goes
        assert theirs.scalar(ME) == ADMIN
    other.engine.dispose()


TURNED = {
    "default_transaction_read_only": "on",
    "row_security": "off",
    "search_path": "''",
    "role": "anon",
    "DateStyle": "'German, DMY'",
    "idle_in_transaction_session_timeout": "'10s'",
}


def test_the_login_can_be_turned_against_the_app_which_is_found_and_put_right(
    cluster: Cluster, shared: Scratch
) -> None:
    """After `reset role` it is the app's own login, which may change itself, for good."""
    assert findings(shared.app_url, shared.key) == []  # the control
    database = shared.app_url.split("/")[3].split("?")[0]
    try:
        with acting_as(people.actor(shared.database, TEACHER)) as connection:
            connection.exec_driver_sql("reset role")
            for name, value in TURNED.items():
                connection.exec_driver_sql(f"alter role progress_app set {name} = {value}")
            connection.exec_driver_sql(
                f"alter role progress_app in database {database} set lock_timeout = '9s'"
            )
        told = [one.message for one in findings(shared.app_url, shared.key)]
        cures = {one.partition("Run: ")[2].replace('"', "").casefold() for one in told}
        assert cures == {
            f"alter role progress_app in database {database} reset lock_timeout",
            *(f"alter role progress_app reset {name}".casefold() for name in TURNED),
        }
        migrate(shared.owner_url, shared.app_url)
        assert findings(shared.app_url, shared.key) == []
    finally:
        with psycopg.connect(cluster.url("postgres", database), autocommit=True) as superuser:
            superuser.execute("alter role progress_app reset all")
            superuser.execute(f"alter role progress_app in database {database} reset all".encode())


def test_the_login_can_not_give_up_its_right_to_connect_and_gets_it_again(cluster: Cluster) -> None:
    scratch = cluster.new_database("cast")
    database = scratch.app_url.split("/")[3].split("?")[0]
    with scratch.owner() as owner:
        owner.execute(f"revoke connect on database {database} from public".encode())
        owner.execute(f"grant connect on database {database} to progress_app".encode())
        with acting_as(people.actor(scratch.database, TEACHER)) as connection:
            connection.exec_driver_sql("reset role")
            connection.exec_driver_sql("drop owned by progress_app")
            connection.exec_driver_sql(f"revoke connect on database {database} from progress_app")
        assert findings(scratch.app_url, scratch.key) == []
        owner.execute(f"revoke connect on database {database} from progress_app".encode())
    with pytest.raises(DatabaseNotReady, match=re.escape(LOGIN_SHUT_OUT)):  # the control
        findings(scratch.app_url, scratch.key)
    restore(scratch.owner_url, scratch.app_url)
    assert findings(scratch.app_url, scratch.key) == []
    cluster.drop(scratch)


def test_a_bomb_ends_at_the_time_limit(shared: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit can be raised from within; the next transaction has it again (above)."""
    monkeypatch.setattr("data.session.STATEMENT_TIMEOUT", "200ms")
    bomb = text("select count(*) from generate_series(1, 1e15)")
    slow = pytest.raises(DatabaseAway, match=re.escape(SLOW_SENTENCE))
    with slow, acting_as(people.actor(shared.database, TEACHER)) as connection:
        connection.execute(bomb)


def test_locks_of_ones_own_choice_hold_up_no_page(shared: Scratch) -> None:
    with acting_as(people.actor(shared.database, TEACHER)) as connection:
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
        with acting_as(people.actor(shared.database, ADMIN)) as theirs:
            assert theirs.scalar(SEEN) == 5
        with pytest.raises(DBAPIError) as refused, connection.begin_nested():
            connection.exec_driver_sql("lock table public.student_module_progress")
        assert sqlstate(refused.value) == "42501"


RELATIONS = text("""
select string_agg(oid::regclass::text, ',')
from pg_class
where relkind in ('r', 'v')
    and relnamespace::regnamespace::text in (
        'auth', 'dashboard', 'dashboard_migrations', 'internal', 'public', 'roster', 'school'
    )
""")

LOCK_ALL = """
do $$
declare
    relation text;
    mode text;
    taken text[] = '{}';
begin
    foreach relation in array string_to_array(current_setting('tried.relations'), ',') loop
        foreach mode in array array[
            'access share', 'row share', 'row exclusive', 'share update exclusive', 'share',
            'share row exclusive', 'exclusive', 'access exclusive'
        ] loop
            begin
                execute 'lock table ' || relation || ' in ' || mode || ' mode nowait';
                taken = taken || (mode || ' on ' || relation);
            exception when insufficient_privilege then null;
            end;
        end loop;
    end loop;
    perform set_config('tried.taken', array_to_string(taken, ','), true);
end $$
"""

LOCKED = {"dashboard.draft", "dashboard.saved_view", "dashboard.left_as_is"}
"""What people remove rows of; PostgreSQL lets whoever may do that lock the whole table, in any mode."""


@pytest.mark.parametrize("person", [ADMIN, COORDINATOR, TEACHER, ANN, STRANGER])
def test_whole_tables_are_locked_where_people_remove_rows_and_nowhere_else(
    shared: Scratch, person: UUID
) -> None:
    with shared.owner() as owner:
        ((relations,),) = owner.execute(RELATIONS.text.encode()).fetchall()
    with acting_as(people.actor(shared.database, person)) as connection:
        told = text("select set_config('tried.relations', :relations, true)")
        connection.execute(told, {"relations": relations})
        connection.exec_driver_sql(LOCK_ALL)
        taken = str(connection.scalar(text("select current_setting('tried.taken')"))).split(",")
    assert "access share on roster.student" in taken  # who reads may; it holds up nobody's page
    further = [one.partition(" on ") for one in taken if not one.startswith("access share on ")]
    assert {table for _, _, table in further} == LOCKED
    assert {table for mode, _, table in further if mode == "access exclusive"} == LOCKED


def test_whoever_listens_or_notifies_learns_and_changes_nothing(shared: Scratch) -> None:
    with psycopg.connect(shared.app_url, autocommit=True) as listening:
        listening.execute("listen progress_changed")
        with acting_as(people.actor(shared.database, TEACHER)) as connection:
            connection.exec_driver_sql("notify progress_changed, 'forged'")
        ask(
            shared,
            f"update public.student_module_progress set score = 9 where student_id = '{DAN}'",
        )
        heard = [one.payload for one in listening.notifies(timeout=5, stop_after=2)]
    assert set(heard) == {"forged", ""}


def test_a_large_object_can_be_made_and_holds_nothing_of_ours(shared: Scratch) -> None:
    assert attempt(shared, ["select lo_from_bytea(0, 'x')"]) == ""
    assert ask(shared, "select 1 from pg_largeobject_metadata") == []


def test_every_promise_in_the_readme_names_a_test_that_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Security")[1].split("\n## ")[0]
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", section))
    assert {"tests/rls/test_escapes.py", "tests/rls/test_matrix.py"} <= named
    assert [file for file in named if not (ROOT / file).exists()] == []
