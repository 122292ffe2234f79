"""Taking a backup: what pg_dump sees, and the rows counted, are of one snapshot; then the file is read back."""

import re
import subprocess
import tempfile
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import IO, Final, cast

from sqlalchemy import Connection, text

from data.access.errors import DatabaseNotReady, DataError
from data.access.owner import as_owner
from data.database import migrate
from data.database.backup.file import Backup, Manifest, new_file, write
from data.database.backup.programs import programs, reason, started
from data.database.kinds import Kind, kind_of

ATTACHED: Final = (
    "This database is the platform's, and so is its backup: whatever copies the whole of it copies the "
    "history, notes and locks that were made here too. Restored, python -m data migrate and check tell what "
    "is missing."
)

# Both sessions wait for each other for as long as it takes.
PATIENTLY: Final = text("""
select set_config(name, '0', true)
from pg_settings
where name in ('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')
""")

TABLES: Final = text("""
select format('%I.%I', nspname, relname)
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
where relkind = 'r' and nspname <> 'information_schema' and nspname !~ '^pg_'
    and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
order by 1
""")
"""Quoted where SQL wants it. Partitions are tables; those of extensions are made by these."""

COUNT: Final = "select count(*) from {}"

OWN: Final = re.compile(r"progress-\d{8}T\d{6}Z\.backup")
"""Files that `--keep` made."""


def back_up(owner_url: str, path: Path, *, replaces: bool = False) -> Manifest:
    """Write a file with all that the database holds, live. Raises DataError, in words, and leaves no file."""
    with new_file(path, replaces=replaces) as file, tempfile.TemporaryFile() as said:
        with as_owner(owner_url) as connection:
            manifest = _manifest(connection)
            folder, _ = programs(manifest.server)
            dumping = started(
                folder / "pg_dump",
                "--format=custom",
                "--lock-wait-timeout=300000",
                f"--snapshot={connection.scalar(text('select pg_export_snapshot()'))}",
                url=owner_url,
                stdout=subprocess.PIPE,
                stderr=said,
            )
            with dumping:
                backup = write(file, cast(IO[bytes], dumping.stdout), lambda: manifest)
        if dumping.returncode != 0:
            raise DataError(f"The backup failed: {reason(said)}")
        if rows_in(backup) != manifest.tables:
            raise DataError("The backup failed: read back, it has not the rows of the database.")
    return backup.manifest


def back_up_in_turn(owner_url: str, folder: Path, keep: int) -> Manifest:
    """The same into a folder, by the time, after which only the newest `keep` of such files stay."""
    manifest = back_up(owner_url, folder / f"progress-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup")
    for old in sorted(one for one in folder.iterdir() if OWN.fullmatch(one.name))[:-keep]:
        old.unlink()
    return manifest


def _manifest(connection: Connection) -> Manifest:
    connection.execute(text("set transaction isolation level repeatable read, read only"))
    connection.execute(PATIENTLY)
    revision = migrate.revision(connection)
    if revision is None:
        raise DatabaseNotReady("There is nothing of this program's in the database yet.")
    if kind_of(connection) is Kind.ATTACHED:
        raise DataError(ATTACHED)
    server = int(connection.scalar(text("show server_version_num")) or 0) // 10000
    return Manifest(
        taken_at=datetime.now(UTC),
        server=server,
        tools=programs(server)[1],
        revision=revision,
        tables=counts(connection),
    )


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        str(name): int(
            connection.exec_driver_sql(COUNT.format(name.replace("%", "%%"))).scalar() or 0
        )
        for name in connection.scalars(TABLES).all()
    }


def rows_in(backup: Backup) -> dict[str, int]:
    """How many rows each table has in the file, by reading all of it. Raises DataError, in words."""
    folder, _ = programs(backup.manifest.tools)
    with tempfile.TemporaryFile() as said:
        reading = started(
            folder / "pg_restore",
            "--data-only",
            "--file=-",
            stdin=backup.dump(),
            stdout=subprocess.PIPE,
            stderr=said,
        )
        with reading:
            counts = _counted(cast(IO[bytes], reading.stdout))
        if reading.returncode != 0:
            raise DataError(f"The backup cannot be read: {reason(said)}")
    return counts


COPY: Final = re.compile(rb'COPY ((?:"(?:[^"]|"")+"|[^". ]+)\.(?:"(?:[^"]|"")+"|[^" ]+)) ')


def _counted(lines: IO[bytes]) -> dict[str, int]:
    """Rows by table: a line each, between COPY and a line of its own that ends it."""
    counts: dict[str, int] = {}
    for line in lines:
        if found := COPY.match(line):
            rows = takewhile(lambda row: row != b"\\.\n", lines)
            counts[found[1].decode()] = sum(1 for _ in rows)
    return counts
