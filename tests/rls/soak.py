"""Many people on few connections, with everything going wrong that can: is anybody ever taken for another?"""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.exc import DataError as DivisionByZero
from sqlalchemy.exc import SQLAlchemyError

from data.access.errors import DatabaseAway, DataError
from data.access.session import Database, acting_as, acting_as_nobody
from tests import people
from tests.rls.asking import SEES

THREADS = 16
PROGRESS_ROWS = {people.ANN: 2, people.BEN: 1, people.CLEO: 1, people.DAN: 1}

WHO = text("""
select
    internal.me(),
    current_user::text,
    (select count(*) from public.student_module_progress)
""")
NOBODY = text("select current_user::text, current_setting('request.jwt.claims')::jsonb ->> 'sub'")
LEFT = "select current_user::text, coalesce(current_setting('request.jwt.claims', true), '')"


class FaultError(Exception):
    """One of the page's own."""


class Soak:
    """What a run did and saw."""

    def __init__(self, database: Database, login: str = "progress_app") -> None:
        self.database = database
        self.login = login
        self.did: Counter[str] = Counter()
        self.leaks: list[object] = []
        self._lock = threading.Lock()

    def run(self, transactions: int) -> None:
        """So many transactions, shared out among the threads."""
        with ThreadPoolExecutor(THREADS) as threads:
            shares = [
                transactions // THREADS + (n < transactions % THREADS) for n in range(THREADS)
            ]
            for done in [threads.submit(self._work, n, share) for n, share in enumerate(shares)]:
                done.result()

    def _work(self, seed: int, share: int) -> None:
        rng = random.Random(seed)
        for _ in range(share):
            what = rng.choices(
                ["read", "python", "sql", "timeout", "savepoint", "nobody", "left"],
                [60, 8, 8, 1, 8, 8, 7],
            )[0]
            try:
                getattr(self, f"_{what}")(rng.choice([*people.ROLES, people.ANN]))
            except (FaultError, DivisionByZero):
                pass
            except (DatabaseAway, DataError, SQLAlchemyError, psycopg.Error):
                what += ", killed"
            with self._lock:
                self.did[what] += 1

    def _look(self, connection: Connection, person: UUID) -> None:
        seen = tuple(connection.execute(WHO).one())
        expected = person, "dashboard_person", sum(PROGRESS_ROWS[one] for one in SEES[person])
        if seen != expected:
            self.leaks.append((seen, expected))

    def _read(self, person: UUID) -> None:
        with acting_as(people.actor(self.database, person)) as connection:
            self._look(connection, person)

    def _python(self, person: UUID) -> None:
        with acting_as(people.actor(self.database, person)) as connection:
            self._look(connection, person)
            raise FaultError

    def _sql(self, person: UUID) -> None:
        with acting_as(people.actor(self.database, person)) as connection:
            self._look(connection, person)
            connection.execute(text("select 1 / 0"))

    def _timeout(self, person: UUID) -> None:
        try:
            with acting_as(people.actor(self.database, person)) as connection:
                self._look(connection, person)
                connection.execute(text("set local statement_timeout = '1ms'"))
                connection.execute(text("select pg_sleep(10)"))
        except DatabaseAway as slow:
            raise FaultError from slow

    def _savepoint(self, person: UUID) -> None:
        with acting_as(people.actor(self.database, person)) as connection:
            with connection.begin_nested() as inner:
                connection.execute(text("set local role dashboard_guest"))
                connection.execute(text("select set_config('request.jwt.claims', '', true)"))
                inner.rollback()
            self._look(connection, person)

    def _nobody(self, person: UUID) -> None:
        with acting_as_nobody(self.database) as connection:
            seen = tuple(connection.execute(NOBODY).one())
            if seen != ("dashboard_guest", None):
                self.leaks.append(seen)

    def _left(self, person: UUID) -> None:
        """What a connection out of the pool still knows of whom it served, before anybody is told to it."""
        raw = self.database.engine.raw_connection()
        try:
            cursor = raw.cursor()
            cursor.execute(LEFT)
            seen = cursor.fetchone()
        finally:
            raw.close()
        if seen != (self.login, ""):
            self.leaks.append(seen)


@contextmanager
def killing(superuser_url: str, seconds: float) -> Iterator[Counter[str]]:
    """Meanwhile a session of the app's login is ended every so often, in the midst of whatever it does."""
    ended: Counter[str] = Counter()
    stop = threading.Event()

    def work() -> None:
        with psycopg.connect(superuser_url, autocommit=True) as connection:
            while not stop.wait(seconds):
                found = connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity "
                    "where usename = 'progress_app' and state <> 'idle' order by random() limit 1"
                ).fetchall()
                ended["ended"] += len(found)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield ended
    finally:
        stop.set()
        thread.join(30)
