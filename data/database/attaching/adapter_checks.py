"""Is an adapter right for this database? Its sections are described and planned, then their rows counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus
from sqlalchemy import Connection

from data.access.errors import DatabaseAway
from data.database.attaching.adapter import CONTRACT, Adapter, key_of
from data.database.attaching.findings import AttachFinding, stop

REASONS: Final = {
    "42601": "cannot be read as one SELECT",
    "42P01": "reads a table that is not there",
    "3F000": "reads a schema that is not there",
    "42703": "reads a column that is not there",
    "42883": "asks a function or operator that is not there",
    "42501": "reads what this user may not read: let DATABASE_OWNER_URL name a user who may, or leave it out",
    "0A000": "must be one SELECT that changes nothing",
    "25006": "must be one SELECT that changes nothing",
    "42P02": "must be one SELECT without parameters",
}
"""What an SQLSTATE means of a section."""

IN_ITS_TEXT: Final = {"42601", "42P01", "42703", "42883"}
"""Found while the section is read alone, so that the place told is one in its text."""


@dataclass(frozen=True)
class GivenColumn:
    """A column of a section. `table` and `number` tell which one it is, where one is given as it is; else 0."""

    name: str
    kind: str
    table: int
    number: int


def wrong_with(connection: Connection, adapter: Adapter) -> list[AttachFinding]:
    """Whatever is wrong with it here, a sentence each that says what to do; empty where all is well.

    Asked as the owner who will run it; nothing is changed.
    """
    found: list[AttachFinding] = []
    for relation in CONTRACT:
        try:
            wrong = list(_of_columns(relation, columns_of(connection, adapter, relation)))
            wrong = wrong or list(_of_keys(connection, adapter, relation))
        except psycopg.Error as error:
            wrong = [_in_words(relation, adapter.sections[relation], error)]
        found += [stop("adapter", sentence) for sentence in wrong]
    return found


def columns_of(connection: Connection, adapter: Adapter, relation: str) -> list[GivenColumn]:
    """What a section gives, as the server describes it: it is prepared and planned, and not run.

    Raises psycopg.Error where it is not one SELECT that this user may run.
    """
    with reading(connection) as driver:
        given = _described(driver, adapter.sections[relation])
        if sorted(one.name for one in given) == sorted(CONTRACT[relation]):
            # As part of another statement, where nothing can be written.
            plan(driver, adapter.select(relation))
        return given


@contextmanager
def reading(connection: Connection) -> Iterator[psycopg.Connection[Any]]:
    """The driver's connection: until the end nothing can be written, and an error ends no more than this."""
    with connection.begin_nested() as point:
        driver = cast("psycopg.Connection[Any] | None", connection.connection.driver_connection)
        if driver is None:
            raise DatabaseAway("The connection was lost; nothing was changed.")
        driver.execute("set local transaction_read_only = on")
        # Rows that a policy hides would seem to be gone from the school: an error instead.
        driver.execute("set local row_security = off")
        yield driver
        point.rollback()


def plan(driver: psycopg.Connection[Any], query: str) -> list[str]:
    """The tables that a query reads, as schema.name. It is not run, but it is asked whether it may be."""
    explained = driver.execute(b"explain (verbose, format json) " + query.encode()).fetchall()
    return sorted(set(_tables(explained[0][0][0]["Plan"])))


def _tables(node: dict[str, Any]) -> Iterator[str]:
    if "Relation Name" in node:
        yield f"{node['Schema']}.{node['Relation Name']}"
    for part in node.get("Plans", ()):
        yield from _tables(part)


def _described(driver: psycopg.Connection[Any], query: str) -> list[GivenColumn]:
    prepared = driver.pgconn.prepare(b"", query.encode())
    if prepared.status != ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(prepared)
    it = driver.pgconn.describe_prepared(b"")
    places = range(it.nfields)
    kinds = driver.execute(
        "select format_type(kind, null) from unnest(%s::oid[]) with ordinality as it (kind, place) "
        "order by place",
        ([it.ftype(place) for place in places],),
    ).fetchall()
    return [
        GivenColumn((it.fname(place) or b"").decode(), kind, it.ftable(place), it.ftablecol(place))
        for place, (kind,) in zip(places, kinds, strict=True)
    ]


def _of_columns(relation: str, given: list[GivenColumn]) -> Iterator[str]:
    names = [one.name for one in given]
    if not names:
        yield f"The section {relation} gives no columns. Write one SELECT that changes nothing."
        return
    for column, kind in CONTRACT[relation].items():
        if column not in names:
            yield (
                f"The section {relation} lacks the column {column} ({kind}). Add it; where there is "
                f"none, write “null::{kind} as {column}”."
            )
    for one in {one.name: one for one in given}.values():
        needed = CONTRACT[relation].get(one.name)
        if needed is None:
            yield f"The section {relation} gives a column {one.name}, which nothing reads. Leave it out."
        elif names.count(one.name) > 1:
            yield f"The section {relation} gives {one.name} more than once. Give it once."
        elif one.kind != needed:
            yield (
                f"In the section {relation} {one.name} is {one.kind} and must be {needed}. Write it as "
                f"(…)::{needed} as {one.name}."
            )


def _of_keys(connection: Connection, adapter: Adapter, relation: str) -> Iterator[str]:
    key = key_of(relation)
    it = " and ".join(key)
    columns = sql.SQL(", ").join(map(sql.Identifier, key))
    counting = sql.SQL(
        "select count(*) filter (where {} is null), count(*) - count(distinct ({})) from ({}) as given"
    ).format(
        sql.SQL(" is null or ").join(map(sql.Identifier, key)),
        columns,
        sql.SQL(adapter.select(relation)),
    )
    with reading(connection) as driver:
        nulls, doubles = driver.execute(counting).fetchall()[0]
    if nulls:
        yield f"In the section {relation} {nulls} rows have no {it}. Leave them out."
    elif doubles:
        yield (
            f"In the section {relation} {doubles} rows have the {it} of another. Give each once: use "
            "“distinct”, or make the id of more columns."
        )


def _in_words(relation: str, section: str, error: psycopg.Error) -> str:
    told = error.diag.message_primary or str(error)
    if (error.sqlstate or "") in IN_ITS_TEXT and (place := error.diag.statement_position):
        line = section[: int(place) - 1].count("\n")
        told += f", near “{section.splitlines()[line].strip()}”"
    return f"The section {relation} {REASONS.get(error.sqlstate or '', 'cannot be used')} ({told})."
