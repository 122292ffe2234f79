"""What locks a table that the platform's writes need: placed one by one, when nobody has to wait for it.

These are our triggers on the platform's table, and on an attached database the triggers and policies of our own
tables, which those write.
"""

from collections.abc import Callable, Iterator
from typing import Final

from psycopg import sql
from sqlalchemy import Connection, Engine, text

from data.database import schema_expected
from data.database.briefly import when_free
from data.database.kinds import LOCKING, ON_THE_PLATFORMS, Kind, files
from data.database.sql_files import Statement, statements

Told = Callable[[str, int, int], None]
"""Hears how far a step is: its name, how much is done, and of how much."""

PLACED: Final = text("""
select tgname::text, nspname::text, relname::text
from pg_trigger
join pg_proc on pg_proc.oid = tgfoid
join pg_class on pg_class.oid = tgrelid
join pg_namespace on pg_namespace.oid = relnamespace
where nspname not in ('dashboard', 'roster', 'school', 'internal')
    and not tgisinternal
    and pronamespace = cast('internal' as regnamespace)
""")


def place(engine: Engine, told: Told, *, on_theirs: bool) -> None:
    """Each that is not there, or not as it should be; on the platform's table where that was agreed to. Raises
    DataError where the table is never free."""
    with engine.connect() as connection:
        wrong = [
            one for one in _wrong(connection) if on_theirs or not ON_THE_PLATFORMS.match(one.text)
        ]
    for number, statement in enumerate(wrong, 1):
        when_free(engine, sql.SQL("; ").join(map(sql.SQL, statement.said())))
        told("triggers", number, len(wrong))


def remove(engine: Engine, told: Told) -> None:
    """All that are on tables of the platform's, one by one too."""
    with engine.connect() as connection:
        placed = connection.execute(PLACED).all()
    drop = sql.SQL("drop trigger if exists {} on {}")
    for number, (name, *table) in enumerate(placed, 1):
        when_free(engine, drop.format(sql.Identifier(name), sql.Identifier(*table)))
        told("triggers", number, len(placed))


def _wrong(connection: Connection) -> Iterator[Statement]:
    found = schema_expected.digests(schema_expected.definitions(connection))
    expected = schema_expected.expected(Kind.ATTACHED)
    for file in files(Kind.ATTACHED):
        for statement in statements(file):
            if named := LOCKING.match(statement.text):
                name = f"{named[1]} {named[3]} {named[2]}"
                if found.get(name) != expected[name]:
                    yield statement
