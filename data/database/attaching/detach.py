"""Leaving without a trace: everything that was made goes, and what was changed is given back."""

from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from data.access.engine import engine_for_once
from data.access.errors import DataError
from data.access.owner import as_owner, refusals_in_words, run
from data.database.attaching.findings import note
from data.database.attaching.steps import alone
from data.database.kinds import Kind, kind_of
from data.database.platform_triggers import Told, remove

ANY_TIME: Final = note(
    "detach",
    "All of it can be taken back at any time by python -m data detach: triggers, schemas, roles and the login "
    "go, and rights that were revoked are granted again. The history, notes, locks and saved views that were "
    "made here go with them (--keep-history FILE writes the history down first). Values that people changed "
    "stay changed.",
)
"""What attaching can be undone by."""

SCHEMAS: Final = ("dashboard", "roster", "school", "internal", "dashboard_migrations")

OTHERS: Final = text("""
select classid::regclass::text || ' ' || objid::text, pg_describe_object(classid, objid, 0)
from (
    select cast('pg_class' as regclass) as classid, oid as objid, relnamespace as schema from pg_class
    union all
    select cast('pg_proc' as regclass), oid, pronamespace from pg_proc
    union all
    select cast('pg_trigger' as regclass), pg_trigger.oid, relnamespace
    from pg_trigger
    join pg_class on pg_class.oid = tgrelid
    union all
    select cast('pg_constraint' as regclass), oid, connamespace from pg_constraint
    union all
    select cast('pg_policy' as regclass), pg_policy.oid, relnamespace
    from pg_policy
    join pg_class on pg_class.oid = polrelid
) as there
where schema not in (
    select oid from pg_namespace where nspname = any (:ours) or nspname ~ '^pg_'
)
""")
"""Everything in schemas that are not ours."""

AGAIN: Final = (
    "Triggers that are gone stay away, and all else is as it was: run the same command again."
)

HISTORY: Final = """
copy (
    select json_build_object(
        'at', history.at, 'student_id', student_id, 'student', student.full_name, 'module_id', module_id,
        'module', module.name, 'operation', operation, 'source', history.source, 'author_id', history.author_id,
        'author', staff.full_name, 'reason', batch.reason, 'before', before, 'after', after
    )
    from dashboard.history
    left join dashboard.batch on batch.id = history.batch_id
    left join school.student on student.id = student_id
    left join school.module on module.id = module_id
    left join school.staff on staff.id = history.author_id
    order by history.id
) to stdout with (format csv, delimiter e'\\x01', quote e'\\x02')
"""
"""A line of JSON each: with these two, of which JSON has none, the format adds nothing to it."""


def write_history(owner_url: URL | str, file: Path) -> int:
    """What would go, as a line of JSON a change; how many there were. Raises DataError, in words."""
    with as_owner(owner_url) as connection:
        _refuse_other(connection)
        driver = connection.connection.driver_connection
        if driver is None:
            raise DataError("The connection was lost; nothing was written.")
        file.touch(0o600, exist_ok=False)  # it names people
        with file.open("wb") as written, driver.cursor().copy(HISTORY) as lines:
            return sum(written.write(line) > 0 for line in lines)


def detach(owner_url: URL | str, told: Told) -> None:
    """Raises DataError, in words, where it was not attached, or something of the platform's builds on ours."""
    with engine_for_once(owner_url) as engine, refusals_in_words(AGAIN), alone(engine):
        with engine.connect() as connection:
            _refuse_other(connection)
        remove(engine, told)
        with engine.begin() as connection:
            _remove(connection)


def _refuse_other(connection: Connection) -> None:
    if kind_of(connection) is not Kind.ATTACHED:
        raise DataError("This database is not attached: there is nothing to detach.")


def _remove(connection: Connection) -> None:
    before = connection.scalar(text("select grants_before from internal.attachment")) or {}
    logins = connection.scalars(text("select name from internal.app_login")).all()
    others = {row[0]: row[1] for row in connection.execute(OTHERS, {"ours": list(SCHEMAS)})}
    names = sql.SQL(", ").join(map(sql.Identifier, SCHEMAS))
    run(connection, sql.SQL("drop schema {} cascade").format(names))
    kept = {row[0] for row in connection.execute(OTHERS, {"ours": list(SCHEMAS)})}
    if lost := sorted(others[one] for one in others.keys() - kept):
        raise DataError(f"Something of the platform's builds on what would go: {', '.join(lost)}.")
    _give_back(connection, before, [str(one) for one in logins])


def _give_back(connection: Connection, before: dict[str, Any], logins: list[str]) -> None:
    database = sql.Identifier(str(connection.scalar(text("select current_database()"))))
    if before.get("temporary"):
        run(connection, sql.SQL("grant temporary on database {} to public").format(database))
    for role in ("dashboard_person", "dashboard_guest", *logins):
        user = sql.Identifier(role)
        run(connection, sql.SQL("revoke all on database {} from {}").format(database, user))
        run(connection, sql.SQL("revoke all on schema public from {}").format(user))
    for role in before.get("made roles", ()):
        _drop_role(connection, sql.Identifier(role))


def _drop_role(connection: Connection, user: sql.Identifier) -> None:
    """Roles are the whole server's: one that another database needs stays."""
    try:
        with connection.begin_nested():
            run(connection, sql.SQL("drop role if exists {}").format(user))
    except psycopg.errors.DependentObjectsStillExist:
        return
