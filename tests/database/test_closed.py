"""Whatever the server gives away by default, what we make is ours: only our roles have rights on it."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from data.database import claims_keys
from data.database.migrate import migrate
from data.database.preflight import faults
from data.database.schema_drift import drift
from tests import people
from tests.clusters import Scratch
from tests.database.hosts import generous_database, host
from tests.database.test_migrations import ask

OPEN = """
with made as (
    select oid, relkind, relnamespace as schema, oid::regclass::text as name
    from pg_class
    where relkind in ('r', 'v', 'S', 'm', 'p')
),
given as (
    select
        schema,
        name,
        has_table_privilege(role, oid, 'select, insert, update, delete, truncate, references, trigger')
            or has_any_column_privilege(role, oid, 'select, insert, update, references') as is_given
    from made
    cross join unnest(array['anon', 'authenticated', 'service_role', 'reporting']) as role
    where relkind <> 'S'
    union all
    select schema, name, has_sequence_privilege(role, oid, 'usage, select, update')
    from made
    cross join unnest(array['anon', 'authenticated', 'service_role', 'reporting']) as role
    where relkind = 'S'
    union all
    select pronamespace, oid::regprocedure::text, has_function_privilege(role, oid, 'execute')
    from pg_proc
    cross join unnest(array['anon', 'authenticated', 'service_role', 'reporting']) as role
    union all
    select oid, 'schema ' || nspname, has_schema_privilege(role, oid, 'usage, create')
    from pg_namespace
    cross join unnest(array['anon', 'authenticated', 'service_role', 'reporting']) as role
)
select distinct name
from given
where schema::regnamespace::text in (
        'auth', 'dashboard', 'dashboard_migrations', 'internal', 'public', 'roster', 'school'
    )
    and is_given
order by 1
"""

EVERYBODYS = {
    "dashboard_migrations.alembic_version",
    "schema dashboard_migrations",
    "schema public",  # the host's own
}

NOT_SECURED = """
select oid::regclass::text
from pg_class
where relkind in ('r', 'p')
    and not relrowsecurity
    and relnamespace::regnamespace::text in (
        'auth', 'dashboard', 'dashboard_migrations', 'internal', 'public', 'roster', 'school'
    )
"""

READABLE = (
    "public.organisations",
    "public.modules",
    "public.lessons",
    "public.student_module_progress",
    "auth.users",
    "school.student",
    "dashboard.history",
)

GIVEN_AGAIN = (
    "grant select on public.modules to anon",
    "grant truncate on public.lessons to authenticated",
    "grant select (name) on public.organisations to public",
    "grant select on dashboard.history to authenticated",
    "grant select on roster.student to anon",
    "grant usage on sequence dashboard.history_id_seq to anon",
    "grant execute on function dashboard.newest_change() to authenticated",
    "grant usage on schema internal to anon",
    "grant select on dashboard.history to service_role",
    "grant select on internal.claims_key to reporting",
    "grant update on dashboard_migrations.alembic_version to anon",
)


@pytest.fixture(scope="module", params=["18", "15"], ids=["pg18", "pg15"])
def generous(request: pytest.FixtureRequest) -> Iterator[Scratch]:
    with host(request.param) as cluster:
        owner, app = generous_database(cluster)
        migrate(owner, app)
        people.load(owner)
        scratch = Scratch(owner, app, None, claims_keys.present_key(owner))  # type: ignore[arg-type]
        yield scratch


def test_nothing_is_open_to_the_hosts_roles(generous: Scratch) -> None:
    assert {name for (name,) in ask(generous.owner_url, OPEN)} == EVERYBODYS
    assert ask(generous.owner_url, NOT_SECURED) == []
    assert faults(generous.app_url, generous.key) == []


def test_what_they_are_refused_is_there(generous: Scratch) -> None:
    root = generous.owner_url.replace("progress_owner@", "postgres@")
    for table in READABLE:
        count = f"select count(*) from {table}"
        ((there,),) = ask(generous.owner_url, count)
        assert there > 0, table
        for role in ("anon", "authenticated", "reporting"):
            with psycopg.connect(root) as connection:
                connection.execute(f"set role {role}".encode())
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(count.encode())


def test_a_right_that_was_given_again_is_found_with_its_cure(generous: Scratch) -> None:
    engine = create_engine(make_url(generous.owner_url).set(drivername="postgresql+psycopg"))
    for grant in GIVEN_AGAIN:
        with engine.connect() as connection:  # never committed
            connection.exec_driver_sql(grant)
            ((kind, sentence),) = drift(connection)
            assert kind == "grant", grant
            connection.exec_driver_sql(sentence.partition("Run: ")[2])
            assert drift(connection) == [], grant
    engine.dispose()


def test_every_file_can_be_put_in_force_again_and_all_is_closed_and_as_before(
    generous: Scratch,
) -> None:
    ask(generous.owner_url, "drop function internal.plausible(timestamptz)")
    ask(generous.owner_url, "drop policy people_see_their_drafts on dashboard.draft")
    assert [fault.code for fault in faults(generous.app_url, generous.key)] == [
        "function",
        "policy",
    ]
    ask(generous.owner_url, "update dashboard_migrations.in_force set digest = ''")
    migrate(generous.owner_url, generous.app_url)
    assert faults(generous.app_url, generous.key) == []
    assert {name for (name,) in ask(generous.owner_url, OPEN)} == EVERYBODYS
