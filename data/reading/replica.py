"""Reads by a standby of the database, wherever it has all that they must have; else by the database itself."""

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from data import counts
from data.access.errors import DatabaseAway, DatabaseNotReady, DataError, sqlstate, to_operator
from data.access.session import Actor, Database, acting_as, acting_as_nobody, connect

LOG: Final = logging.getLogger("data.reading.replica")

FOLLOWS_WITHIN: Final = 0.03
"""Seconds that a read waits for the replica to have all it must have: usually that takes 3 to 30 ms."""
LOOK_AGAIN: Final = 0.003  # seconds
RESTS: Final = 0.25
"""Seconds in which no read waits, after one that waited in vain."""
SPARED: Final = 60.0
"""Seconds in which no read is asked of it after one that took too long."""
LAGS: Final = 5.0
"""Seconds after which a replica that has not followed is told of, and asked for nothing more."""
SOON: Final = 1.0
"""Seconds in which a connection that is kept answers as it is taken up; to open another takes 2 at most.
Whoever reads just when it falls silent waits for that long; amid an answer, as long as for the database's."""

State = Literal["serves", "behind", "away", "no standby"]

UNTOLD: Final = 65_536
"""Bytes that it may be behind for as long: the end of the log may get to it only with what is written next."""

# All that can be seen is before it; a commit may be seen before it is flushed. What is no commit is flushed
# with the next, or after 15 seconds, and so long the replica does not get to it.
POSITION: Final = text("""
select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_insert_lsn() end - '0/0'
""")
NOW: Final = text("""
select
    case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end - '0/0'
        as position,
    pg_is_in_recovery() as is_standby,
    (select system_identifier from pg_control_system()) as system,
    (select oid from pg_database where datname = current_database()) as database
""")
# With a snapshot that is older than this statement, what is read could be older than what is asked for.
HAS: Final = text("""
select
    pg_is_in_recovery()
    and pg_last_wal_replay_lsn() - '0/0' >= :position
    and current_setting('transaction_isolation') = 'read committed'
""")

TOO_SLOW: Final = "57014"
CONFLICTS: Final = ("40001", "40P01", "25006")
"""Of a read with what the standby follows; and of one that would write. Neither tells that it is away."""
MISTAKES: Final = ("22", "23", "42")
"""Classes of what is wrong with a question wherever it is asked."""


class Behind(DataError):
    """The replica has not followed as far as it must."""


class Replica:
    """A standby at an address of its own, and whether it serves just now."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.state: State = "serves"
        self._since = 0.0
        self._rests_until = 0.0
        self._lock = threading.Lock()
        # Where the database was when this was last compared, and when that was.
        self._there, self._compared_at = Decimal(0), -math.inf

    @property
    def may_have(self) -> bool:
        """Is it worth being asked?"""
        return self.state == "serves" and time.monotonic() >= self._rests_until

    @contextmanager
    def acting_as(self, actor: Actor, position: Decimal | None) -> Iterator[Connection]:
        """One transaction as this person, whose reads have all that was written up to there. Raises Behind."""
        with acting_as(replace(actor, database=self.database)) as connection:
            if not self._has(connection, position):
                raise Behind("The replica is behind.")
            yield connection
        counts.count("replica read")

    @contextmanager
    def or_else(self) -> Iterator[None]:
        """Go on after the block, to ask the database, where what is asked within fails here alone."""
        try:
            yield
        except Behind:
            self._rests_until = time.monotonic() + RESTS
        except (DatabaseAway, DatabaseNotReady) as error:
            state = sqlstate(error.__cause__ or error)
            if state == TOO_SLOW:  # as the database would be; or else it alone is, and is spared
                self._rests_until = time.monotonic() + SPARED
                raise
            if state not in CONFLICTS:
                self.pass_over(error)
        except DBAPIError as error:
            if str(sqlstate(error))[:2] in MISTAKES:
                raise

    def _has(self, connection: Connection, position: Decimal | None) -> bool:
        until = time.monotonic() + FOLLOWS_WITHIN
        while not connection.scalar(HAS, {"position": position}):
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_AGAIN)
        return True

    def become(self, state: State, why: str) -> None:
        """Told in the log where that is news to whoever runs the dashboard."""
        with self._lock:
            was, self.state = self.state, state
            if was == "serves":
                self._since = time.monotonic()
        if was == "serves" != state:
            LOG.warning("the read replica is passed over: %s", why)
        elif state == "serves" != was:
            seconds = time.monotonic() - self._since
            LOG.warning("the read replica serves again after %.0f seconds", seconds)

    def look(self, primary: Database) -> None:
        """Find out how it is; not while anybody waits, for it may take seconds."""
        try:
            with acting_as_nobody(primary) as connection:
                now = connection.execute(NOW).one()
        except (DataError, SQLAlchemyError):
            return  # which others tell
        try:
            with acting_as_nobody(self.database) as connection:
                here = connection.execute(NOW).one()
        except (DataError, SQLAlchemyError) as error:
            self.pass_over(error)
            return
        if not here.is_standby or (here.system, here.database) != (now.system, now.database):
            self.become("no standby", "what answers there is no standby of this database.")
            return
        if self.state == "serves" and time.monotonic() - self._compared_at < LAGS:
            return
        there, self._there, self._compared_at = self._there, now.position, time.monotonic()
        if here.position >= there - UNTOLD:
            self.become("serves", "")
        else:
            self.become("behind", f"it is more than {LAGS:.0f} seconds behind.")

    def pass_over(self, error: Exception) -> None:
        """It failed."""
        self.become("away", to_operator(error) if isinstance(error, DataError) else str(error))


_replicas: Final[WeakKeyDictionary[Engine, Replica]] = WeakKeyDictionary()


def replicate(database: Database, url: URL | str) -> Replica:
    """From now on pages' reads of the database are answered by its standby at this address, where that can."""
    soon = make_url(url)
    soon = soon.set(query={"connect_timeout": "2", **soon.query})
    found = Replica(connect(soon, key=database.key, is_replica=True))

    def made(_: psycopg.Connection[Any], record: ConnectionPoolEntry) -> None:
        record.info.update(soon=SOON, since=math.inf)

    event.listen(found.database.engine, "connect", made)
    _replicas[database.engine] = found
    found.look(database)
    return found


def replica_of(database: Database) -> Replica | None:
    """The standby that reads of this database are answered by, if any."""
    return _replicas.get(database.engine)


def look_at_all() -> None:
    """Find out how each is, for whoever is served by this process."""
    for engine, one in list(_replicas.items()):
        one.look(Database(engine, one.database.key))


def state() -> State | None:
    """How the one of this process is, as far as is known; None without one."""
    known = list(_replicas.values())
    return known[-1].state if known else None


def position(connection: Connection) -> Decimal | None:
    """The end of the log, up to which a read must have all that begins now. None where no replica serves."""
    found = _replicas.get(connection.engine)
    if found is None or not found.may_have:
        return None
    there: Decimal = connection.execute(POSITION).scalar_one()
    return there


def serving(actor: Actor, position: Decimal | None) -> Replica | None:
    """Who may answer this person's reads with all up to this position, and is asked first."""
    found = _replicas.get(actor.database.engine)
    return found if found is not None and position is not None and found.may_have else None
