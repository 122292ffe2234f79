"""What wakes the listener: a LISTEN of its own connection; where none can be had, only the time passes."""

import time
from contextlib import suppress
from typing import Final

import psycopg

from data.access.session import SOON, Database
from data.access.unreachable import PatientConnection, connected

PING_EVERY: Final = (
    10.0  # seconds without a word: a server, or a pooler, that went silent is found out
)


class Bell:
    """Wakes when somebody changes something."""

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._connection: PatientConnection | None = None
        self._heard_at = 0.0
        self._is_listening = False

    def wait(self, seconds: float) -> None:
        """Until somebody changes something, but no longer than `seconds`."""
        started = time.monotonic()
        try:
            bell = self._listening()
            if started - self._heard_at > PING_EVERY:
                bell.execute("select")
                self._heard_at = time.monotonic()
            for _ in bell.notifies(timeout=seconds, stop_after=1):
                self._heard_at = time.monotonic()
                return
        except psycopg.Error:
            self.close()
        rest = seconds - (time.monotonic() - started)
        if rest > 0:
            time.sleep(rest)

    def _listening(self) -> PatientConnection:
        if self._connection is None or self._connection.closed:
            # As the engine connects: the URL of several hosts is SQLAlchemy's own, not libpq's.
            args, options = self._engine.dialect.create_connect_args(self._engine.url)
            bell = connected(*args, **options, autocommit=True)
            bell.patience = SOON
            self._connection, self._heard_at = bell, time.monotonic()
            self._is_listening = False
        if not self._is_listening:
            # A standby tells nobody, until it is promoted.
            with suppress(psycopg.errors.ReadOnlySqlTransaction):
                self._connection.execute("listen progress_changed")
                self._is_listening = True
        return self._connection

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
