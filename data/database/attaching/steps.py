"""Attaching, in steps that hold nobody up: each is committed by itself, and goes on where it was ended.

What is our own is made; the roster is copied; the triggers are placed one by one, when nobody has to wait for
them; the rows from before are counted, some at a time.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from psycopg import sql
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL, make_url

from data.access.engine import engine_for_once
from data.access.errors import DataError
from data.access.owner import refusals_in_words, run
from data.database import app_login, claims_keys, migrate
from data.database.attaching import making
from data.database.attaching.giving_way import giving_way
from data.database.attaching.making import Wanted
from data.database.attaching.reporting.sources import sources
from data.database.briefly import when_free
from data.database.kinds import Kind, has_triggers, kind_of
from data.database.platform_triggers import Told, place, remove

PIECE_SECONDS: Final = 0.05
"""How long a piece of the rows is meant to take: so long may a writer of one of them wait."""

FIRST, MOST = 50, 5000
AT_ONCE, WITH_NOBODY = 500, 20_000
"""How many facts are mended at once while the platform's writers wait for them, and where they do not."""

AGAIN: Final = "What was done before it stays: run the same command to go on, or detach to go back."

STEP: Final = text("select step from internal.attachment")
READ_AGAIN: Final = text(
    "select internal.refresh_roster() from internal.attachment where step = 'ready'"
)
SET_STEP: Final = text("update internal.attachment set step = :step")
KNOWN: Final = text("""
update internal.attachment
set
    step = 'recording',
    known_since = case when :triggers or known_since is null then clock_timestamp() else known_since end
""")
SWITCH: Final = text("update internal.attachment set step = 'filled' where step <> 'made'")
REMEMBER: Final = text("""
insert into internal.stale_fact (student_id, module_id)
select student_id, module_id
from internal.astray_fact
""")
"""Rows without a fact, facts without a row, and what was counted otherwise, as after a trigger was lost."""

BACKFILL: Final = sql.SQL("select internal.backfill_facts({})")
REFRESH: Final = text("select internal.refresh_facts(:most)")
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
            _place(engine, told, wanted)
            _mend(engine, told, wanted)
        while (step := _step(engine)) != "ready":
            NEXT[step](engine, told, wanted)
        if not wanted.triggers:
            with engine.begin() as connection:
                connection.execute(text("select internal.refresh_roster()"))
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
        is_switched = wanted.triggers != has_triggers(connection)
        if not wanted.triggers:
            run(connection, making.WITHOUT_TRIGGERS)
        making.say(connection, wanted)
        if is_switched:
            connection.execute(SWITCH)
        connection.execute(READ_AGAIN)  # who is who may have changed by what was said
        return
    if migrate.revision(connection) is not None:
        raise DataError(
            "This database was made by this program itself: there is nothing to attach."
        )
    making.make(connection, wanted, str(app_login.role_of(login)))
    app_login.admit(connection, login)
    claims_keys.make_first(connection)


def _fill(engine: Engine, told: Told, wanted: Wanted) -> None:  # noqa: ARG001 - as every step
    told("roster", 0, 1)
    with engine.begin() as connection, giving_way(engine, connection):
        connection.execute(text("set local statement_timeout = '30min'"))
        refreshed = connection.scalar(text("select internal.refresh_roster()"))
        said = connection.scalar(text("select refresh_error from internal.attachment"))
        if not refreshed:
            raise DataError(f"The roster could not be read through the adapter: {said}")
        connection.execute(SET_STEP, {"step": "filled"})
    told("roster", 1, 1)


def _record(engine: Engine, told: Told, wanted: Wanted) -> None:
    _place(engine, told, wanted)
    if not wanted.triggers:
        remove(engine, told)
    with engine.begin() as connection:
        connection.execute(KNOWN, {"triggers": wanted.triggers})


def _place(engine: Engine, told: Told, wanted: Wanted) -> None:
    """Those on the progress table, and those that tell that the roster changed."""
    place(engine, told, on_theirs=wanted.triggers)
    if not wanted.triggers:
        return
    with engine.begin() as connection:
        wrong = [one for one in sources(connection, wanted.adapter) if not one.is_right]
    for number, one in enumerate(wrong, 1):
        when_free(engine, one.said())
        told("triggers", number, len(wrong))


def _backfill(engine: Engine, told: Told, wanted: Wanted) -> None:
    with engine.connect() as connection:
        expected = int(connection.scalar(EXPECTED_ROWS) or 0)
    for done in _in_pieces(engine, BACKFILL):
        told("rows", done, max(done + 1, expected))
    _mend(engine, told, wanted)
    with engine.begin() as connection:
        if wanted.triggers:
            run(connection, "drop table if exists internal.without_triggers")
        connection.execute(SET_STEP, {"step": "ready"})


def _mend(engine: Engine, told: Told, wanted: Wanted) -> None:
    """Facts that were made by reading, where rows are others by now; then what triggers left behind."""
    with engine.connect() as connection:
        is_read = not has_triggers(connection)
    most = AT_ONCE if wanted.triggers else WITH_NOBODY
    found = most if is_read else 0
    while found == most:
        with engine.begin() as connection:
            found = int(connection.scalar(REFRESH, {"most": most}) or 0)
    _cure(engine, told)


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


NEXT: Final[dict[str, Callable[[Engine, Told, Wanted], None]]] = {
    "made": _fill,
    "filled": _record,
    "recording": _backfill,
}
"""What brings it on from each step."""
