"""The school of these tests is put back after each, row by row: quicker than another copy of it."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from tests.clusters import Cluster, Scratch

TABLES = """
select nspname, relname, array_agg(quote_ident(attname) order by attnum)
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
join pg_attribute on attrelid = pg_class.oid
where relkind = 'r' and attnum > 0 and attgenerated = ''
    and nspname in ('auth', 'public', 'school', 'dashboard', 'internal')
group by 1, 2
"""


def put_back(superuser_url: str) -> None:
    """Every row as it was the first time this was asked for."""
    with psycopg.connect(superuser_url) as connection:
        # No trigger fires, those of foreign keys and of the history included.
        connection.execute("set local session_replication_role = replica")
        first = connection.execute("select to_regnamespace('kept') is null").fetchone() == (True,)
        if first:
            connection.execute("create schema kept")
        for schema, name, columns in connection.execute(TABLES).fetchall():
            table, kept = sql.Identifier(schema, name), sql.Identifier("kept", f"{schema}.{name}")
            some = sql.SQL(", ".join(columns))
            if first:
                connection.execute(
                    sql.SQL("create table {} as select {} from {}").format(kept, some, table)
                )
            else:
                connection.execute(sql.SQL("delete from {}").format(table))
                connection.execute(
                    sql.SQL("insert into {} ({}) overriding system value table {}").format(
                        table, some, kept
                    )
                )


@pytest.fixture(scope="module")
def kept_school(cluster: Cluster) -> Iterator[tuple[Scratch, str]]:
    """The cast, with the URL of a superuser."""
    scratch = cluster.new_database("cast")
    url = scratch.owner_url.replace("progress_owner@", "postgres@")
    put_back(url)
    yield scratch, url
    cluster.drop(scratch)


@pytest.fixture
def altered() -> None:
    """Asked for by tests that change more than rows: they get a school that nobody uses after them."""


@pytest.fixture
def school(
    request: pytest.FixtureRequest, cluster: Cluster, kept_school: tuple[Scratch, str]
) -> Iterator[Scratch]:
    """With the cast of tests/people.py, to be written to at will."""
    if "altered" in request.fixturenames:
        scratch = cluster.new_database("cast")
        yield scratch
        cluster.drop(scratch)
    else:
        put_back(kept_school[1])
        yield kept_school[0]
