"""What somebody tries who got a statement of their own into a query: each way out is denied, or bounded and
written down in the table of .github/SECURITY.md.

The statements run as they would in a page: inside the transaction of a teacher, on the app's login.
"""

import re
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.errors import SLOW_SENTENCE, DatabaseAway, sqlstate
from data.access.session import acting_as
from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.people import ADMIN, COORDINATOR, COURSE, DAN, TEACHER

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
        connection.exec_driver_sql("set local role dashboard_person")
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


def test_a_bomb_ends_at_the_time_limit(shared: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit can be raised from within; the next transaction has it again (above)."""
    monkeypatch.setattr("data.access.session.STATEMENT_TIMEOUT", "200ms")
    bomb = text("select count(*) from generate_series(1, 1e15)")
    slow = pytest.raises(DatabaseAway, match=re.escape(SLOW_SENTENCE))
    with slow, acting_as(people.actor(shared.database, TEACHER)) as connection:
        connection.execute(bomb)


def test_whoever_listens_or_notifies_learns_and_changes_nothing(shared: Scratch) -> None:
    with psycopg.connect(shared.app_url, autocommit=True) as listening:
        listening.execute("listen progress_changed")
        with acting_as(people.actor(shared.database, TEACHER)) as connection:
            connection.exec_driver_sql("notify progress_changed, 'forged'")
        ask(
            shared,
            f"update public.student_module_progress set score = 9 where student_id = '{DAN}'",
        )
        heard = [one.payload for one in listening.notifies(timeout=60, stop_after=2)]
    assert set(heard) == {"forged", ""}


def test_a_large_object_can_be_made_and_holds_nothing_of_ours(shared: Scratch) -> None:
    assert attempt(shared, ["select lo_from_bytea(0, 'x')"]) == ""
    assert ask(shared, "select 1 from pg_largeobject_metadata") == []


GUESSED = {
    "progress": "insert into public.student_module_progress (student_id, module_id) "
    "values ('{one}', '{course}')",
    "progress, met": "insert into public.student_module_progress (student_id, module_id) "
    "values ('{one}', '{course}') on conflict do nothing",
    "a lock": "insert into dashboard.lock (student_id, module_id, fields, reason) "
    "values ('{one}', '{course}', '{{score}}', 'x')",
    "a finding": "insert into dashboard.dismissal (rule, student_id, module_id, values_digest) "
    "values ('x', '{one}', '{course}', repeat('0', 32))",
    "a record": "select dashboard.disclose('look', '{{{one}}}', null)",
    "all stored data": "select 1 / count(*) from dashboard.all_stored_data('{one}')",
}
"""What a refusal could betray: that there is such a row."""


@pytest.mark.parametrize("what", GUESSED)
def test_of_what_one_may_not_see_a_refusal_says_no_more_than_of_what_is_not_there(
    shared: Scratch, what: str
) -> None:
    def told(person: UUID, student: UUID) -> str:
        actor = people.actor(shared.database, person)
        with pytest.raises(DBAPIError) as refused, acting_as(actor) as connection:
            connection.exec_driver_sql(GUESSED[what].format(one=student, course=COURSE))
        return str(refused.value.orig)

    absent = UUID(int=255)
    for person in (TEACHER, COORDINATOR):
        assert told(person, DAN) == told(person, absent) != ""


def test_the_servers_own_figures_tell_how_many_rows_there_are_and_none_of_their_values(
    shared: Scratch,
) -> None:
    """Those of the whole school, in its tables' sizes; what each says is for nobody who may not read it."""
    ask(shared, "analyze")
    values = text(
        "select count(*) from pg_stats where schemaname in ('school', 'dashboard', 'internal', 'auth')"
        " or tablename = 'student_module_progress'"
    )
    counted = text("select reltuples from pg_class where oid = 'dashboard.history'::regclass")
    with acting_as(people.actor(shared.database, TEACHER)) as connection:
        assert connection.scalar(values) == 0
        assert connection.scalar(counted) > 0
        numbers = text("select count(last_value) from pg_sequences where schemaname = 'dashboard'")
        assert connection.scalar(numbers) == 0
    with shared.owner() as owner:  # the control
        assert owner.execute(str(values).encode()).fetchone() != (0,)
