"""Demo data: two organisations, seven classes, 2,000 students and what they did in the last 60 days.

Everything comes from a fixed seed; only the moments move with the day of loading.
"""

from collections.abc import Callable
from typing import Final

import psycopg
from sqlalchemy import text
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from data.access.engine import new_engine
from data.access.errors import DatabaseAway, DatabaseNotReady, DataError, sqlstate
from data.database.kinds import refuse_attached
from data.database.migrate import is_behind
from data.demo.filling import TABLES, fill
from data.demo.ids import (
    ADMIN,
    CLASS_FIVE,
    CLASS_FOUR,
    CLASS_ONE,
    CLASS_SIX,
    CLASS_THREE,
    CLASS_TWO,
    COHORT,
    COORDINATOR_ONE,
    COORDINATOR_TWO,
    INSTITUTE,
    SCHOOL,
    TEACHER_ONE,
    TEACHER_TWO,
)

__all__ = [
    "ADMIN",
    "CLASS_FIVE",
    "CLASS_FOUR",
    "CLASS_ONE",
    "CLASS_SIX",
    "CLASS_THREE",
    "CLASS_TWO",
    "COHORT",
    "COORDINATOR_ONE",
    "COORDINATOR_TWO",
    "INSTITUTE",
    "SCHOOL",
    "TEACHER_ONE",
    "TEACHER_TWO",
    "load",
]

IS_FILLED: Final = text("""
select
    exists (select from school.student)
    or exists (select from school.staff)
    or exists (select from public.modules)
    or exists (select from public.student_module_progress)
""")


def load(owner_url: URL | str, say: Callable[[str], None] = print, *, mark: bool = False) -> None:
    """Load demo data into an empty, migrated database, in one transaction.

    `owner_url` is the owner's; `say` hears in short sentences how far it is; with `mark` the demo people may
    be opened without a password, which only the embedded database wants. Raises DataError, in words, where
    the database holds people, modules or progress already: nothing is changed then.
    """
    engine = new_engine(owner_url)
    try:
        with engine.begin() as connection:
            _refuse_unready(connection)
            _fill(connection, say)
            if mark:
                connection.execute(text("insert into internal.demo_marker default values"))
    except (OperationalError, psycopg.OperationalError) as error:
        said = getattr(error, "orig", error)
        raise DatabaseAway(
            f"The demo data could not be loaded; nothing was changed. {said}"
        ) from error
    except ProgrammingError as error:
        if sqlstate(error) != "42501":
            raise
        raise DataError("Only the owner of the database may load demo data.") from error
    else:
        _tidy(engine, say)
    finally:
        engine.dispose()


def _refuse_unready(connection: Connection) -> None:
    refuse_attached(connection)
    if is_behind(connection):
        raise DatabaseNotReady(
            "The database is not at this program's schema. Run: python -m data migrate"
        )
    # Two loads at once: the second waits here, then meets what the first one wrote.
    connection.execute(text("set local lock_timeout = '30s'"))
    connection.execute(
        text("lock table public.student_module_progress in share row exclusive mode")
    )
    if connection.scalar(IS_FILLED):
        raise DataError(
            "The database already holds people, modules or progress. Demo data goes into an empty database "
            "only; nothing was changed."
        )


def _fill(connection: Connection, say: Callable[[str], None]) -> None:
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise DatabaseAway("The connection was lost; nothing was changed.")
    now = connection.scalar(text("select now()"))
    if now is None:
        raise DatabaseAway("The database did not say what time it is; nothing was changed.")
    fill(driver, now, say)


def _tidy(engine: Engine, say: Callable[[str], None]) -> None:
    """Statistics for the planner, and the map that index-only scans need: autovacuum takes a minute."""
    say("Tidying …")
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum (analyze) " + ", ".join(TABLES)))
    except OperationalError:
        say("The demo data is loaded; the database will tidy up by itself.")
