"""The engine, and the one way to a connection: one transaction, one person."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, QueuePool, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from data import counts
from data.access.claims import GUEST, ROLE, ClaimsKey
from data.access.engine import Leading, new_engine
from data.access.errors import MissingIdentity, outages_in_words
from data.access.outage_log import Outages, log_outages, outages_of
from data.access.outage_words import READ_ONLY
from data.access.roles import EDITORS, WRITERS
from data.access.unreachable import PatientConnection

STATEMENT_TIMEOUT: Final = "30s"

SOON: Final = 10.0
"""Seconds in which the database answers that it is there, or it is away: what begins each transaction costs it
nothing."""
LATEST: Final = 35.0  # seconds: longer than any statement may take
AGAIN: Final = 5.0
"""Seconds after which a connection by which nothing can be written is made anew: it may lead to a server that
another has taken the place of."""

# Seconds between our clock and the database's, which believes a signature for 120.
STALE: Final = 60.0

IDENTIFY: Final = """
select
    set_config('role', %s, true),
    set_config('request.jwt.claims', %s, true),
    set_config('request.jwt.claim', '', true),
    set_config('request.jwt.claim.sub', '', true),
    set_config('request.jwt.claim.role', '', true),
    set_config('request.jwt.claim.email', '', true),
    set_config('timezone', 'UTC', true),
    set_config('datestyle', 'iso', true),
    set_config('intervalstyle', 'postgres', true),
    set_config('jit', 'off', true),
    set_config('statement_timeout', %s, true),
    extract(epoch from clock_timestamp())::float8,
    current_setting('transaction_read_only') = 'on'
"""
"""Told as each transaction begins, for that transaction alone and in one round trip.

The older settings are emptied because a host platform's own functions read them first: what a session left in
them would win. And compiling a question takes longer than its answer does.
"""

# `discard all` without its plans: making them anew would slow every statement of the next person. A login that
# was removed since becomes nobody any more, even where one of its name is there again.
CLEAN: Final = (
    "show transaction_read_only; "
    "reset session authorization; reset all; close all; deallocate all; unlisten *; "
    "select pg_advisory_unlock_all(); discard sequences; set role dashboard_guest; reset role"
)


class PoolUse(NamedTuple):
    """Connections."""

    size: int = 0
    in_use: int = 0


@dataclass(frozen=True)
class Database:
    """A PostgreSQL as the app's login, which owns nothing and sees nothing before it acts as somebody."""

    engine: Engine
    key: ClaimsKey | None = None

    @property
    def is_read_only(self) -> bool:
        """Was the last transaction one that may not write?"""
        return READ_ONLY in outages_of(self.engine)

    @property
    def pool(self) -> PoolUse:
        """How many connections it keeps (there may be more for a while), and how many are used just now."""
        pool = self.engine.pool
        return PoolUse(pool.size(), pool.checkedout()) if isinstance(pool, QueuePool) else PoolUse()


@dataclass(frozen=True)
class Actor:
    """A person at a database. Equal and hashed by who it is; role and organisation are for showing only:
    PostgreSQL reads its own in every transaction."""

    id: UUID
    full_name: str
    role: str
    organisation: str | None = None
    session: UUID | None = field(default=None, kw_only=True, compare=False)
    """Of somebody who signed in; none in the demo, nor for a command."""
    database: Database = field(kw_only=True, compare=False, repr=False)

    @property
    def may_edit(self) -> bool:
        """Courtesy, to choose what is shown; the policies decide."""
        return self.role in EDITORS

    @property
    def may_write(self) -> bool:
        """As `may_edit`, of whatever else colleagues see: notes and shared views."""
        return self.role in WRITERS

    def may_correct(self, student_id: UUID) -> bool:
        """As `may_edit`, of this student: nobody corrects their own progress."""
        return self.may_edit and student_id != self.id


def connect(
    url: URL | str,
    *,
    key: ClaimsKey | None = None,
    pool_size: int = 10,
    overflow: int | None = None,
    leading: Leading | None = None,
    is_replica: bool = False,
) -> Database:
    """A database of the app's login; nothing is opened yet.

    `key` signs for whom each transaction acts; without the right one the database knows nobody. `overflow` is
    how many more connections than `pool_size` there may be for a while; as many again where it is None. The
    outages of a replica are nobody's: another is asked then.
    """
    engine = new_engine(
        url,
        leading,
        pool_size=pool_size,
        max_overflow=pool_size if overflow is None else overflow,
        pool_timeout=0.5 if is_replica else 10,
    )
    if not is_replica:
        log_outages(engine)
    event.listen(engine, "checkout", _clean)
    event.listen(engine, "begin", _Identity(key, None if is_replica else outages_of(engine)).tell)
    return Database(engine, key)


def _clean(raw: PatientConnection, record: ConnectionPoolEntry, _: object) -> None:
    """Take from a connection what statements of whoever had it last left for its session.

    One short statement, which also asks whether anybody is there, and whether it is still the primary: where
    another server was promoted, that costs nobody an error.
    """
    raw.patience = record.info.get("soon", SOON)
    if "since" not in record.info:
        record.info["since"] = time.monotonic()
        return
    try:
        raw.autocommit = True
        (read_only,) = raw.execute(CLEAN).fetchone() or ("",)
        raw.autocommit = False
    except psycopg.Error as error:
        raise InvalidatePoolError from error  # the pool opens others, of which each would cost as much
    if read_only == "on" and time.monotonic() - record.info["since"] > AGAIN:
        raise DisconnectionError


class _Identity:
    """Tells the database, as each transaction begins, for whom it is: signed, and at the database's clock."""

    def __init__(self, key: ClaimsKey | None, outages: Outages | None) -> None:
        self._key = key
        self._outages = outages
        self._ahead = 0.0  # seconds that the database's clock is ahead of ours

    def tell(self, connection: Connection) -> None:
        options = connection.get_execution_options()
        if "acting_role" not in options:
            raise MissingIdentity("A transaction was begun for nobody. Use acting_as(actor).")
        role, person = options["acting_role"], options["acting_person"]
        signed_at = time.time() + self._ahead
        session = options.get("acting_session")
        clock = self._identify(connection, role, person, session, signed_at)
        self._ahead = clock - time.time()
        raw = connection.connection.driver_connection
        if isinstance(raw, PatientConnection):
            raw.patience = LATEST
        # Rare: the clocks were not known to differ, or one was set.
        if abs(clock - signed_at) > STALE:
            self._identify(connection, role, person, session, clock)

    def _identify(
        self,
        connection: Connection,
        role: str,
        person: UUID | None,
        session: UUID | None,
        at: float,
    ) -> float:
        """The database's clock, in seconds since 1970."""
        row = connection.exec_driver_sql(
            IDENTIFY, (role, self._claims(person, session, at), STATEMENT_TIMEOUT)
        ).one()
        if self._outages is not None:
            self._outages.tell_read_only(is_read_only=row[-1])
        return float(row[-2])

    def _claims(self, person: UUID | None, session: UUID | None, at: float) -> str:
        if self._key is None:
            return ""
        return self._key.claims(person, at, session) if person else self._key.guest_claims(at)


@contextmanager
def acting_as(actor: Actor) -> Iterator[Connection]:
    """One transaction as this person: committed at the end, rolled back on an exception.

    Raises DatabaseAway or DatabaseNotReady, in words, where the database is not as it should be.
    """
    with _transaction(actor.database, ROLE, actor.id, actor.session) as connection:
        yield connection


@contextmanager
def acting_as_nobody(database: Database) -> Iterator[Connection]:
    """One transaction as the guest: what may be asked before anybody has signed in."""
    with _transaction(database, GUEST, None) as connection:
        yield connection


@contextmanager
def _transaction(
    database: Database, role: str, person: UUID | None, session: UUID | None = None
) -> Iterator[Connection]:
    with outages_in_words(), _connected(database) as connection:
        connection.execution_options(acting_role=role, acting_person=person, acting_session=session)
        with connection.begin():
            yield connection


def _connected(database: Database) -> Connection:
    with counts.asking_for_a_connection():
        return database.engine.connect()
