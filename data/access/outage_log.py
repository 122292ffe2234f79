"""An outage in the log: a line when it begins, with its cause, and one when it is over. Of each kind and each
database once a process, however many connect to it."""

import logging
import threading
import time
from collections import defaultdict
from typing import Any, Final
from weakref import WeakSet

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, ExceptionContext

from data import counts
from data.access.errors import as_outage
from data.access.outage_words import CROWDED, FULL, OUTAGES, READ_ONLY

LOG: Final = logging.getLogger("data.access")

AWAY: Final = "away"
BEGINS: Final = {
    AWAY: "the database is away",
    READ_ONLY: "the database can only be read",
    FULL: "the database is full",
    CROWDED: "the database has no connection left",
}
ENDS: Final = {
    AWAY: "the database is back",
    READ_ONLY: "the database can be written again",
    FULL: "the database has room again",
    CROWDED: "the database has connections again",
}

QUIET: Final = 60.0
"""Seconds without another: whoever uses connections that are kept does not learn that there are more again."""

WRITING: Final = ("INSERT", "UPDATE", "DELETE", "MERGE")


class Outages:
    """What is wrong with one database just now, by kind (`away` or one of OUTAGES), and since when."""

    def __init__(self) -> None:
        self._since: dict[str, float] = {}
        self._met: dict[str, float] = {}
        self._lock = threading.Lock()

    def __contains__(self, kind: str) -> bool:
        return kind in self._since

    def begin(self, state: str, why: str) -> None:
        """It was met now, under this SQLSTATE; `why` is for whoever runs the dashboard."""
        kind = state if state in BEGINS else AWAY
        with self._lock:
            is_new = kind not in self._since
            self._met[kind] = time.monotonic()
            self._since.setdefault(kind, self._met[kind])
        if is_new:
            counts.count(("outage", kind))
            LOG.warning("%s (SQLSTATE %s): %s", BEGINS[kind], state, why)

    def end(self, kind: str) -> None:
        """Something went well that would not go well during it."""
        if kind not in self._since:
            return
        with self._lock:
            since = self._since.pop(kind, None)
        if since is not None:
            LOG.warning("%s after %.0f seconds", ENDS[kind], time.monotonic() - since)

    def end_where_quiet(self, kind: str) -> None:
        """It was not met for a while."""
        if kind in self._since and time.monotonic() - self._met[kind] > QUIET:
            self.end(kind)

    def tell_read_only(self, *, is_read_only: bool) -> None:
        """Whether a transaction that begins now may write."""
        if is_read_only:
            self.begin(READ_ONLY, OUTAGES[READ_ONLY][1])
        else:
            self.end(READ_ONLY)


_outages: Final[defaultdict[URL, Outages]] = defaultdict(Outages)


def outages_of(engine: Engine) -> Outages:
    """Those of the engine's database, which every engine of this process at the same URL shares."""
    return _outages[engine.url]


def now() -> dict[str, bool]:
    """Whether there is an outage of each kind, of any database of this process."""
    known = list(_outages.values())
    return {kind: any(kind in one for one in known) for kind in BEGINS}


def log_outages(engine: Engine) -> None:
    """From now on, when this engine gets no connection or no answer or may not write, and when it is over."""
    outages = outages_of(engine)
    wrote: WeakSet[Connection] = WeakSet()

    def failed(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        outage = as_outage(error) if error else None
        if outage is not None and outage.state:
            outages.begin(outage.state, outage.why)

    def answered(connection: Connection, cursor: Any, *_: object) -> None:
        outages.end(AWAY)
        outages.end_where_quiet(CROWDED)
        if FULL in outages and cursor.rowcount > 0 and cursor.statusmessage.startswith(WRITING):
            wrote.add(connection)

    def ending(connection: Connection) -> None:
        # Of a full disk one statement may still find room, and the next of the same transaction not.
        if connection in wrote:
            wrote.discard(connection)
            outages.end(FULL)

    event.listen(engine, "handle_error", failed)
    event.listen(engine, "after_cursor_execute", answered)
    event.listen(engine, "commit", ending)
    event.listen(engine, "rollback", wrote.discard)
    event.listen(engine, "connect", lambda *_: outages.end(CROWDED))
