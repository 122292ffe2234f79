"""Attaching, in steps that hold nobody up: each is committed by itself, and goes on where it was ended.

What is our own is made; the roster is copied; the triggers are placed one by one, when nobody has to wait for
them; the rows from before are counted, some at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from psycopg import sql
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL, make_url

from data.access.engine import engine_for_once
from data.access.errors import DataError
from data.access.owner import refusals_in_words
from data.database import app_login, claims_keys, migrate
from data.database.attaching import making
from data.database.attaching.giving_way import giving_way
from data.database.attaching.making import Wanted
from data.database.briefly import when_free
from data.database.kinds import Kind, kind_of
from data.database.platform_triggers import Told, place

PIECE_SECONDS: Final = 0.05
"""How long a piece of the rows is meant to take: so long may a writer of one of them wait."""

FIRST, MOST = 50, 5000

AGAIN: Final = "What was done before it stays: run the same command to go on, or detach to go back."

STEP: Final = text("select step from internal.attachment")
READ_AGAIN: Final = text(
    "select internal.refresh_roster() from internal.attachment where step = 'ready'"
)
SET_STEP: Final = text("update internal.attachment set step = :step")
KNOWN: Final = text("""
update internal.attachment
set step = 'recording', known_since = clock_timestamp()
""")
REMEMBER: Final = text("""
insert into internal.stale_fact (student_id, module_id)
select student_id, module_id
from internal.astray_fact
""")
"""Rows without a fact, facts without a row, and what was counted otherwise, as after a trigger was lost."""

BACKFILL: Final = sql.SQL("select internal.backfill_facts({})")
CURE: Final = sql.SQL("select internal.cure_facts({})")
EXPECTED_ROWS: Final = text("""
select greatest(reltuples, 0)::bigint
from pg_class
where oid = cast('public.student_module_progress' as regclass)
""")


def attach(owner_url: URL | str, login: URL | str, wanted: Wanted, told: Told) -> None:
    """From wherever it is to ready. Raises DataError, in words; whatever was done stays, to go on from."""
    with engine_for_once(owner_url) as engine, refusals_in_words(AGAIN), alone(engine):
        with engine.begin() as connection, giving_way(engine, connection):
            _begin(connection, make_url(login), wanted)
        if _step(engine) == "ready":
            place(engine, told)
            _cure(engine, told)
        while (step := _step(engine)) != "ready":
            NEXT[step](engine, told)
        migrate.settle(engine)


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
        connection.execute(READ_AGAIN)  # who is who may have changed by what was said
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
    with engine.begin() as connection, giving_way(engine, connection):
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
    with engine.connect() as connection:
        expected = int(connection.scalar(EXPECTED_ROWS) or 0)
    for done in _in_pieces(engine, BACKFILL):
        told("rows", done, max(done + 1, expected))
    _cure(engine, told)
    with engine.begin() as connection:
        connection.execute(SET_STEP, {"step": "ready"})


def _cure(engine: Engine, told: Told) -> None:
    """Facts that are missing, of nothing or otherwise, which pieces and triggers left behind."""
    with engine.begin() as connection, giving_way(engine, connection):
        wrong = connection.execute(REMEMBER).rowcount
    done = 0
    for done in _in_pieces(engine, CURE):
        told("rows", done, max(done + 1, wrong))
    told("rows", done, done)


def _in_pieces(engine: Engine, said: sql.SQL) -> Iterator[int]:
    """How many are done, after each piece, until none is left: pieces of a length that takes no longer than
    somebody may wait. One that would is tried again with half of it."""
    done, most = 0, FIRST
    while True:
        began = time.monotonic()
        sizes = (max(1, most >> times) for times in range(MOST.bit_length()))
        found = int(when_free(engine, *map(said.format, sizes)))
        if not found:
            return
        done += found
        yield done
        took = time.monotonic() - began
        most = min(MOST, max(1, int(found * min(2, PIECE_SECONDS / max(took, 0.001)))))


NEXT: Final[dict[str, Callable[[Engine, Told], None]]] = {
    "made": _fill,
    "filled": _record,
    "recording": _backfill,
}
"""What brings it on from each step."""
