"""Is the database fit for use? Asked at every start, and by `python -m data check`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from data import migrating
from data.errors import as_outage

OLDEST: Final = 15


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, as a short code and a sentence that says what to do."""

    code: str
    message: str


def findings(url: URL | str) -> list[Finding]:
    """What keeps the app's login at `url` from being used; empty where all is well.

    Raises DatabaseAway where nobody answers.
    """
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        connect_args={"prepare_threshold": None, "connect_timeout": 5},
    )
    try:
        with engine.connect() as connection:
            version = _version_findings(connection) + _revision_findings(connection)
            # What follows asks about tables that only a migrated database has.
            return version or _login_findings(connection) + _table_findings(connection)
    except SQLAlchemyError as error:
        outage = as_outage(error)
        if outage is None:
            raise
        raise outage from error
    finally:
        engine.dispose()


def _version_findings(connection: Connection) -> list[Finding]:
    version = int(connection.execute(text("show server_version_num")).scalar_one()) // 10000
    if version >= OLDEST:
        return []
    return [Finding("version", f"PostgreSQL {version} is too old: {OLDEST} to 18 is needed.")]


def _revision_findings(connection: Connection) -> list[Finding]:
    found, needed = migrating.revision(connection), migrating.head()
    if found == needed:
        return []
    if found is None:
        sentence = "The database was not prepared yet. Run: python -m data migrate"
    elif migrating.is_known(found):
        sentence = (
            f"The database is at {found}, this program needs {needed}. Run: python -m data migrate"
        )
    else:
        sentence = f"The database is at {found}, newer than this program. Update the program."
    return [Finding("revision", sentence)]


def _login_findings(connection: Connection) -> list[Finding]:
    login = connection.execute(
        text("""
            select
                rolname::text,
                rolsuper,
                rolbypassrls,
                exists (
                    select
                    from pg_class
                    where relowner = pg_roles.oid
                        and relnamespace::regnamespace::text
                            in ('public', 'school', 'roster', 'dashboard', 'internal')
                ),
                pg_has_role(rolname, 'authenticated', 'member')
            from pg_roles
            where rolname = session_user
        """)
    ).one()
    name, is_superuser, bypasses, owns, may_act = tuple(login)
    advice = "Give DATABASE_URL a login of its own; python -m data migrate creates it."
    found = []
    if is_superuser:
        found.append(Finding("superuser", f"The login {name} is a superuser. {advice}"))
    if bypasses:
        found.append(
            Finding("bypassrls", f"The login {name} bypasses row level security. {advice}")
        )
    if owns:
        found.append(Finding("owner", f"The login {name} owns tables it reads. {advice}"))
    if not may_act:
        found.append(
            Finding(
                "membership", f"The login {name} cannot act for people. Run: python -m data migrate"
            )
        )
    return found


EXPECTED_POLICIES: Final = {
    ("public", "student_module_progress", "people_see_their_students"),
    ("public", "student_module_progress", "coordinators_add_missing_rows"),
    ("public", "student_module_progress", "coordinators_correct"),
    ("dashboard", "batch", "editors_open_batches"),
    ("dashboard", "batch", "authors_see_their_batches"),
    ("dashboard", "batch", "people_see_batches_of_their_students"),
    ("dashboard", "history", "people_see_their_students"),
    ("dashboard", "fact", "people_see_their_students"),
    ("dashboard", "saved_view", "people_see_their_views"),
    ("dashboard", "saved_view", "staff_keep_views"),
    ("dashboard", "saved_view", "owners_change_views"),
    ("dashboard", "saved_view", "owners_remove_views"),
    ("dashboard", "kept", "staff_see_what_is_kept"),
    ("dashboard", "kept", "editors_keep"),
    ("dashboard", "kept", "editors_release"),
    ("dashboard", "kept_attempt", "staff_see_attempts"),
    ("dashboard", "left_as_is", "staff_see_what_is_left"),
    ("dashboard", "left_as_is", "editors_leave"),
    ("dashboard", "left_as_is", "editors_leave_again"),
    ("dashboard", "left_as_is", "editors_judge_again"),
    ("dashboard", "note", "staff_see_notes"),
    ("dashboard", "note", "staff_write_notes"),
    ("dashboard", "draft", "people_see_their_drafts"),
    ("dashboard", "draft", "staff_keep_drafts"),
    ("dashboard", "draft", "people_change_their_drafts"),
    ("dashboard", "draft", "people_remove_their_drafts"),
}


def _table_findings(connection: Connection) -> list[Finding]:
    open_tables = connection.execute(
        text("""
            select nspname || '.' || relname
            from pg_class
            join pg_namespace on pg_namespace.oid = relnamespace
            where (nspname, relname) in (
                ('public', 'student_module_progress'),
                ('dashboard', 'batch'),
                ('dashboard', 'history'),
                ('dashboard', 'fact'),
                ('dashboard', 'saved_view'),
                ('dashboard', 'kept'),
                ('dashboard', 'kept_attempt'),
                ('dashboard', 'draft'),
                ('dashboard', 'note'),
                ('dashboard', 'left_as_is')
            )
                and not relrowsecurity
        """)
    ).scalars()
    found = [
        Finding(
            "rls_off",
            f"Row level security is off on {table}. Run: alter table {table} enable "
            "row level security",
        )
        for table in open_tables
    ]
    policies = connection.execute(text("select schemaname, tablename, policyname from pg_policies"))
    missing = EXPECTED_POLICIES - {tuple(row) for row in policies}
    found += [
        Finding("policy", f"The policy {name} on {schema}.{table} is missing.")
        for schema, table, name in sorted(missing)
    ]
    return found
