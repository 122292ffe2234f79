"""Our triggers on the platform's table: placed one by one, when nobody has to wait for them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final

from psycopg import errors
from sqlalchemy import Connection, Engine, text

from data.access.errors import DataError
from data.access.owner import run
from data.database import schema_expected
from data.database.kinds import Kind, platform_triggers

Told = Callable[[str, int, int], None]
"""Hears how far a step is: its name, how much is done, and of how much."""

LOCK_TIMEOUT: Final = text("set local lock_timeout = '100ms'")
"""So long does anybody who writes wait behind us for the table, at most."""

TRIES: Final = 600

PLACED: Final = text("""
select tgname::text
from pg_trigger
join pg_proc on pg_proc.oid = tgfoid
where tgrelid = cast('public.student_module_progress' as regclass)
    and not tgisinternal
    and pronamespace = cast('internal' as regnamespace)
""")


def place(engine: Engine, told: Told) -> None:
    """Each that is not there, or not as it should be. Raises DataError where the table is never free."""
    with engine.connect() as connection:
        wrong = _wrong(connection)
    triggers = platform_triggers(Kind.ATTACHED)
    for number, (name, statement) in enumerate(triggers.items(), 1):
        if name in wrong:
            when_free(engine, statement)
        told("triggers", number, len(triggers))


def _wrong(connection: Connection) -> set[str]:
    found = schema_expected.digests(schema_expected.definitions(connection))
    on_it = "trigger public.student_module_progress "
    return {
        name.removeprefix(on_it)
        for name, digest in schema_expected.expected(Kind.ATTACHED).items()
        if name.startswith(on_it) and found.get(name) != digest
    }


def when_free(engine: Engine, statement: str) -> None:
    """One statement that locks the platform's table, tried until nobody has to wait for it."""
    for _ in range(TRIES):
        try:
            with engine.begin() as connection:
                connection.execute(LOCK_TIMEOUT)
                run(connection, statement)
                return
        except errors.LockNotAvailable:
            pass
        time.sleep(random.uniform(0.02, 0.3))  # noqa: S311 (nobody gains by guessing it)
    raise DataError(
        "The progress table was in use without a pause: some transaction on it has been open for minutes. "
        "Nothing waits; end it, or try again later."
    )
