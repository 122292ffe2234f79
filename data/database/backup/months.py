"""Months of the history: archived to a file, dropped once the file was compared with them, and read back.

The file is a backup's, of which the dump is what COPY says, compressed. Some entries of a month that was
dropped stay, and whom all were about (history_dropped.sql): by that a restore knows whom it may bring back.
"""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, text

from data.access.errors import DatabaseAway, DataError
from data.access.owner import as_owner, run
from data.database import migrate
from data.database.backup.dumping import COUNT
from data.database.backup.file import Backup, Manifest, Month, new_file, opened, write

KEPT: Final = 3
"""So many whole months before this one are never dropped: pages look back on them."""

PART: Final = 1 << 20  # bytes

MONTHS: Final = text("""
select
    month::text as relation,
    first,
    beyond,
    pg_total_relation_size(month) as bytes,
    beyond <= date_trunc('month', now() at time zone 'UTC') - make_interval(months => :kept) as may_go,
    exists (select from internal.dropped_month as known where known.beyond = months.beyond) as is_dropped
from internal.history_months() as months
where beyond is not null and coalesce(first, '-infinity') <= now() at time zone 'UTC'
order by beyond
""")
COLUMNS: Final = sql.SQL(
    "id, at, student_id, module_id, operation, source, author_id, batch_id, before, after"
)
SAME_TEXT: Final = (
    "set local timezone = 'UTC'; set local datestyle = 'ISO, MDY'; set local statement_timeout = 0"
)
DROP: Final = text("select internal.drop_month(:beyond, :entries, :sha256)")
DROPPED: Final = text("""
select beyond, first, entries, sha256 from internal.dropped_month order by beyond desc
""")
MAKE: Final = """
create table internal.restored (
    like dashboard.history including all excluding comments excluding identity excluding statistics
)
"""
ALONE: Final = text("select pg_advisory_xact_lock(7205759407)")
"""No other makes, drops or restores a month, and nobody erases or retains: these take it shared."""
RESTORE: Final = text("select internal.restore_month(:beyond)")


@dataclass(frozen=True)
class StoredMonth:
    """A month that the database holds: its table, how many entries, and whether it may be dropped."""

    month: Month
    relation: str
    entries: int
    bytes: int
    may_go: bool
    is_dropped: bool
    """Only what pages ask for is left of it, and of all before."""


def months(connection: Connection) -> list[StoredMonth]:
    """Up to the present one, the oldest first; as the owner."""
    return [
        StoredMonth(
            Month(first=row.first, beyond=row.beyond),
            row.relation,
            int(connection.exec_driver_sql(COUNT.format(row.relation)).scalar() or 0),
            row.bytes,
            row.may_go,
            row.is_dropped,
        )
        for row in connection.execute(MONTHS, {"kept": KEPT})
    ]


def listed(owner_url: str) -> list[StoredMonth]:
    """The same. Raises DataError, in words, as all of these do."""
    with as_owner(owner_url) as connection:
        return months(connection)


class _Rows:
    """The entries of a month as COPY writes them; read compressed, and counted and digested meanwhile."""

    def __init__(self, connection: Connection, relation: str) -> None:
        self.entries, self._digest = 0, hashlib.sha256()
        self._compressed = zlib.compressobj(6, wbits=31)
        self._parts = self._read(_driver(connection), relation)

    def _read(self, driver: psycopg.Connection[Any], relation: str) -> Iterator[bytes]:
        driver.execute(SAME_TEXT)
        copy = sql.SQL("copy (select {} from {} order by id, at) to stdout").format(
            COLUMNS, sql.SQL(cast(Any, relation))
        )
        with driver.cursor().copy(copy) as rows:
            for part in rows:
                self._digest.update(part)
                self.entries += bytes(part).count(b"\n")
                yield self._compressed.compress(part)
        yield self._compressed.flush()

    def read(self, _size: int = 0, /) -> bytes:
        """The next piece that is not empty; empty at the end."""
        return next((part for part in self._parts if part), b"")

    def to_end(self) -> "_Rows":
        while self.read():
            pass
        return self

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    if driver is None:
        raise DatabaseAway("The connection was lost; nothing was changed.")
    return cast(psycopg.Connection[Any], driver)


def archive(owner_url: str, name: str, path: Path) -> tuple[Manifest, Path]:
    """Write the entries of a month to a file, or into a folder, and read it back; what it holds, and where."""
    path = path / f"history-{name}.archive" if path.is_dir() else path
    with as_owner(owner_url) as connection:
        part = _named(name, months(connection))
        rows = _Rows(connection, part.relation)

        def told() -> Manifest:
            return Manifest(
                taken_at=datetime.now(UTC),
                server=int(connection.scalar(text("show server_version_num")) or 0) // 10000,
                tools=0,
                revision=str(migrate.revision(connection)),
                tables={"dashboard.history": rows.entries},
                month=part.month.model_copy(update={"sha256": rows.sha256}),
            )

        with new_file(path, replaces=False) as file:
            backup = write(file, rows, told)
            if _digest(backup) != rows.sha256:
                raise DataError("The archive failed: read back, it is not what was written.")
    return backup.manifest, path


def drop(owner_url: str, name: str, path: Path) -> int:
    """Drop a month that this file has, entry by entry, as the database does; how many entries these were."""
    with as_owner(owner_url) as connection:  # what is older than all of them may wait for a month
        run(connection, "select internal.keep_months()")
    with opened(path) as backup, as_owner(owner_url) as connection:
        connection.execute(ALONE)
        stored = months(connection)
        part = _named(name, stored)
        oldest = next(one for one in stored if not one.is_dropped)
        if not part.may_go:
            raise DataError(f"{name} stays: pages look back on the last {KEPT} whole months.")
        if part.month != oldest.month:
            raise DataError(f"Months go one after the other: drop {oldest.month.name} first.")
        archived = _of_month(backup)
        if archived.name != name or _digest(backup) != archived.sha256:
            raise DataError(f"{path} is no archive of {name}. Nothing was dropped.")
        for one in stored:
            if one.month.beyond <= part.month.beyond:
                run(connection, f"lock table {one.relation} in share mode")
        rows = _Rows(connection, part.relation).to_end()
        if rows.sha256 != archived.sha256:
            raise DataError(
                f"{path} has not the entries that {name} has now. Archive it again. Nothing was dropped."
            )
        bound = {"beyond": part.month.beyond, "entries": rows.entries, "sha256": rows.sha256}
        connection.execute(DROP, bound)
        return rows.entries


def restore(backup: Backup, owner_url: str) -> tuple[int, int]:
    """Read a month back into the database that it was dropped from: how many entries are there again, and how
    many are left out, of people of whom nothing is kept any more."""
    archived = _of_month(backup)
    with as_owner(owner_url) as connection:
        connection.execute(ALONE)
        has_any = migrate.revision(connection) == migrate.head()
        dropped = connection.execute(DROPPED).all() if has_any else []
        names = {Month(first=one.first, beyond=one.beyond).name: one.sha256 for one in dropped}
        if names.get(archived.name) != archived.sha256:
            raise DataError(
                f"{archived.name} was not dropped from this database as this file has it, or it is restored "
                "already. Nothing was changed."
            )
        newest = next(iter(names))
        if newest != archived.name:
            raise DataError(
                f"Months come back one after the other: restore {newest} first. "
                "Nothing was changed."
            )
        run(connection, MAKE)
        copy = sql.SQL("copy internal.restored ({}) from stdin").format(COLUMNS)
        driver = _driver(connection)
        driver.execute(SAME_TEXT)
        with driver.cursor().copy(copy) as target:
            for part in _contents(backup):
                target.write(part)
        back = int(connection.scalar(RESTORE, {"beyond": archived.beyond}) or 0)
        return back, dropped[0].entries - back


def _named(name: str, stored: Sequence[StoredMonth]) -> StoredMonth:
    known = {one.month.name: one for one in stored if not one.is_dropped}
    if name not in known:
        raise DataError(f"There is no {name} in the history. There are: {', '.join(known)}.")
    return known[name]


def _of_month(backup: Backup) -> Month:
    if backup.manifest.month is None:
        raise DataError("This file is a backup of a whole database, and no archive of a month.")
    return backup.manifest.month


def _contents(backup: Backup) -> Iterator[bytes]:
    """The entries as COPY wrote them."""
    expanding, left = zlib.decompressobj(wbits=31), backup.manifest.bytes
    backup.file.seek(backup.start)
    while left and (part := backup.file.read(min(PART, left))):
        left -= len(part)
        yield expanding.decompress(part)
    yield expanding.flush()


def _digest(backup: Backup) -> str:
    digest = hashlib.sha256()
    for part in _contents(backup):
        digest.update(part)
    return digest.hexdigest()
