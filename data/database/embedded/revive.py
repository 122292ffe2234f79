"""The embedded server kept running: one that ended without being asked to is started again, each time later."""

import atexit
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from data.access.errors import DatabaseAway, DataError, said, to_operator
from data.database import embedded
from data.database.embedded import Server, files

LOG: Final = logging.getLogger("data.database")

LOOK_EVERY: Final = 0.5  # seconds
WAITS: Final = (
    0.0,
    1.0,
    2.0,
    5.0,
    15.0,
    30.0,
    60.0,
)  # seconds before each try; the last again and again
SOUND: Final = 60.0  # seconds after which it is no longer counted as the same trouble

STOPPED: Final = (
    "The database has stopped and does not start again. Tell whoever looks after this dashboard: its log has "
    "the reason."
)
GONE: Final = (
    "The files of the database are gone, so nothing can be shown or saved. Tell whoever looks after this "
    "dashboard: they must be restored."
)

Restart = Callable[[], Server]


class Keeper:
    """Looks after one server in a thread of its own, until the process ends or stops the server.

    `restart` starts it, or finds it where another process did, and raises DataError. It is never asked where
    the files are gone: it would begin an empty database in their place.
    """

    def __init__(self, server: Server, cluster: Path, restart: Restart) -> None:
        self._server = server
        self._cluster = cluster
        self._restart = restart
        self._ends = threading.Event()
        self._trouble: DataError | None = None
        # Before the server is stopped: that was registered earlier.
        atexit.register(self.end)
        threading.Thread(target=self._look_on, name="database", daemon=True).start()

    def end(self) -> None:
        """Let it be from now on."""
        self._ends.set()

    @property
    def has_ended(self) -> bool:
        return self._ends.is_set()

    def refuse(self) -> None:
        """Raises DatabaseAway, in words, where it cannot be had."""
        if self._trouble is not None:
            raise DatabaseAway(str(self._trouble), self._trouble.why)

    def lead(self, options: dict[str, Any]) -> None:
        """Have a connection be made to where the server is now. Raises DatabaseAway where it is nowhere."""
        self.refuse()
        url = make_url(self._server.app_url)
        options |= {"host": url.query["host"], "password": url.password}

    def _look_on(self) -> None:
        tries, up_since = 0, time.monotonic()
        while not self._ends.wait(LOOK_EVERY):
            if embedded.was_stopped(self._server):
                self.end()
            elif self._is_gone() or not embedded.lives(self._server):
                tries = 0 if time.monotonic() - up_since > SOUND else tries
                if not self._ends.wait(WAITS[min(tries, len(WAITS) - 1)]):
                    tries += 1
                    self._try()
                    up_since = time.monotonic()

    def _is_gone(self) -> bool:
        note = self._server.data_dir / files.NOTE
        return not (note.exists() and (self._cluster / "PG_VERSION").exists())

    def _try(self) -> None:
        if embedded.was_stopped(self._server):
            return
        begun = time.monotonic()
        if self._trouble is None:
            LOG.warning("the embedded database has ended (its log: %s)", self._log)
        try:
            if self._is_gone():
                embedded.kill(self._server)
                raise DatabaseAway(GONE, _gone(self._cluster))
            self._server = self._restart()
        except (DataError, OSError, SQLAlchemyError) as error:
            why = to_operator(error) if isinstance(error, DataError) else said(error)
            self._meet(DatabaseAway(GONE if self._is_gone() else STOPPED, why))
            return
        self._trouble = None
        LOG.warning(
            "the embedded database runs again, after %.1f seconds", time.monotonic() - begun
        )

    def _meet(self, trouble: DataError) -> None:
        # The reason may have a time in it: it is told once for each face that people see.
        if self._trouble is None or str(self._trouble) != str(trouble):
            LOG.error("the embedded database cannot be started again: %s", trouble.why)
        self._trouble = trouble

    @property
    def _log(self) -> Path:
        return self._server.data_dir / files.LOG


def _gone(cluster: Path) -> str:
    return (
        f"Its files are missing from {cluster}. Restore the data folder from a backup: the program then "
        "goes on by itself. To begin an empty one, end the program and start it again."
    )


_keepers: Final[dict[Path, Keeper]] = {}
_lock: Final = threading.Lock()


def keep(server: Server, restart: Restart) -> Keeper:
    """Who keeps this server running for this process, from now on."""
    with _lock:
        found = _keepers.get(server.data_dir)
        if found is None or found.has_ended:
            note = files.read_note(server.data_dir)
            if note is None:
                raise DatabaseAway(GONE, _gone(server.data_dir))
            found = _keepers[server.data_dir] = Keeper(server, note.cluster, restart)
        return found


def refuse_in(folder: Path) -> None:
    """Raises DatabaseAway where this process keeps a server over the folder that cannot be had."""
    found = _keepers.get(folder)
    if found is not None and not found.has_ended:
        found.refuse()
