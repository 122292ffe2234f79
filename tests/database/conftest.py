"""The school of these tests is put back after each, row by row: quicker than another copy of it."""

from collections.abc import Callable, Iterator
from typing import Any

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


def keep(superuser: psycopg.Connection[Any]) -> Callable[[], object]:
    """Every row aside; what is returned puts it back, and no trigger fires, not even of foreign keys."""
    with superuser.transaction():
        superuser.execute("create schema kept")
        back: list[sql.Composable] = [
            sql.SQL("begin; set local session_replication_role = replica")
        ]
        for schema, name, columns in superuser.execute(TABLES).fetchall():
            parts = {
                "table": sql.Identifier(schema, name),
                "kept": sql.Identifier("kept", f"{schema}.{name}"),
                "columns": sql.SQL(", ".join(columns)),
            }
            made = "create table {kept} as select {columns} from {table}"
            superuser.execute(sql.SQL(made).format(**parts))
            again = (
                "delete from {table}; "
                "insert into {table} ({columns}) overriding system value table {kept}"
            )
            back.append(sql.SQL(again).format(**parts))
    everything = sql.SQL("; ").join([*back, sql.SQL("commit")])
    return lambda: superuser.execute(everything)


@pytest.fixture(scope="module")
def kept_school(cluster: Cluster) -> Iterator[tuple[Scratch, Callable[[], object]]]:
    """The cast, and what puts it back."""
    scratch = cluster.new_database("cast")
    url = scratch.owner_url.replace("progress_owner@", "postgres@")
    with psycopg.connect(url, autocommit=True) as superuser:
        yield scratch, keep(superuser)
    cluster.drop(scratch)


@pytest.fixture
def altered() -> None:
    """Asked for by tests that change more than rows: they get a school that nobody uses after them."""


@pytest.fixture
def school(
    request: pytest.FixtureRequest,
    cluster: Cluster,
    kept_school: tuple[Scratch, Callable[[], object]],
) -> Iterator[Scratch]:
    """With the cast of tests/people.py, to be written to at will."""
    if "altered" in request.fixturenames:
        scratch = cluster.new_database("cast")
        yield scratch
        cluster.drop(scratch)
    else:
        scratch, put_back = kept_school
        put_back()
        yield scratch
