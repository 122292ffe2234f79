"""The school of these tests is put back after each, row by row: quicker than another copy of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from data.access.session import Actor
from data.database import schema_expected
from tests.clusters import Cluster, Scratch
from tests.people import COORDINATOR

TABLES = """
select nspname, relname, array_agg(quote_ident(attname) order by attnum)
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
join pg_attribute on attrelid = pg_class.oid
where relkind in ('r', 'p') and not relispartition and attnum > 0 and attgenerated = ''
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


def guards(superuser: psycopg.Connection[Any]) -> dict[str, str]:
    """The definitions of what guards the rows."""
    with superuser.transaction():
        superuser.execute(str(schema_expected.WRITTEN_ALIKE).encode())
        return schema_expected.as_written(
            superuser.execute(str(schema_expected.DEFINITIONS).encode())
        )


@dataclass(frozen=True)
class KeptSchool:
    """The cast of a server, to be put back before each test."""

    scratch: Scratch
    superuser: psycopg.Connection[Any]
    put_back: Callable[[], object]
    guards: dict[str, str]


@pytest.fixture(scope="session")
def kept_schools() -> Iterator[Callable[[Cluster], KeptSchool]]:
    """One a server, for all modules: making it takes longer than most tests."""
    made: dict[Path, KeptSchool] = {}
    with ExitStack() as stack:

        def kept_on(cluster: Cluster) -> KeptSchool:
            if cluster.socket not in made:
                scratch = cluster.new_database("cast")
                stack.callback(scratch.database.engine.dispose)
                url = scratch.owner_url.replace("progress_owner@", "postgres@")
                superuser = stack.enter_context(psycopg.connect(url, autocommit=True))
                made[cluster.socket] = KeptSchool(
                    scratch, superuser, keep(superuser), guards(superuser)
                )
            return made[cluster.socket]

        yield kept_on


@pytest.fixture(scope="module")
def kept_school(
    cluster: Cluster, kept_schools: Callable[[Cluster], KeptSchool]
) -> Iterator[KeptSchool]:
    """The same, for a module that leaves all but the rows as it was."""
    kept = kept_schools(cluster)
    yield kept
    assert guards(kept.superuser) == kept.guards, "A test changed definitions without `altered`."


@pytest.fixture
def altered() -> None:
    """Asked for by tests that change more than rows: they get a school that nobody uses after them."""


@pytest.fixture
def school(
    request: pytest.FixtureRequest, cluster: Cluster, kept_school: KeptSchool
) -> Iterator[Scratch]:
    """With the cast of tests/people.py, to be written to at will."""
    if "altered" in request.fixturenames:
        scratch = cluster.new_database("cast")
        yield scratch
        cluster.drop(scratch)
    else:
        kept_school.put_back()
        yield kept_school.scratch


@pytest.fixture(scope="module")
def shared(kept_school: KeptSchool) -> Scratch:
    """The same school for tests that write anew what they look at: put back once, not before each example."""
    kept_school.put_back()
    return kept_school.scratch


@pytest.fixture
def cora(act: Callable[[UUID], Actor]) -> Actor:
    """The coordinator of the cast."""
    return act(COORDINATOR)


@pytest.fixture
def school_18(cluster_18: Cluster, kept_schools: Callable[[Cluster], KeptSchool]) -> Scratch:
    """The same on the embedded server alone: for what takes long, and is the server's own affair."""
    kept = kept_schools(cluster_18)
    kept.put_back()
    return kept.scratch
