"""The app's login: who it is already, where its address leads, and whether the app would start as it."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from data.access.engine import engine_for_once
from data.database.app_login import is_refused, role_of
from data.database.attaching.findings import AttachFinding, consent, note, stop
from data.database.preflight import setting_faults, standing_faults

IS_THERE: Final = text("select rolcanlogin as may_log_in from pg_roles where rolname = :name")

PLACE: Final = text("""
select oid, pg_postmaster_start_time(), pg_backend_pid()
from pg_database
where datname = current_database()
""")
"""Which database of which server this is, and by which of its processes."""


def of_login(connection: Connection, owner: URL, login: URL) -> Iterator[AttachFinding]:
    """What DATABASE_URL names, before anything is made."""
    name = role_of(login)
    if not name or name == role_of(owner):
        yield stop(
            "login",
            "DATABASE_URL must name a login of the app's own, with a name and a password of your choice, and "
            "not the user of DATABASE_OWNER_URL: attaching makes it.",
        )
        return
    yield from _of_one_there(connection, name, login)
    yield from _of_address(connection, owner, login)


def _of_one_there(connection: Connection, name: str, login: URL) -> Iterator[AttachFinding]:
    it = connection.execute(IS_THERE, {"name": name}).one_or_none()
    if it is None:
        return
    yield consent(
        "login_there",
        f"The login {name} is there already, and becomes the app's: it may then do what the app may. Detach "
        "leaves it there.",
    )
    if not it.may_log_in:
        yield stop("login", f"The role {name} may not log in. Name another in DATABASE_URL.")
    elif is_refused(login):
        yield stop(
            "login",
            f"The password in DATABASE_URL is not that of the login {name}, which may be the platform's: it is "
            "not changed. Correct it, or name a login that is not there yet.",
        )
    for one in setting_faults(connection, name):
        yield stop(
            one.code,
            f"{one.message} If it is the platform's, name a login that is not there yet.",
        )


def _of_address(connection: Connection, owner: URL, login: URL) -> Iterator[AttachFinding]:
    """Does DATABASE_URL lead here, and how? Tried as the owner: its own user may not be there yet."""
    if _address(login) == _address(owner):
        return
    try:
        with engine_for_once(by_address_of(login, owner)) as engine, engine.connect() as other:
            there = other.execute(PLACE).one()
            driver = other.connection.driver_connection
            is_pooled = driver is not None and driver.info.backend_pid != there[2]
    except OperationalError:
        yield note(
            "address",
            "Whether DATABASE_URL leads to this database could not be tried: its address does not let the user "
            "of DATABASE_OWNER_URL in. It is tried as the app's login when all is made.",
        )
        return
    if there[:2] != connection.execute(PLACE).one()[:2]:
        yield stop(
            "address",
            "DATABASE_URL and DATABASE_OWNER_URL lead to two databases. Both must lead to the same one.",
        )
    elif is_pooled:
        yield note(
            "address",
            "DATABASE_URL leads through a pooler. All works through it; where it is shared by transactions "
            "(often port 6543), pages hear of changes a second later: the direct address, or the one for "
            "sessions, has them hear at once.",
        )


def _address(url: URL) -> tuple[object, ...]:
    return url.host, url.port or 5432, url.database, url.query


def by_address_of(login: URL, owner: URL) -> URL:
    """Where the login would connect, as the owner. A shared pooler is told the project behind the name."""
    name, project = role_of(login) or "", login.username or ""
    return login.set(
        username=f"{role_of(owner)}{project.removeprefix(name)}", password=owner.password
    )


def would_not_start(connection: Connection, login: URL) -> Iterator[AttachFinding]:
    """What each start refuses, asked of what was made, before any of it is kept."""
    for one in standing_faults(connection, str(role_of(login)), placed=False):
        yield stop(one.code, f"The app would not start. {one.message}")
