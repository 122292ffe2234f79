"""Bringing a database to the current schema, and telling whether it is there."""

from typing import Final

import psycopg
from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from data.access.engine import new_engine
from data.access.errors import NOT_OWNER, DatabaseAway, DatabaseNotReady, DataError, sqlstate
from data.access.outage_words import SHUT_OUT
from data.access.unreachable import Unreachable
from data.database import app_login, claims_keys, migrations, platform_triggers, schema
from data.database.kinds import Kind, has_triggers, kind_of

TOO_OLD: Final = (
    "This database was prepared by a trial version from before the first release, and this program cannot "
    "bring it over. Give it a new database. Nothing was changed."
)
TOO_NEW: Final = (
    "This database was migrated by a newer release. Update the program, then start it again."
)

NOT_UTF8: Final = (
    "The encoding of this database cannot store every name. Make one with: create database NAME "
    "encoding 'UTF8' template template0."
)
ROWLESS: Final = (
    "This database holds the structure of this program's without its rows, as a restore of the schema alone "
    "makes it. Restore it with its rows, or use an empty database."
)

FOREIGN: Final = (
    "This database already has a student_module_progress table that was not made here. To work on it, attach: "
    "python -m data attach --adapter institutions --dry-run tells what that does; other adapters are classes, "
    "or a file of your own."
)

PROGRESSLESS: Final = (
    "This database holds the history of progress, and no progress: rows alone were restored into a database "
    "that was prepared before. Restore the whole dump into an empty database. Nothing was changed."
)
IS_PROGRESSLESS: Final = text("""
select case when not exists (select from public.student_module_progress) then exists (
    select
    from (
        select distinct on (student_id, module_id) operation
        from dashboard.history
        order by student_id, module_id, id desc
    ) as newest
    where operation <> 'delete'
) or to_regclass('internal.attachment') is null and exists (select from dashboard.fact) end
""")
"""Whatever is removed is in the history, and TRUNCATE is refused: no other way leads there. (Rows alone do not
come into its months.)"""

AT: Final = text("""
select version_num, to_jsonb(alembic_version) ->> 'serves_since' as serves_since
from dashboard_migrations.alembic_version
""")
"""The column is not there before the first migration that says it."""

KEEP_MONTHS: Final = text("select internal.keep_months(null, 20000000)")
"""A month that was missing is made for at most so many entries: half of what there is time to move."""

SETTLE: Final = text("select internal.settle(20000)")

# Any number, the same in every release: two migrations of one database must not run at once.
ADVISORY_LOCK: Final = 7_205_759_403

# A migration that waits for a lock makes every reader behind it wait too: give up instead.
LOCK_TIMEOUT: Final = "10s"


def head() -> str:
    """The revision this program needs."""
    return str(migrations.revisions().get_current_head())


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None where it was never migrated."""
    known = connection.scalar(text("select to_regclass('dashboard_migrations.alembic_version')"))
    if known is None:
        return None
    found: str | None = connection.scalar(
        text("select version_num from dashboard_migrations.alembic_version")
    )
    return found


def is_utf8(connection: Connection) -> bool:
    """Can the database store every letter?"""
    return bool(connection.scalar(text("show server_encoding")) == "UTF8")


def is_rowless(connection: Connection) -> bool:
    """Was it restored without its rows? Then even the revision it is at is missing."""
    known = connection.scalar(text("select to_regclass('dashboard_migrations.alembic_version')"))
    return known is not None and revision(connection) is None


def is_foreign(connection: Connection) -> bool:
    """Has another program made the progress table, and this one nothing?"""
    there = text("select to_regclass('public.student_module_progress') is not null")
    return revision(connection) is None and bool(connection.scalar(there))


def is_known(found: str) -> bool:
    """Is this a revision of this program's? One of a newer release is not."""
    return found in {script.revision for script in migrations.revisions().walk_revisions()}


def serves(found: str, since: str | None) -> bool:
    """Is this the revision of a newer release, whose database serves this program too? It says `since` which
    revision it does."""
    return since is not None and since <= head() < found and not is_known(found)


def is_served(connection: Connection) -> bool:
    """Has a newer release migrated the database, to what serves this program too?"""
    at = connection.execute(AT).first() if revision(connection) is not None else None
    return at is not None and serves(at.version_num, at.serves_since)


def is_too_old(found: str) -> bool:
    """Is it from before the first revision that this program brings over? Revisions begin with their number."""
    return found < migrations.FIRST


def is_behind(connection: Connection) -> bool:
    """Has this program something to bring to the database? Asked as its owner."""
    if is_served(connection):
        return False
    return revision(connection) != head() or bool(schema.files_behind(connection))


def migrate(owner_url: URL | str, login: URL | str) -> str:
    """Bring the database to the current schema, all or nothing; returns the revision it is at then. What a
    newer release made, and serves this program too, stays as it is.

    `owner_url` may create schemas and roles; `login` is the app's URL: its user is created where it is missing,
    granted what it needs, and put right where it was turned against the app. Raises DataError, in words.
    """
    engine = new_engine(owner_url)
    try:
        with engine.begin() as connection:
            _guard(connection)
            if is_served(connection):
                return str(revision(connection))
            _refuse_foreign_table(connection)
            _upgrade(connection)
            if connection.scalar(IS_PROGRESSLESS):
                raise DatabaseNotReady(PROGRESSLESS)
            app_login.admit(connection, make_url(login))
            claims_keys.make_first(connection)
            connection.execute(KEEP_MONTHS)
            is_attached = kind_of(connection) is Kind.ATTACHED
            on_theirs = has_triggers(connection)
        if is_attached:
            platform_triggers.place(engine, lambda what, done, of: None, on_theirs=on_theirs)
        settle(engine)
    except (DBAPIError, psycopg.Error) as error:  # the SQL files go past SQLAlchemy
        raise _in_words(error) from error
    finally:
        engine.dispose()
    return head()


def settle(engine: Engine) -> None:
    """Count again what is noted as unsure of how students stand (standings.sql), in transactions of their own:
    it is counted whenever it is read until then, and nobody who writes waits. As the owner."""
    notes = 1
    while notes:
        with engine.begin() as connection:
            notes = int(connection.scalar(SETTLE) or 0)


def _in_words(error: DBAPIError | psycopg.Error) -> DataError:
    reason = getattr(error, "orig", error)
    away = isinstance(reason, psycopg.OperationalError)
    told = reason.why if isinstance(reason, Unreachable) else str(reason)
    if sqlstate(error) == SHUT_OUT:
        told = f"{told.splitlines()[0]}. {NOT_OWNER}"
    return (DatabaseAway if away else DataError)(
        f"The database could not be migrated; nothing was changed. {told}"
    )


def _guard(connection: Connection) -> None:
    version = int(connection.scalar(text("show server_version_num")) or 0)
    if version < 150000:
        raise DatabaseNotReady("This PostgreSQL is too old. Version 15 to 18 is needed.")
    if not is_utf8(connection):
        raise DatabaseNotReady(f"{NOT_UTF8} Nothing was changed.")
    connection.execute(text("select set_config('lock_timeout', :it, true)"), {"it": LOCK_TIMEOUT})
    connection.execute(text("set local statement_timeout = '10min'"))
    connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


def _refuse_foreign_table(connection: Connection) -> None:
    if is_rowless(connection):
        raise DatabaseNotReady(f"{ROWLESS} Nothing was changed.")
    if is_foreign(connection):
        raise DatabaseNotReady(f"{FOREIGN} Nothing was changed.")


def make(connection: Connection, kind: Kind) -> None:
    """A new schema, at the current revision."""
    connection.execute(text("create schema if not exists dashboard_migrations"))
    migrations.stamp(connection)
    schema.make(connection, kind)


def _upgrade(connection: Connection) -> None:
    """A new database is made whole; of an older one the tables are migrated, and the rest is put in force."""
    at = revision(connection)
    if at is None:
        make(connection, Kind.STANDALONE)
        return
    if not is_known(at):
        raise DatabaseNotReady(TOO_OLD if is_too_old(at) else TOO_NEW)
    migrations.upgrade(connection)
    schema.put_in_force(connection)
