"""Statements for which the platform may have to wait: whole in one message, so that nothing on the way can make
it longer, and given up where it would take too long.
"""

import random
import time
from typing import Any, Final

from psycopg import errors, sql
from sqlalchemy import Engine

from data.access.errors import DatabaseAway, DataError

BRIEFLY: Final = sql.SQL(
    "set local lock_timeout = '100ms'; set local statement_timeout = '150ms'; set local jit = off; {}"
)
"""So long does anybody who writes wait behind us, at most. Statements in one message are a transaction.
Compiling one would take longer than that."""

TOO_LONG: Final = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected)

TRIES: Final = 600


def briefly(engine: Engine, said: sql.Composable) -> Any:
    """What the statement answers first. Raises one of TOO_LONG; nothing stays of it then."""
    with engine.connect() as connection:
        alone = connection.execution_options(isolation_level="AUTOCOMMIT")
        driver = alone.connection.driver_connection
        if driver is None:
            raise DatabaseAway("The connection was lost; nothing was changed.")
        answer = driver.execute(BRIEFLY.format(said))
        while answer.nextset():
            pass
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def when_free(engine: Engine, *said: sql.Composable) -> Any:
    """Briefly, and again until nobody has to wait for it: each time the next of what is said, at last the last.

    Raises DataError where it is never free.
    """
    for times in range(TRIES):
        try:
            return briefly(engine, said[min(times, len(said) - 1)])
        except TOO_LONG:
            time.sleep(random.uniform(0.02, 0.3))  # noqa: S311 (nobody gains by guessing it)
    raise DataError(
        "A table of the platform's was in use without a pause: some transaction on it has been open for "
        "minutes. Nothing waits; end it, or try again later."
    )
