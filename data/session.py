"""The engine, and the one way to a connection: one transaction, one person."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from data.errors import MissingIdentity, as_outage
from data.tolerant import tolerate

STATEMENT_TIMEOUT: Final = "30s"

IDENTIFY: Final = """
select
    set_config('role', %s, true),
    set_config('request.jwt.claims', %s, true),
    set_config('timezone', 'UTC', true),
    set_config('statement_timeout', %s, true)
"""


@dataclass(frozen=True)
class Database:
    """A PostgreSQL as the app's login, which owns nothing and sees nothing before it acts as somebody."""

    engine: Engine


@dataclass(frozen=True)
class Actor:
    """A person at a database. Equal and hashed by who it is; role and organisation are for showing only:
    PostgreSQL reads its own in every transaction."""

    id: UUID
    full_name: str
    role: str
    organisation: str | None = None
    database: Database = field(kw_only=True, compare=False, repr=False)

    @property
    def may_edit(self) -> bool:
        """Courtesy, to choose what is shown; the policies decide."""
        return self.role in ("coordinator", "admin")


def connect(url: URL | str, *, pool_size: int = 10) -> Database:
    """A database of the app's login; nothing is opened yet."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        # One cheap question a checkout, so that a restarted server costs nobody an error.
        pool_pre_ping=True,
        # Never prepared: behind a pooler a prepared statement may be another client's, and a plan kept
        # from the first five runs fits the sixth person badly.
        connect_args={"prepare_threshold": None, "connect_timeout": 5},
    )
    event.listen(engine, "connect", tolerate)
    event.listen(engine, "begin", _identify)
    return Database(engine)


def _identify(connection: Connection) -> None:
    options = connection.get_execution_options()
    if "acting_role" not in options:
        raise MissingIdentity("A transaction was begun for nobody. Use acting_as(actor).")
    connection.exec_driver_sql(
        IDENTIFY, (options["acting_role"], options["acting_claims"], STATEMENT_TIMEOUT)
    )


@contextmanager
def acting_as(actor: Actor) -> Iterator[Connection]:
    """One transaction as this person: committed at the end, rolled back on an exception.

    Raises DatabaseAway or DatabaseNotReady, in words, where the database is not as it should be.
    """
    claims = json.dumps({"sub": str(actor.id), "role": "authenticated"})
    with _transaction(actor.database, "authenticated", claims) as connection:
        yield connection


@contextmanager
def acting_as_nobody(database: Database) -> Iterator[Connection]:
    """One transaction as `anon`: what may be asked before anybody has signed in."""
    with _transaction(database, "anon", "") as connection:
        yield connection


@contextmanager
def _transaction(database: Database, role: str, claims: str) -> Iterator[Connection]:
    try:
        with database.engine.connect() as connection:
            connection.execution_options(acting_role=role, acting_claims=claims)
            with connection.begin():
                yield connection
    except SQLAlchemyError as error:
        outage = as_outage(error)
        if outage is None:
            raise
        raise outage from error
