"""The progress table itself: is it as the contract has it, and how large is it?"""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from data.database.attaching.findings import AttachFinding, consent, note, stop
from data.database.attaching.reporting.rows import TABLE, of_key, of_rows
from data.rules.progress import Status
from data.tables import PROGRESS

KIND: Final = text("""
select
    relkind::text as kind,
    relrowsecurity as has_rls,
    relforcerowsecurity as is_forced,
    relowner::regrole::text as owner,
    row_security_active(pg_class.oid) as is_bound,
    has_table_privilege(pg_class.oid, 'trigger') and pg_has_role(relowner, 'usage') as may_trigger,
    array(
        select right_needed
        from unnest(array['select', 'insert', 'update']) as right_needed
        where not has_table_privilege(pg_class.oid, right_needed)
    ) as lacking,
    has_schema_privilege('public', relnamespace, 'usage') as is_schema_open,
    relhassubclass as has_children,
    reltuples::bigint as estimated,
    pg_size_pretty(pg_total_relation_size(pg_class.oid)) as size
from pg_class
where pg_class.oid = to_regclass('public.student_module_progress')
""")

ELSEWHERE: Final = text("""
select pg_class.oid::regclass::text
from pg_class
where relname = 'student_module_progress' and relkind in ('r', 'p', 'v', 'm', 'f')
order by 1
""")

ATTRIBUTES: Final = text("""
select
    attname::text as name,
    case
        when typtype = 'e' and typnamespace = 'public'::regnamespace then typname::text
        else format_type(atttypid, null)
    end as kind,
    format_type(atttypid, atttypmod) as written,
    attnotnull as is_needed,
    atthasdef or attidentity <> '' as is_given
from pg_attribute
join pg_type on pg_type.oid = atttypid
where attrelid = to_regclass('public.student_module_progress') and attnum > 0 and not attisdropped
order by attnum
""")

WORDS: Final = text("""
select enumlabel::text
from pg_enum
where enumtypid = to_regtype('public.progress_status')
order by enumsortorder
""")

EMPTY: Final = {
    "status": text("select count(*) from public.student_module_progress where status is null"),
    "last_updated": text(
        "select count(*) from public.student_module_progress where last_updated is null"
    ),
}
"""How many rows lack what none may lack."""


def of_table(connection: Connection, *, triggers: bool) -> Iterator[AttachFinding]:
    """The table, what this user may do with it, its columns, its key, and the rows in it."""
    it = connection.execute(KIND).one_or_none()
    if it is None:
        elsewhere = ", ".join(connection.scalars(ELSEWHERE))
        there = (
            f"It is {elsewhere} here: that name is not read."
            if elsewhere
            else "Is this the right database?"
        )
        yield stop("table", f"There is no table {TABLE}. {there}")
        return
    if it.kind != "r":
        yield stop(
            "table",
            f"{TABLE} is no plain table but a view, partitioned or foreign: only a table is watched.",
        )
        return
    wrong = [*_rights(it, triggers=triggers), *_columns(connection)]
    yield from wrong
    yield from of_key(connection)
    if not any(one.severity == "stop" for one in wrong):
        yield from of_rows(connection, it.estimated, it.size)


def _rights(it: Row[Any], *, triggers: bool) -> Iterator[AttachFinding]:
    if it.lacking:
        yield stop(
            "rights",
            f"This user may not {', '.join(it.lacking)} in {TABLE}. Attach as its owner, {it.owner}.",
        )
    if triggers and not it.may_trigger:
        yield stop(
            "triggers",
            f"This user may not make triggers on {TABLE} and remove them again. Attach as its owner, "
            f"{it.owner}, or with --no-triggers: then what the platform writes has no history.",
        )
    if it.is_bound:
        yield stop(
            "row_level_security",
            f"The policies of {TABLE} would bind this program too, which must read every row: "
            + (
                "they are forced on the owner"
                if it.is_forced
                else f"only its owner, {it.owner}, is free of them"
            )
            + ". Attach as a user who bypasses row level security (BYPASSRLS).",
        )
    elif not it.has_rls:
        yield note(
            "row_level_security",
            f"Row level security is off on {TABLE}: on the platform whoever has a grant reads every "
            "row. The app's roles get no grant.",
        )
    if not it.is_schema_open:
        yield consent(
            "usage",
            "Not everybody may enter the schema public: the app's roles are given that (usage), and "
            "detach takes it away again.",
        )
    if it.has_children:
        yield stop(
            "inheritance",
            f"Other tables inherit from {TABLE}, whose rows would be read and not watched.",
        )


def _columns(connection: Connection) -> Iterator[AttachFinding]:
    there = {one.name: one for one in connection.execute(ATTRIBUTES)}
    contract = {
        column.name: column.type.compile(connection.dialect).lower().removeprefix("public.")
        for column in PROGRESS.columns
    }
    for name, kind in contract.items():
        one = there.get(name)
        if one is None:
            yield stop("column", f"{TABLE} lacks the column {name} ({kind}).")
        elif one.kind != kind:
            yield stop("type", f"{TABLE}.{name} is {one.kind} and must be {kind}.")
        elif one.written != one.kind and kind != "progress_status":
            yield note(
                "type",
                f"{TABLE}.{name} is {one.written}: what is saved is rounded or refused accordingly.",
            )
    words = connection.scalars(WORDS).all()
    lacking = [status.value for status in Status if status.value not in words]
    if lacking and there.get("status") is not None and there["status"].kind == "progress_status":
        yield stop("enum", f"The type progress_status lacks {', '.join(lacking)}.")
    further = [one for name, one in there.items() if name not in contract]
    if further:
        named = ", ".join(one.name for one in further)
        yield note(
            "further_columns",
            f"{TABLE} has more columns ({named}): they are neither shown nor changed.",
        )
    demanded = [one.name for one in further if one.is_needed and not one.is_given]
    if demanded:
        yield consent(
            "demanded_columns",
            f"{', '.join(demanded)} must be given and has no default: nothing can be saved here for a "
            "student who has no row for a module yet.",
        )
    for name in EMPTY:
        if name in there and not there[name].is_needed:
            yield from _empty(connection, name)


def _empty(connection: Connection, name: str) -> Iterator[AttachFinding]:
    if empty := connection.scalar(EMPTY[name]):
        yield stop(
            "empty", f"{TABLE}.{name} may be empty, and is in {empty} rows. It must never be."
        )
    else:
        yield note(
            "empty",
            f"{TABLE}.{name} may be empty and never is. A row in which it is would have no history.",
        )
