"""From nothing to the current schema, once and all or nothing; and the table is the contract to the letter."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from data.access.errors import DatabaseAway, DatabaseNotReady, DataError
from data.database import migrate as migrating
from data.database.migrate import head, is_known, migrate, revision
from tests.clusters import Cluster, Scratch

ROOT = Path(__file__).resolve().parents[2]


def ask(url: str, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        return cursor.fetchall() if cursor.description else []


def schemas(url: str) -> set[str]:
    found = ask(url, "select nspname from pg_namespace where nspname !~ '^pg_'")
    return {name for (name,) in found} - {"information_schema"}


EVERYTHING = """
select 'relation', oid, relname::text from pg_class where relnamespace::regnamespace::text !~ '^pg_'
union all select 'function', oid, proname::text from pg_proc where pronamespace::regnamespace::text !~ '^pg_'
union all select 'policy', oid, polname::text from pg_policy
union all select 'trigger', oid, tgname::text from pg_trigger
order by 1, 2
"""

SCHEMAS = {"public", "auth", "school", "roster", "dashboard", "internal", "dashboard_migrations"}


@pytest.fixture
def empty(cluster: Cluster) -> tuple[str, str]:
    cluster.drop(cluster.new_database())  # the roles are there
    return cluster.empty_database()


def test_an_empty_database_comes_to_the_head(empty: tuple[str, str]) -> None:
    owner, app = empty
    assert schemas(owner) == {"public"}
    assert migrate(owner, app) == head()
    assert schemas(owner) == SCHEMAS
    engine = create_engine(make_url(app).set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        assert revision(connection) == head()
    engine.dispose()


def test_migrating_again_changes_nothing(school: Scratch) -> None:
    before = ask(school.owner_url, EVERYTHING)
    rows = "select * from public.student_module_progress order by 1, 2"
    kept = ask(school.owner_url, rows)
    assert migrate(school.owner_url, school.app_url) == head()
    assert ask(school.owner_url, EVERYTHING) == before
    assert ask(school.owner_url, rows) == kept != []


def test_two_at_once_both_end_at_the_head(empty: tuple[str, str]) -> None:
    with ThreadPoolExecutor(3) as threads:
        ended = list(threads.map(lambda _: migrate(*empty), range(3)))
    assert ended == [head()] * 3
    versions = ask(empty[0], "select version_num from dashboard_migrations.alembic_version")
    assert versions == [(head(),)]


def test_two_databases_of_one_server_at_once(cluster_15: Cluster) -> None:
    cluster_15.drop(cluster_15.new_database())
    databases = [cluster_15.empty_database() for _ in range(3)]
    program = "import sys; from data.database.migrate import migrate; print(migrate(*sys.argv[1:]))"
    processes = [
        subprocess.Popen([sys.executable, "-c", program, *urls], stdout=subprocess.PIPE, cwd=ROOT)
        for urls in databases
    ]
    said = [process.communicate(timeout=60)[0].decode().strip() for process in processes]
    assert said == [head()] * 3


def test_a_migration_that_waits_too_long_gives_up_in_words(
    empty: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(empty[0]) as other:
        other.execute("select pg_advisory_xact_lock(%s)", (migrating.ADVISORY_LOCK,))
        monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "200ms")
        with pytest.raises(DatabaseAway, match="nothing was changed"):
            migrate(*empty)
    assert schemas(empty[0]) == {"public"}


def test_a_progress_table_of_somebody_elses_is_refused_and_left_alone(
    empty: tuple[str, str],
) -> None:
    owner, app = empty
    ask(owner, "create table public.student_module_progress (id integer)")
    ask(owner, "insert into public.student_module_progress values (1)")
    before = ask(owner, EVERYTHING)
    with pytest.raises(DatabaseNotReady, match="already has a student_module_progress table"):
        migrate(owner, app)
    assert ask(owner, EVERYTHING) == before
    assert schemas(owner) == {"public"}
    assert ask(owner, "select * from public.student_module_progress") == [(1,)]


def test_any_other_table_in_the_way_is_told_in_words_and_left_alone(
    empty: tuple[str, str],
) -> None:
    owner, app = empty
    ask(owner, "create table public.modules (id integer)")
    before = ask(owner, EVERYTHING)
    with pytest.raises(DataError, match=r"nothing was changed.*modules"):
        migrate(owner, app)
    assert ask(owner, EVERYTHING) == before


def test_an_owner_who_may_create_nothing_is_told_in_words(
    cluster: Cluster, empty: tuple[str, str]
) -> None:
    name = empty[0].split("/")[3].split("?")[0]
    with pytest.raises(DataError, match=r"nothing was changed.*permission denied"):
        migrate(cluster.url("progress_app", name), cluster.url("progress_other", name))
    assert schemas(empty[0]) == {"public"}


@pytest.mark.usefixtures("altered")
def test_a_newer_database_is_refused_in_words(school: Scratch) -> None:
    newer = "update dashboard_migrations.alembic_version set version_num = '9999_x', serves_since = '9999_x'"
    ask(school.owner_url, newer)
    before = ask(school.owner_url, EVERYTHING)
    with pytest.raises(DatabaseNotReady, match="newer release"):
        migrate(school.owner_url, school.app_url)
    assert ask(school.owner_url, EVERYTHING) == before
    assert ask(
        school.owner_url, "select version_num from dashboard_migrations.alembic_version"
    ) == [("9999_x",)]
    assert is_known(head())
    assert not is_known("9999_x")


@pytest.mark.parametrize(
    "url", ["postgresql://u@/db?host=/nowhere", "postgresql://u@127.0.0.1:1/db"]
)
def test_a_database_that_is_not_there_is_told_in_words(url: str) -> None:
    with pytest.raises(DatabaseAway, match="nothing was changed"):
        migrate(url, url)


# --- who owns what, and the app's login ---


def test_an_owner_without_superpowers_owns_everything(fresh_database: Scratch) -> None:
    attributes = (
        "select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = current_user"
    )
    assert ask(fresh_database.owner_url, attributes) == [(False, False, False)]
    owners = ask(
        fresh_database.owner_url,
        "select distinct relowner::regrole::text from pg_class "
        "join pg_namespace on pg_namespace.oid = relnamespace where nspname in "
        "('public', 'auth', 'school', 'roster', 'dashboard', 'internal', 'dashboard_migrations')",
    )
    assert owners == [("progress_owner",)]


def test_the_login_is_made_with_what_it_needs_and_no_more(
    cluster: Cluster, empty: tuple[str, str]
) -> None:
    owner, app = empty
    login = app.replace("progress_app@", "made%20here:s3cr%27et%25@")
    migrate(owner, login)
    assert ask(
        owner,
        "select rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, "
        "rolreplication from pg_roles where rolname = 'made here'",
    ) == [(True, False, False, False, False, False, False)]
    assert ask(owner, "select 1 from pg_class where relowner = '\"made here\"'::regrole") == []
    member = "select rolname from pg_roles where pg_has_role('made here', oid, 'member') order by 1"
    assert ask(owner, member) == [("dashboard_guest",), ("dashboard_person",), ("made here",)]
    assert ask(login, "select current_user") == [("made here",)]
    with psycopg.connect(login) as connection:
        for refused in ("create table public.mine (id int)", "create schema mine",
                        "set role progress_owner", "select 1 from school.student"):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused.encode())
            connection.rollback()
    # A second time it is known, and keeps its password.
    assert migrate(owner, login) == head()
    with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as connection:
        password = "select rolpassword from pg_authid where rolname = 'made here'"
        assert str(connection.execute(password.encode()).fetchone()).startswith("('SCRAM-SHA-256")


@pytest.mark.parametrize(
    ("login", "words"),
    [
        ("postgresql://progress_owner@/{}?host=x", "same user"),
        ("postgresql:///{}?host=x", "names no user"),
    ],
)
def test_a_login_that_cannot_be_is_refused_and_nothing_is_left(
    empty: tuple[str, str], login: str, words: str
) -> None:
    with pytest.raises(DataError, match=words):
        migrate(empty[0], login.format("db"))
    assert schemas(empty[0]) == {"public"}


# --- the contract ---

COLUMNS = [
    # PLATFORM.md: column, type, null, default
    ("student_id", "uuid", "uuid", "NO", None),
    ("module_id", "uuid", "uuid", "NO", None),
    ("status", "USER-DEFINED", "progress_status", "NO", "'NotStarted'::progress_status"),
    ("score", "numeric", "numeric", "YES", None),
    ("progress_details", "jsonb", "jsonb", "YES", None),
    ("last_updated", "timestamp with time zone", "timestamptz", "NO", "now()"),
    ("completed_at", "timestamp with time zone", "timestamptz", "YES", None),
    ("progress_percentage", "integer", "int4", "YES", None),
]


def test_the_table_is_the_contract(fresh_database: Scratch) -> None:
    owner = fresh_database.owner_url
    table = "table_schema = 'public' and table_name = 'student_module_progress'"
    found = ask(
        owner,
        "select column_name, data_type, udt_name, is_nullable, replace(column_default, 'public.', '') "
        f"from information_schema.columns where {table} order by ordinal_position",
    )
    assert found == COLUMNS
    precise = ask(
        owner,
        "select numeric_precision, numeric_scale from information_schema.columns "
        f"where {table} and column_name = 'score'",
    )
    assert precise == [(None, None)]
    values = "select enum_range(null::public.progress_status)::text[]"
    assert ask(owner, values) == [(["NotStarted", "InProgress", "Completed"],)]
    constraints = ask(
        owner,
        "select contype::text, pg_get_constraintdef(oid) from pg_constraint "
        "where conrelid = 'public.student_module_progress'::regclass and contype <> 'n' order by 1, 2",
    )
    assert constraints == [
        ("c", "CHECK (((progress_percentage >= 0) AND (progress_percentage <= 100)))"),
        ("f", "FOREIGN KEY (module_id) REFERENCES modules(id)"),
        ("f", "FOREIGN KEY (student_id) REFERENCES auth.users(id)"),
        ("p", "PRIMARY KEY (student_id, module_id)"),
    ]
    assert ask(
        owner,
        "select relrowsecurity, relforcerowsecurity, relkind::text from pg_class "
        "where oid = 'public.student_module_progress'::regclass",
    ) == [(True, False, "r")]


def test_every_table_of_ours_that_people_reach_has_row_level_security(
    fresh_database: Scratch,
) -> None:
    reachable = ask(
        fresh_database.owner_url,
        "select oid::regclass::text, relrowsecurity from pg_class where relkind in ('r', 'p') "
        "and relnamespace::regnamespace::text in ('public', 'dashboard', 'school', 'internal', 'auth') "
        "and has_any_column_privilege('dashboard_person', oid, 'select')",
    )
    assert {name for name, _ in reachable} == {
        "student_module_progress",
        "dashboard.batch",
        "dashboard.erasure",
        "dashboard.fact",
        "dashboard.history",
        "dashboard.saved_view",
        "dashboard.lock",
        "dashboard.lock_attempt",
        "dashboard.draft",
        "dashboard.dismissal",
        "dashboard.note",
        "dashboard.flag_response",
        "dashboard.class_target",
        *("dashboard.attention_change", "dashboard.holiday"),
        "dashboard.roster_batch",
        "dashboard.roster_change",
        *("organisations", "modules", "lessons"),
        *("school.student", "school.staff", "school.class", "school.class_student"),
        *("school.class_teacher", "school.class_module", "school.retired_module"),
        *("school.source_id", "school.roster_lock", "school.retention", "school.digest"),
    }
    assert all(secured for _, secured in reachable)


def test_functions_that_run_as_the_owner_have_a_fixed_search_path(fresh_database: Scratch) -> None:
    found = ask(
        fresh_database.owner_url,
        "select oid::regprocedure::text, coalesce(array_to_string(proconfig, ';'), '') from pg_proc "
        "where prosecdef and pronamespace::regnamespace::text in ('internal', 'dashboard', 'auth')",
    )
    assert len(found) > 5
    assert [name for name, config in found if 'search_path=""' not in config] == []
