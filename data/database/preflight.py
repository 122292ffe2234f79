"""Is the database fit for use? Asked at every start, and by `python -m data check`."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError

from data.access.claims import ROLE, ClaimsKey
from data.access.engine import engine_for_once
from data.access.errors import UNSIGNED, outages_in_words, sqlstate
from data.access.outage_words import READ_ONLY_CAUSE, SHUT_OUT
from data.database import migrate
from data.database.app_login import SETTINGS
from data.database.schema_drift import drift

OLDEST: Final = 15

RIGHTLESS: Final = (
    "The app's login lacks the rights that this program gives: the database was restored without them "
    "(--no-privileges), or somebody took them away. Run: python -m data migrate"
)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, as a short code and a sentence that says what to do."""

    code: str
    message: str


def faults(url: URL | str, key: ClaimsKey | None) -> list[Fault]:
    """What keeps the app's login at `url` from being used, signing with `key`; empty where all is well.

    Raises DatabaseAway where nobody answers.
    """
    with engine_for_once(url) as engine, outages_in_words(), engine.connect() as connection:
        version = _version_faults(connection) + _revision_faults(connection)
        # What follows asks about tables that only a migrated database has.
        if version:
            return version
        login = str(connection.scalar(text("select session_user::text")))
        standing = standing_faults(connection, login)
        return standing or [*_read_only_faults(connection), *_signature_faults(connection, key)]


def standing_faults(connection: Connection, login: str, *, placed: bool = True) -> list[Fault]:
    """What is wrong with this login, its settings or the schema, whoever asks: the start as that login, and the
    owner who would attach a database and has not `placed` the triggers yet."""
    return [
        *_login_faults(connection, login),
        *setting_faults(connection, login),
        *drift_faults(connection, login, placed=placed),
    ]


def _version_faults(connection: Connection) -> list[Fault]:
    version = int(connection.execute(text("show server_version_num")).scalar_one()) // 10000
    if version < OLDEST:
        return [Fault("version", f"PostgreSQL {version} is too old: {OLDEST} to 18 is needed.")]
    return [] if migrate.is_utf8(connection) else [Fault("encoding", migrate.NOT_UTF8)]


def _revision_faults(connection: Connection) -> list[Fault]:
    # Else a setting of the login's could make an error of the policy on the table of the revision.
    connection.execute(text("select set_config('row_security', 'on', true)"))
    try:
        found, needed = migrate.revision(connection), migrate.head()
    except ProgrammingError as error:
        if sqlstate(error) != SHUT_OUT:
            raise
        return [Fault("rights", RIGHTLESS)]
    if found == needed or migrate.is_served(connection):
        return []
    if migrate.is_rowless(connection):
        sentence = migrate.ROWLESS
    elif migrate.is_foreign(connection):
        sentence = migrate.FOREIGN
    elif found is None:
        sentence = "The database was not prepared yet. Run: python -m data migrate"
    elif migrate.is_known(found):
        sentence = (
            f"The database is at {found}, this program needs {needed}. Run: python -m data migrate"
        )
    elif migrate.is_too_old(found):
        sentence = f"The database is at {found}. {migrate.TOO_OLD}"
    else:
        sentence = f"The database is at {found}, newer than this program. Update the program."
    return [Fault("revision", sentence)]


LOGIN: Final = text("""
select
    login.rolname::text as name,
    login.rolsuper as is_superuser,
    -- What it may become counts as what it is.
    login.rolbypassrls or (not login.rolsuper and exists (
        select
        from pg_roles as other
        where pg_has_role(login.rolname, other.oid, 'member')
            and (other.rolbypassrls or other.rolsuper)
    )) as bypasses,
    not login.rolsuper and exists (
        select
        from (
            select relowner as owner, relnamespace as schema from pg_class
            union all
            select proowner, pronamespace from pg_proc
            union all
            select nspowner, oid from pg_namespace
        ) as ours
        where schema::regnamespace::text in ('public', 'school', 'roster', 'dashboard', 'internal')
            and pg_has_role(login.rolname, owner, 'member')
    ) as owns,
    -- Until PostgreSQL 15 who makes roles may take any; a replica is a copy of everything.
    not login.rolsuper and exists (
        select
        from pg_roles as other
        where pg_has_role(login.rolname, other.oid, 'member')
            and (other.rolcreaterole or other.rolreplication)
    ) as may_take_roles,
    (
        select string_agg(other.rolname, ', ' order by other.rolname)
        from pg_roles as other
        where not login.rolsuper
            and other.rolname not in (login.rolname, 'dashboard_person', 'dashboard_guest')
            and pg_has_role(login.rolname, other.oid, 'member')
    ) as others,
    pg_has_role(login.rolname, 'dashboard_person', 'member') as may_act,
    not login.rolsuper and has_database_privilege(login.rolname, current_database(), 'TEMP') as may_shadow,
    (
        select format('%s, runs: revoke temporary on database %I from public', datdba::regrole, datname)
        from pg_database
        where datname = current_database()
    ) as temporary_cure
from pg_roles as login
where login.rolname = :login
""")


def _login_faults(connection: Connection, name: str) -> list[Fault]:
    login = connection.execute(LOGIN, {"login": name}).one()
    own = "Name one in DATABASE_URL that is not there yet: migrate, or attach, makes it."
    wrong = {
        "superuser": login.is_superuser and f"is a superuser. {own}",
        "bypassrls": login.bypasses
        and f"bypasses row level security, or may become who does. {own}",
        "owner": login.owns and f"owns tables it reads, or may become their owner. {own}",
        "roles": login.may_take_roles
        and f"may make roles or replicas, or may become who does. {own}",
        "others": login.others
        and f"may act as {login.others}, which it does not need. "
        "Revoke that from it, or from dashboard_person.",
        "membership": not login.may_act and "cannot act for people. Run: python -m data migrate",
        "temporary": login.may_shadow
        and "may make temporary tables, which could hide others. Run: python -m data migrate. Where that user "
        f"does not own the database, its owner, {login.temporary_cure}.",
    }
    return [
        Fault(code, f"The login {login.name} {sentence}")
        for code, sentence in wrong.items()
        if sentence
    ]


def setting_faults(connection: Connection, login: str) -> list[Fault]:
    """What holds for every session of the login; this program sets what it needs, and nothing there.

    Those of the roles it acts as hold for nobody: `set role` brings no settings.
    """
    return [
        Fault(
            "setting",
            f"The setting {one.setting} of the login {login} holds for every session of the app, which sets "
            f"what it needs by itself. Run: {one.cure}",
        )
        for one in connection.execute(SETTINGS, {"name": login})
    ]


def _read_only_faults(connection: Connection) -> list[Fault]:
    is_read_only = connection.scalar(text("show transaction_read_only")) == "on"
    return [Fault("read_only", READ_ONLY_CAUSE)] if is_read_only else []


def _signature_faults(connection: Connection, key: ClaimsKey | None) -> list[Fault]:
    """Does the database believe what this program signs? Asked of somebody who does not exist."""
    somebody = uuid4()
    clock = connection.scalar(text("select extract(epoch from clock_timestamp())::float8"))
    connection.execute(
        text("""
            select
                set_config('role', :role, true),
                set_config('request.jwt.claims', :claims, true)
        """),
        {"role": ROLE, "claims": key.claims(somebody, float(clock or 0)) if key else ""},
    )
    if connection.scalar(text("select internal.me()")) == somebody:
        return []
    return [Fault("signature", UNSIGNED)]


def drift_faults(
    connection: Connection, login: str | None = None, *, placed: bool = True
) -> list[Fault]:
    """Drift: what guards the rows and is not as the schema's files make it."""
    return [Fault(code, sentence) for code, sentence in drift(connection, login, placed=placed)]
