"""Who asks, and what state of the database answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.access.errors import UNSIGNED, DatabaseNotReady
from data.access.session import Actor, Database, acting_as_nobody

MOST_ASKED: Final = 3


@dataclass(frozen=True)
class Person:
    """Somebody the demo can be opened as."""

    id: UUID
    full_name: str
    role: str
    organisation: str | None


def demo_people(database: Database) -> list[Person]:
    """Staff the demo can be opened as; empty where the database is not the launcher's own."""
    with acting_as_nobody(database) as connection:
        rows = connection.execute(text("select * from dashboard.demo_people()"))
        return [Person(row.id, row.full_name, row.role, row.organisation) for row in rows]


def whom_to_ask(connection: Connection) -> tuple[str, ...]:
    """Who adds people and classes where I do not: my coordinators, else the administrators; three at most."""
    rows = connection.execute(
        text("""
            select role, full_name
            from roster.staff
            where is_active and role in ('coordinator', 'admin') and id <> (select internal.me())
            order by lower(full_name), id
        """)
    ).all()
    roles = [row.role for row in rows]
    asked = "coordinator" if "coordinator" in roles else "admin"
    return tuple(row.full_name for row in rows if row.role == asked)[:MOST_ASKED]


def actor(connection: Connection, database: Database, session: UUID | None = None) -> Actor | None:
    """The person this transaction acts as, or None for a stranger or somebody switched off, or whose `session`
    is over.

    Raises DatabaseNotReady where the database does not believe this program, whoever asks.
    """
    row = connection.execute(
        text("""
            select staff.id, staff.full_name, staff.role, organisation.name
            from roster.staff
            left join roster.organisation on organisation.id = staff.organisation_id
            where staff.id = (select internal.me()) and staff.is_active
        """)
    ).one_or_none()
    if row is None:
        if session is None and connection.scalar(text("select internal.me()")) is None:
            raise DatabaseNotReady(UNSIGNED)
        return None
    return Actor(row.id, row.full_name, row.role, row.name, session=session, database=database)


# A server that another takes the place of may have had transactions that the other never saw, and their numbers
# are given anew: hence which server it is.
VERSION: Final = text("""
select concat_ws(
    ' ',
    extract(epoch from pg_postmaster_start_time()),
    case
        when pg_is_in_recovery() then pg_last_wal_replay_lsn()::text
        else pg_current_snapshot()::text
    end
)
""")


def version(connection: Connection) -> str:
    """Equal while nothing was written anywhere in the database: what cached results are keyed by.

    Two equal snapshots see the same rows, so there is nothing that a writer could forget to advance. Those of a
    standby leave out which transactions run: there it is how far the standby has followed, which it does not
    say before what it followed can be seen.
    """
    return str(connection.scalar(VERSION))


def clock(connection: Connection) -> datetime:
    """The database's clock, which every rule about time goes by."""
    now: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    return now
