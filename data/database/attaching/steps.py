"""Attaching, in steps that hold nobody up: each is committed by itself, and goes on where it was ended.

What is our own is made; the roster is copied; the triggers are placed one by one, when nobody has to wait for
them; the rows from before are counted, some at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL, make_url

from data.access.engine import engine_for_once
from data.access.errors import DataError
from data.access.owner import refusals_in_words
from data.database import app_login, claims_keys, migrate
from data.database.attaching import making
from data.database.attaching.making import Wanted
from data.database.kinds import Kind, kind_of
from data.database.platform_triggers import Told, place

PIECE_SECONDS: Final = 0.05
"""How long a piece of the rows from before may take: so long may a writer of one of them wait."""

FEWEST, MOST = 50, 5000

AGAIN: Final = "What was done before it stays: run the same command to go on, or detach to go back."

STEP: Final = text("select step from internal.attachment")
SET_STEP: Final = text("update internal.attachment set step = :step")
KNOWN: Final = text("""
update internal.attachment
set step = 'recording', known_since = clock_timestamp()
""")
COUNT_AGAIN: Final = text("""
update internal.attachment
set step = 'recording', backfilled_student = null, backfilled_module = null
where step = 'ready'
    and exists (
        select
        from public.student_module_progress as progress
        full join dashboard.fact using (student_id, module_id)
        where progress.student_id is null or fact.student_id is null
    )
""")
"""Where rows are without a fact or facts without a row, as after a trigger was lost."""

BACKFILL: Final = text("select internal.backfill_facts(:most)")
EXPECTED_ROWS: Final = text("""
select greatest(reltuples, 0)::bigint
from pg_class
where oid = cast('public.student_module_progress' as regclass)
""")


def attach(owner_url: URL | str, login: URL | str, wanted: Wanted, told: Told) -> None:
    """From wherever it is to ready. Raises DataError, in words; whatever was done stays, to go on from."""
    with engine_for_once(owner_url) as engine, refusals_in_words(AGAIN), alone(engine):
        with engine.begin() as connection:
            _begin(connection, make_url(login), wanted)
        while (step := _step(engine)) != "ready":
            NEXT[step](engine, told)


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """Nobody else attaches, detaches or migrates this database meanwhile."""
    with engine.connect() as connection:
        # Of the transaction, which stays open: a lock of the session would outlive it behind a pooler.
        connection.execute(text("set local idle_in_transaction_session_timeout = 0"))
        taken = connection.scalar(
            text("select pg_try_advisory_xact_lock(:key)"), {"key": migrate.ADVISORY_LOCK}
        )
        if not taken:
            raise DataError("Somebody else is attaching or migrating this database just now.")
        yield


def _step(engine: Engine) -> str:
    with engine.connect() as connection:
        return str(connection.scalar(STEP))


def _begin(connection: Connection, login: URL, wanted: Wanted) -> None:
    if kind_of(connection) is Kind.ATTACHED:
        making.say(connection, wanted)
        connection.execute(COUNT_AGAIN)
        return
    if migrate.revision(connection) is not None:
        raise DataError(
            "This database was made by this program itself: there is nothing to attach."
        )
    making.make(connection, wanted, str(app_login.role_of(login)))
    app_login.admit(connection, login)
    claims_keys.make_first(connection)


def _fill(engine: Engine, told: Told) -> None:
    told("roster", 0, 1)
    with engine.begin() as connection:
        connection.execute(text("set local statement_timeout = '30min'"))
        refreshed = connection.scalar(text("select internal.refresh_roster()"))
        said = connection.scalar(text("select refresh_error from internal.attachment"))
        if not refreshed:
            raise DataError(f"The roster could not be read through the adapter: {said}")
        connection.execute(SET_STEP, {"step": "filled"})
    told("roster", 1, 1)


def _record(engine: Engine, told: Told) -> None:
    place(engine, told)
    with engine.begin() as connection:
        connection.execute(KNOWN)


def _backfill(engine: Engine, told: Told) -> None:
    """In pieces of a length that takes no longer than somebody may wait."""
    with engine.connect() as connection:
        expected = int(connection.scalar(EXPECTED_ROWS) or 0)
    done, most = 0, FEWEST
    while True:
        began = time.monotonic()
        with engine.begin() as connection:
            found = int(connection.scalar(BACKFILL, {"most": most}) or 0)
        done += found
        told("rows", done, max(done, expected))
        if found < most:
            break
        took = time.monotonic() - began
        most = min(MOST, max(FEWEST, int(most * min(2, PIECE_SECONDS / max(took, 0.001)))))
    with engine.begin() as connection:
        connection.execute(text("select internal.remove_facts_of_nothing()"))
        connection.execute(SET_STEP, {"step": "ready"})


NEXT: Final[dict[str, Callable[[Engine, Told], None]]] = {
    "made": _fill,
    "filled": _record,
    "recording": _backfill,
}
"""What brings it on from each step."""
