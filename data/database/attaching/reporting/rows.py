"""Key, indexes, checks and rows of the progress table."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text

from data.database.attaching.findings import AttachFinding, note, stop
from data.rules.progress import Status

TABLE: Final = "public.student_module_progress"

ROWS_A_SECOND: Final = 10_000, 40_000
"""How many rows a backfill takes in, on a slow and on a quick server (measured with a million)."""

INDEXES: Final = text("""
select
    array(
        select attname::text
        from unnest(indkey[0:indnkeyatts - 1]) with ordinality as key (number, place)
        join pg_attribute on attrelid = indrelid and attnum = key.number
        order by place
    ) as columns,
    indisunique and indimmediate and indpred is null and indexprs is null as is_unique,
    indisprimary as is_primary,
    indpred is null as is_whole
from pg_index
where indrelid = to_regclass('public.student_module_progress') and indisvalid
""")

CHECKS: Final = text("""
select conname::text as name, pg_get_constraintdef(oid) as written
from pg_constraint
where conrelid = to_regclass('public.student_module_progress') and contype = 'c'
order by conname
""")

RULES: Final = text("""
select rulename::text
from pg_rewrite
where ev_class = to_regclass('public.student_module_progress')
order by rulename
""")

COUNT: Final = text("select count(*) from public.student_module_progress")

OF_STATUS: Final = text("""
select status::text, count(*)
from public.student_module_progress
where status::text <> all(:known)
group by status
order by status
""")


def of_key(connection: Connection) -> Iterator[AttachFinding]:
    """Key, indexes, and what would refuse or rewrite a save."""
    indexes = connection.execute(INDEXES).all()
    key = sorted(("student_id", "module_id"))
    keys = [one for one in indexes if one.is_unique and sorted(one.columns) == key]
    if not keys:
        yield stop(
            "key",
            f"{TABLE} has no key of student_id and module_id: a student could have a module twice.",
        )
    elif not any(one.is_primary for one in keys):
        yield note(
            "key",
            f"student_id and module_id are unique in {TABLE} and not its primary key. That is enough.",
        )
    begun = {one.columns[0] for one in indexes if one.is_whole and one.columns}
    for column in ("student_id", "module_id"):
        if column not in begun:
            yield note(
                "index",
                f"No index of {TABLE} begins with {column}: pages that ask by it read the whole table. "
                f"One made by “create index concurrently on {TABLE} ({column})” makes them quick.",
            )
    yield from _what_refuses(connection)


def _what_refuses(connection: Connection) -> Iterator[AttachFinding]:
    checks = connection.execute(CHECKS).all()
    if not any("progress_percentage" in one.written for one in checks):
        yield note(
            "check",
            "No check limits progress_percentage to 0 to 100. What is saved here is limited all the same.",
        )
    for one in checks:
        if "progress_percentage" not in one.written:
            yield note(
                "check", f"The constraint {one.name} may refuse what is saved here: {one.written}."
            )
    if rules := connection.scalars(RULES).all():
        yield stop(
            "rules",
            f"Rules rewrite what is written to {TABLE}: {', '.join(rules)}. History would be wrong.",
        )


def of_rows(connection: Connection, estimated: int, size: str) -> Iterator[AttachFinding]:
    """How many there are, how long taking them in takes, and which statuses nobody knows."""
    rows = estimated if estimated > 100_000 else connection.scalars(COUNT).one()
    yield note(
        "size",
        f"{TABLE} has {rows:,} rows ({size}). Taking them in takes {backfill_time(rows)}, in small "
        "steps: the platform goes on writing meanwhile.",
    )
    known = [status.value for status in Status]
    for status, count in connection.execute(OF_STATUS, {"known": known}):
        yield note(
            "unknown_status",
            f"{count:,} rows have the status {status}, which this program does not know: it is shown "
            "as it is, and counted apart.",
        )


def backfill_time(rows: int) -> str:
    """How long it takes to take in so many rows, as words."""
    slow, quick = (rows / speed for speed in ROWS_A_SECOND)
    if slow < 60:
        return "less than a minute"
    return f"{max(1, round(quick / 60))} to {-int(-slow // 60)} minutes"
