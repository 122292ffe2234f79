"""The tables as SQLAlchemy has them are those of the catalogue: names, types, needs, defaults and keys."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql

from data import tables
from data.roster.tables import SCHOOL
from tests.clusters import Scratch

COLUMNS = """
select attname, format_type(atttypid, atttypmod), attnotnull, atthasdef or attidentity <> ''
from pg_catalog.pg_attribute
where attrelid = %s::pg_catalog.regclass and attnum > 0 and not attisdropped
"""

KEYS = """
select contype::text, array(
    select attname::text
    from pg_catalog.unnest(conkey) with ordinality as key (number, place)
    join pg_catalog.pg_attribute on attrelid = conrelid and attnum = number
    order by place
)
from pg_catalog.pg_constraint
where conrelid = %s::pg_catalog.regclass and contype in ('p', 'u')
"""

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
TABLES = (tables.PROGRESS, *tables.OURS, *SCHOOL.values())

Columns = dict[str, tuple[str, bool, bool]]


def columns_of(table: Table) -> Columns:
    return {
        column.name: (
            column.type.compile(DIALECT).lower(),
            not column.nullable,
            column.server_default is not None,
        )
        for column in table.columns
    }


def keys_of(table: Table) -> set[tuple[str, tuple[str, ...]]]:
    return {
        (kind, tuple(column.name for column in key.columns))
        for key in table.constraints
        for kind, made in (("p", PrimaryKeyConstraint), ("u", UniqueConstraint))
        if isinstance(key, made)
    }


def ask(school: Scratch, question: str, table: Table) -> list[tuple[Any, ...]]:
    with psycopg.connect(school.owner_url) as connection:
        connection.execute("set search_path = ''")
        quoted = f'"{table.schema}"."{table.name}"'
        return connection.execute(question.encode(), [quoted]).fetchall()


def in_catalogue(school: Scratch, table: Table) -> Columns:
    return {name: (kind, *rest) for name, kind, *rest in ask(school, COLUMNS, table)}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_as_the_catalogue_has_it(shared: Scratch, table: Table) -> None:
    assert columns_of(table) == in_catalogue(shared, table)
    keys = {(kind, tuple(names)) for kind, names in ask(shared, KEYS, table)}
    assert keys_of(table) == keys


@pytest.mark.parametrize("view", tables.ROSTER, ids=lambda view: view.name)
def test_a_view_of_the_roster_has_these_columns(shared: Scratch, view: Table) -> None:
    assert columns_of(view) == in_catalogue(shared, view)


def test_the_contract_is_the_table_of_the_platform() -> None:
    assert [column.name for column in tables.PROGRESS.columns] == [
        *("student_id", "module_id", "status", "score", "progress_details", "last_updated"),
        *("completed_at", "progress_percentage"),
    ]
