"""The platform's tables that the roster is read from, and on which of them a trigger may tell of a change."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

from data.database.attaching.adapter import CONTRACT, Adapter
from data.database.attaching.adapter_checks import plan, reading

TRIGGER: Final = "progress_roster_changed"

AS_ADAPTERS_DO: Final = "set local search_path = pg_catalog, public"

SOURCES: Final = text("""
select
    nspname::text as schema,
    relname::text as name,
    nspname || '.' || relname = any (:tables) or :is_part as is_read,
    relkind = 'r'
        and not relispartition
        and nspname !~ '^(pg_|information_schema$)'
        and has_table_privilege(pg_class.oid, 'trigger')
        and pg_has_role(relowner, 'usage') as may_tell,
    mark.oid is not null as tells
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
left join pg_trigger as mark on tgrelid = pg_class.oid
    and not tgisinternal
    and tgfoid = to_regprocedure('internal.mark_roster()')
where (nspname || '.' || relname = any (:tables) or mark.oid is not null)
    and nspname || '.' || relname <> 'public.student_module_progress'
order by 1, 2
""")


@dataclass(frozen=True)
class Source:
    """A table of the platform's. Is the roster read from it, may a trigger of ours be on it, and is one?"""

    schema: str
    name: str
    is_read: bool
    may_tell: bool
    tells: bool

    @property
    def is_right(self) -> bool:
        """A trigger is where one belongs, and nowhere else."""
        return self.tells == (self.is_read and self.may_tell)

    def said(self) -> sql.Composed:
        """What puts it right."""
        # Of no columns: it would bind the platform's.
        place = (
            "drop trigger {} on {}"
            if self.tells
            else "create trigger {} after insert or update or delete or truncate on {} "
            "for each statement execute function internal.mark_roster()"
        )
        return sql.SQL(place).format(
            sql.Identifier(TRIGGER), sql.Identifier(self.schema, self.name)
        )

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


def sources(connection: Connection, adapter: Adapter) -> list[Source]:
    """Those that the adapter reads, by the planner's word, and those with a trigger of ours: these too are read
    where a section cannot be planned just now, for it may be the one that reads them."""
    tables: set[str] = set()
    planned = 0
    for relation in CONTRACT:
        with suppress(psycopg.Error), reading(connection) as driver:
            driver.execute(AS_ADAPTERS_DO)
            tables.update(plan(driver, adapter.select(relation)))
            planned += 1
    known = {"tables": list(tables), "is_part": planned < len(CONTRACT)}
    return [Source(*row) for row in connection.execute(SOURCES, known)]


def told_of(found: Iterable[Source]) -> Iterator[str]:
    """On which of them a trigger is placed, and which can only be read now and then, in sentences."""
    read = [one for one in found if one.is_read]
    if telling := ", ".join(str(one) for one in read if one.may_tell):
        yield (
            "That the roster changed tells one trigger of ours, which only notes it, on each table that it is "
            f"read from: {telling}."
        )
    if silent := ", ".join(str(one) for one in read if not one.may_tell):
        yield f"Changes in {silent} wait for the next reading: this user may place no trigger there."
