"""Long transactions that read what is the platform's: ended as soon as somebody there has to wait for them.

Reading keeps nobody from writing. But whoever alters or empties a table waits for its readers, and all who
write there wait behind.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from data.access.errors import DataError

LOOK_EVERY: Final = 0.1  # seconds

GAVE_WAY: Final = (
    "The platform alters or empties one of its tables just now, and this gave way to it. Nothing of this step "
    "was changed: run the command again."
)
PID: Final = text("select pg_backend_pid()")
END: Final = text("""
select pg_cancel_backend(:pid)
where exists (
    select
    from pg_locks
    join pg_stat_activity using (pid)
    join pg_class on pg_class.oid = relation
    where not granted
        and backend_type = 'client backend'
        and relnamespace::regnamespace::text not in ('dashboard', 'roster', 'school', 'internal')
        and :pid = any (pg_blocking_pids(pid))
)
""")


@contextmanager
def giving_way(engine: Engine, connection: Connection) -> Iterator[None]:
    """For as long as this transaction takes. Raises DataError where it was ended for somebody."""
    is_over, is_ended = Event(), Event()
    pid = connection.scalar(PID)
    watching = Thread(target=_watch, args=(engine, pid, is_over, is_ended))
    watching.start()
    try:
        yield
    except (DBAPIError, psycopg.Error) as error:
        # Whoever ended it hears of that later than it does, perhaps.
        is_over.set()
        watching.join()
        if is_ended.is_set():
            raise DataError(GAVE_WAY) from error
        raise
    finally:
        is_over.set()
        watching.join()
    if is_ended.is_set():
        raise DataError(GAVE_WAY)


def _watch(engine: Engine, pid: int, is_over: Event, is_ended: Event) -> None:
    with engine.connect() as connection:
        looking = connection.execution_options(isolation_level="AUTOCOMMIT")
        while not is_over.wait(LOOK_EVERY):
            if looking.scalar(END, {"pid": pid}):
                is_ended.set()
