"""What a statement of somebody's own leaves behind: for its session, where it is gone before the next person,
and for the app's login, where it is found and put right.
"""

import re
import time

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data.access.errors import DatabaseNotReady, DataError
from data.access.outage_words import LOGIN, SHUT_OUT
from data.access.session import acting_as
from data.database.app_login import restore
from data.database.migrate import migrate
from data.database.preflight import faults
from tests import people
from tests.clusters import Cluster, Scratch
from tests.database.rows_as_owner import ask
from tests.people import ADMIN, TEACHER

SEEN = text("select count(*) from public.student_module_progress")
PID = text("select pg_backend_pid()")
ME = text("select internal.me()")


def test_what_is_set_for_the_session_is_overruled_by_the_next_person(
    shared: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "data.access.session.CLEAN", "select 1"
    )  # by what each transaction begins with alone
    database = shared.connect(pool_size=1)
    keep = text(
        "select set_config('role', 'dashboard_person', false), set_config('statement_timeout', '0', false), "
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
    monkeypatch.setattr("data.access.session.CLEAN", "select 1")  # the control
    # Dates each transaction says for itself too.
    assert [way for way, one in left.items() if not meets(shared, one)] == ["other dates"]


TURNED = {
    "default_transaction_read_only": "on",
    "row_security": "off",
    "search_path": "''",
    "role": "dashboard_guest",
    "DateStyle": "'German, DMY'",
    "idle_in_transaction_session_timeout": "'10s'",
}


def test_the_login_can_be_turned_against_the_app_which_is_found_and_put_right(
    cluster: Cluster, shared: Scratch
) -> None:
    """After `reset role` it is the app's own login, which may change itself, for good."""
    assert faults(shared.app_url, shared.key) == []  # the control
    database = shared.app_url.split("/")[3].split("?")[0]
    try:
        with acting_as(people.actor(shared.database, TEACHER)) as connection:
            connection.exec_driver_sql("reset role")
            for name, value in TURNED.items():
                connection.exec_driver_sql(f"alter role progress_app set {name} = {value}")
            connection.exec_driver_sql(
                f"alter role progress_app in database {database} set lock_timeout = '9s'"
            )
        told = [one.message for one in faults(shared.app_url, shared.key)]
        cures = {one.partition("Run: ")[2].replace('"', "").casefold() for one in told}
        assert cures == {
            f"alter role progress_app in database {database} reset lock_timeout",
            *(f"alter role progress_app reset {name}".casefold() for name in TURNED),
        }
        migrate(shared.owner_url, shared.app_url)
        assert faults(shared.app_url, shared.key) == []
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
        assert faults(scratch.app_url, scratch.key) == []
        owner.execute(f"revoke connect on database {database} from progress_app".encode())
    with pytest.raises(DatabaseNotReady, match=re.escape(LOGIN[SHUT_OUT])):  # the control
        faults(scratch.app_url, scratch.key)
    restore(scratch.owner_url, scratch.app_url)
    assert faults(scratch.app_url, scratch.key) == []
    cluster.drop(scratch)
