"""An outage in the log: a line when it begins, with its cause, and one when it is over."""

import logging
import threading
import time
from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from data.access.errors import DatabaseAway, as_outage

LOG: Final = logging.getLogger("data.access")


def log_outages(engine: Engine) -> None:
    """From now on, whenever this engine gets no connection or no answer, and when it is answered again."""
    outage = _Outage()
    event.listen(engine, "handle_error", outage.begin)
    event.listen(engine, "after_cursor_execute", outage.end)


class _Outage:
    def __init__(self) -> None:
        self._since: float | None = None
        self._lock = threading.Lock()

    def begin(self, context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        outage = as_outage(error) if error else None
        if isinstance(outage, DatabaseAway) and outage.why:
            with self._lock:
                is_new, self._since = self._since is None, self._since or time.monotonic()
            if is_new:
                LOG.warning("the database is away: %s", outage.why)

    def end(self, *_: object) -> None:
        if self._since is None:
            return
        with self._lock:
            since, self._since = self._since, None
        if since is not None:
            LOG.warning("the database is back after %.0f seconds", time.monotonic() - since)
