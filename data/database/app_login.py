"""The app's login: let into a database, and put right where a statement turned it against the app.

PostgreSQL lets each login change its own password and settings, and has no privilege that takes that away. So
whoever gets a statement of their own into a query may lock the app out. The owner undoes it.
"""

from contextlib import suppress
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from data.access.engine import engine_for_once
from data.access.errors import DataError, is_refused_password
from data.access.owner import as_owner, run

MAY_ACT: Final = text("""
select bool_and(pg_has_role(cast(:name as name), role, 'member'))
from unnest(array['dashboard_person', 'dashboard_guest']::name[]) as role
""")

SETTINGS: Final = text("""
select
    setting,
    'alter role ' || quote_ident(rolname)
        || coalesce(' in database ' || quote_ident(datname), '')
        || ' reset ' || quote_ident(setting) as cure
from pg_db_role_setting
join pg_roles on pg_roles.oid = setrole
left join pg_database on pg_database.oid = setdatabase
cross join lateral unnest(setconfig) as configured
cross join lateral split_part(configured, '=', 1) as setting
where rolname = :name and (setdatabase = 0 or datname = current_database())
order by 2
""")
"""What was set for a login by `alter role`, here or everywhere, each with the statement that takes it away."""


def role_of(login: URL) -> str | None:
    """The role behind the user of a URL: Supabase's pooler is told NAME.PROJECT, and connects as NAME."""
    name, host = login.username, login.host or ""
    if name and ".pooler.supabase." in host:
        return name.rpartition(".")[0] or name
    return name


def admit(connection: Connection, login: URL) -> None:
    """As the owner: the login made where it is missing, able to act for people and for guests, and no more.

    Raises DataError, in words.
    """
    name = role_of(login)
    if not name:
        raise DataError(
            "DATABASE_URL names no user. Write postgresql://user:password@host/database."
        )
    user = sql.Identifier(name)
    known = connection.scalar(
        text("select true from pg_roles where rolname = :name"), {"name": name}
    )
    if not known:
        create = sql.SQL("create role {} login noinherit password {}")
        run(connection, create.format(user, sql.Literal(str(login.password or ""))))
    owner = connection.scalar(text("select current_user"))
    if name == owner:
        raise DataError(
            "DATABASE_URL and DATABASE_OWNER_URL name the same user. The app's login must own nothing: "
            "choose another name in DATABASE_URL, and migrate creates it."
        )
    if not connection.scalar(MAY_ACT, {"name": name}):
        # Only once: roles are the whole server's, where another database may be migrated just now.
        run(connection, sql.SQL("grant dashboard_person, dashboard_guest to {}").format(user))
    database = sql.Identifier(str(connection.scalar(text("select current_database()"))))
    run(connection, sql.SQL("grant connect on database {} to {}").format(database, user))
    # A temporary table or type of its own could stand in front of ours.
    run(connection, sql.SQL("revoke temporary on database {} from public").format(database))
    admitted = "insert into internal.app_login (name) values (:name) on conflict do nothing"
    connection.execute(text(admitted), {"name": name})
    if known:
        _restore(connection, login)


def restore(owner_url: URL | str, login: URL | str) -> None:
    """The login's settings, password and right to connect as they were, whatever a statement made of them.

    Raises DatabaseAway or DatabaseNotReady, in words.
    """
    it = make_url(login)
    with as_owner(owner_url) as connection:
        database = str(connection.scalar(text("select current_database()")))
        allowed = text("select has_database_privilege(:name, current_database(), 'CONNECT')")
        if not connection.scalar(allowed, {"name": role_of(it)}):
            grant = sql.SQL("grant connect on database {} to {}")
            names = sql.Identifier(database), sql.Identifier(str(role_of(it)))
            run(connection, grant.format(*names))
        _restore(connection, it)


def _restore(connection: Connection, login: URL) -> None:
    """Only what is not as it was; and what this owner may not, the start tells with its statement."""
    for _, cure in connection.execute(SETTINGS, {"name": role_of(login)}).all():
        _try(connection, sql.SQL(cure))
    if login.password is not None and is_refused(login):
        again = sql.SQL("alter role {} password {}")
        user, password = sql.Identifier(str(role_of(login))), sql.Literal(str(login.password))
        _try(connection, again.format(user, password))


def is_refused(login: URL) -> bool:
    """Is it the password that keeps this login out?"""
    try:
        with engine_for_once(login) as engine:
            engine.connect().close()
    except OperationalError as error:
        return is_refused_password(error)
    return False


def _try(connection: Connection, statement: sql.Composable) -> None:
    with suppress(psycopg.errors.InsufficientPrivilege), connection.begin_nested():
        run(connection, statement)
