"""A clock that can be set: the database's own functions of time, put in place of by a moment that a test names.

What asks for the time by these names, be it a default, a trigger, a policy or the app, is planned as a
reading of the setting `tests.clock`. (`current_timestamp`, which nothing here asks, still tells the time.)
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psycopg
from sqlalchemy import event

from tests.clusters import Cluster, Scratch

TOLD_BY: Final = {
    "now": ("stable", "now"),
    "transaction_timestamp": ("stable", "now"),
    "statement_timestamp": ("stable", "statement_timestamp"),
    "clock_timestamp": ("volatile", "clock_timestamp"),
}
"""What tells the time: how often a statement asks it, and what it is called within PostgreSQL."""

START: Final = datetime(2027, 1, 4, 8, tzinfo=UTC)
"""A Monday."""

SET: Final = "select set_config('tests.clock', %s, false)"


@dataclass
class Clock:
    """Of one database: it stands still until it is set."""

    scratch: Scratch
    connection: psycopg.Connection[tuple[object, ...]]
    """The owner's, which writes."""
    now: datetime = START

    def set(self, moment: datetime) -> None:
        """It is this moment now, for the owner and for whoever the app acts for."""
        self.now = moment
        self.connection.execute(SET, (moment.isoformat(),))

    def tell(self, raw: psycopg.Connection[Any], *_: object) -> None:
        """As the app takes a connection, which was just cleaned."""
        raw.autocommit = True
        raw.execute(SET, (self.now.isoformat(),))
        raw.autocommit = False


def stopped(cluster: Cluster, template: str = "migrated") -> Clock:
    """A new database whose clock stands at START; close its connection in the end."""
    scratch = cluster.new_database(template)
    url = scratch.owner_url.replace("progress_owner@", "postgres@")
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute("create schema real")
        superuser.execute("grant usage on schema real to public")
        for name, (kind, within) in TOLD_BY.items():
            superuser.execute(
                f"create function real.{name}() returns timestamptz "
                f"language internal {kind} as '{within}'; "
                f"create or replace function pg_catalog.{name}() returns timestamptz "
                f"language sql {kind} parallel safe as $$ select coalesce("
                f"nullif(current_setting('tests.clock', true), '')::timestamptz, real.{name}()) $$".encode()
            )
    clock = Clock(scratch, scratch.owner())
    clock.set(START)
    event.listen(scratch.database.engine, "checkout", clock.tell)
    return clock
