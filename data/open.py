"""From settings to an open database: the embedded one started, migrated and filled, or the school's own."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import text

from data import demo
from data.access.errors import DatabaseNotReady
from data.access.owner import as_owner
from data.access.session import Database, connect
from data.database import app_login, claims_keys, embedded, migrate, preflight
from data.database.embedded import revive
from data.reading.replica import replicate
from data.settings import Settings

Say = Callable[[str], None]

MOST_TOLD: Final = 5  # faults in one refusal; the command tells all


def open_database(
    settings: Settings, say: Say = lambda sentence: None, *, with_demo: bool = True
) -> Database:
    """A database that is ready for use.

    The embedded one is started (or shared with the process that runs it), migrated, and filled with demo
    data where it is empty and `with_demo` is true; `say` is told each step. Raises DataError, in words.
    """
    leading = None
    if settings.database_url is None:
        revive.refuse_in(settings.data_dir.resolve())
        server = start_embedded(settings, say, with_demo=with_demo)
        leading = keep_running(settings, server).lead
        url, key = server.app_url, claims_keys.present_key(server.owner_url)
    else:
        url, key = settings.database_url.render_as_string(hide_password=False), settings.claims_key
    # Where it can only be read, whoever is signed in can do that.
    found = [one for one in preflight.faults(url, key) if one.code != "read_only"]
    if found:
        first = " ".join(fault.message for fault in found[:MOST_TOLD])
        rest = (
            f" And {len(found) - MOST_TOLD} more: python -m data check" if found[MOST_TOLD:] else ""
        )
        raise DatabaseNotReady(first + rest)
    database = connect(url, key=key, leading=leading)
    if settings.read_url is not None:
        replicate(database, settings.read_url)
    return database


def keep_running(settings: Settings, server: embedded.Server) -> revive.Keeper:
    """Have the embedded server be started again where it ends, for as long as this process lives."""
    return revive.keep(server, lambda: start_embedded(settings, with_demo=False))


def start_embedded(
    settings: Settings, say: Say = lambda sentence: None, *, with_demo: bool = True
) -> embedded.Server:
    """The embedded server, running, at the current schema, `with_demo` data where it held nothing.

    Raises DataError, in words.
    """
    server = embedded.start(settings.data_dir, say)
    app_login.restore(server.owner_url, server.app_url)
    with as_owner(server.owner_url) as connection:
        is_behind = migrate.is_behind(connection)
    if is_behind:
        say("Preparing the tables …")
        migrate.migrate(server.owner_url, server.app_url)
    if with_demo and server.mine and _is_empty(server.owner_url):
        say("Filling it with demo data …")
        demo.load(server.owner_url, say, mark=True)
    return server


def _is_empty(owner_url: str) -> bool:
    with as_owner(owner_url) as connection:
        return bool(connection.scalar(text("select not exists (select from auth.users)")))
