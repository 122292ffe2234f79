"""Is the database fit to be worked with just now? Asked again and again while the program runs, so it costs
little: what a start asks once (preflight) is not asked here."""

import threading
import time
from contextlib import suppress
from datetime import timedelta
from typing import Final, Literal

from sqlalchemy import Row, text
from sqlalchemy.exc import SQLAlchemyError

from data.access.errors import DatabaseAway, DataError
from data.access.session import Database, acting_as_nobody, connect
from data.database import embedded, migrate
from data.settings import Settings

Reason = Literal[
    "ok", "unknown", "away", "silent", "not ready", "read only", "behind", "ahead", "old"
]
"""Of one check; `unknown` where it could not be made."""

Checks = dict[str, Reason]

CHECKS: Final = ("database", "writable", "revision", "roster")

OLDEST_ROSTER: Final = timedelta(hours=1)
"""So old may the copy of a platform's roster be. While somebody probes, it is read again at half of that: at
night nobody has a page open that would have it read."""

READ_AGAIN: Final = 30.0  # seconds: how often the database is asked to

STATE: Final = text("""
select
    current_setting('transaction_read_only') = 'on' as is_read_only,
    at.version_num as revision,
    to_jsonb(at) ->> 'serves_since' as serves_since,
    adapter is not null and coalesce(refreshed_at < clock_timestamp() - :oldest, true) as is_old,
    adapter is not null and coalesce(refreshed_at < clock_timestamp() - :oldest / 2, true) as is_due
from (values (true)) as always
left join dashboard_migrations.alembic_version as at on true
left join dashboard.attachment() on true
""")


def unanswered(reason: Reason) -> Checks:
    """The checks of a database of which nothing but this is known."""
    return {**dict.fromkeys(CHECKS, "unknown"), "database": reason}


class Readiness:
    """Of the database that these settings name, asked through one connection that is kept."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._needed = migrate.head()
        self._database: Database | None = None
        self._read_at = -READ_AGAIN

    def checks(self) -> Checks:
        """Each check, and why it fails; for one asker at a time, who may have to wait as long as the system."""
        try:
            self._database = self._database or self._connected()
            with acting_as_nobody(self._database) as connection:
                state = connection.execute(STATE, {"oldest": OLDEST_ROSTER}).one()
        except (DataError, SQLAlchemyError) as error:
            if self._database is not None:
                self._database.engine.dispose()
            self._database = None
            return unanswered("away" if isinstance(error, DatabaseAway) else "not ready")
        if state.is_due and time.monotonic() - self._read_at >= READ_AGAIN:
            self._read_at = time.monotonic()
            threading.Thread(target=_read_roster, args=(self._database,), daemon=True).start()
        return self._judged(state)

    def _connected(self) -> Database:
        """Two connections, of which one is used but while the roster is read. The start tells of outages."""
        url, key = self._settings.database_url, self._settings.claims_key
        if url is not None:
            return connect(url, key=key, pool_size=1, overflow=1)
        server = embedded.running(self._settings.data_dir)
        if server is None:
            raise DatabaseAway("The embedded database does not run.")
        return connect(server.app_url, pool_size=1, overflow=1)

    def _judged(self, state: Row[tuple[object, ...]]) -> Checks:
        return {
            "database": "ok",
            "writable": "read only" if state.is_read_only else "ok",
            "revision": self._of_revision(state.revision, state.serves_since),
            "roster": "old" if state.is_old else "ok",
        }

    def _of_revision(self, found: str | None, since: str | None) -> Reason:
        if found is None:
            return "unknown"
        if found == self._needed or migrate.serves(found, since):
            return "ok"
        return "behind" if migrate.is_known(found) else "ahead"


def _read_roster(database: Database) -> None:
    """Where the last time is long enough ago; the database knows. What goes wrong the next check tells."""
    with suppress(DataError, SQLAlchemyError), acting_as_nobody(database) as connection:
        connection.execute(text("select dashboard.refresh_roster()"))
