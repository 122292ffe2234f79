"""Restoring a backup into an empty database: in one transaction, counted before it is committed."""

import json
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import islice
from shutil import copyfileobj
from typing import IO, Final, cast

from psycopg import sql
from sqlalchemy import Connection, text

from data.access.errors import DatabaseNotReady, DataError, to_operator
from data.access.owner import as_owner
from data.database import claims_keys, migrate
from data.database.backup.dumping import counts
from data.database.backup.file import Backup, Manifest, counted
from data.database.backup.programs import programs, reason, started
from data.database.doctor import Checkup, examine
from data.database.sql_files import statements

HOLDS: Final = text("""
select nspname || '.' || relname
from pg_class
join pg_namespace on pg_namespace.oid = relnamespace
where nspname <> 'information_schema' and nspname !~ '^pg_'
    and not exists (select from pg_depend where objid = pg_class.oid and deptype = 'e')
union all
select nspname
from pg_namespace
where nspname not in ('information_schema', 'public') and nspname !~ '^pg_'
order by 1
""")

NEWER: Final = b"SET transaction_timeout = 0;\n"
"""What pg_restore sets since 17, and servers before do not know."""

HEAD: Final = 40  # lines

CHECK: Final = sql.SQL("""
do $check$
declare
    one record;
    found bigint;
begin
    for one in select * from pg_catalog.jsonb_each_text({}::pg_catalog.jsonb)
    loop
        execute pg_catalog.format('select count(*) from %s', one.key::pg_catalog.regclass) into found;
        if found <> one.value::bigint then
            raise exception '% has % rows, and the backup %', one.key, found, one.value;
        end if;
    end loop;
end
$check$;
commit;
""")


def restore(backup: Backup, owner_url: str, app_url: str, say: Callable[[str], None]) -> Checkup:
    """All of it or nothing, into a database that holds nothing; brought to the present schema, with the app's
    login, and checked: the faults that are left. Raises DataError, in words.
    """
    major = _of_empty(owner_url, backup.manifest)
    say("Restoring …")
    _pass_on(backup, owner_url, major)
    say(f"Counted: every table has the rows that it had: {counted(backup.manifest.tables)}.")
    try:
        if migrate.migrate(owner_url, app_url) != backup.manifest.revision:
            say(f"Migrated from {backup.manifest.revision} to {migrate.head()}.")
    except DataError as error:
        raise DataError(
            f"All rows are restored, but not prepared yet. {to_operator(error)} After that run: python -m data "
            "migrate"
        ) from error
    return examine(app_url, owner_url, claims_keys.present_key(owner_url))


def _of_empty(owner_url: str, manifest: Manifest) -> int:
    """The server's major release, where the database is as a restore needs it. Raises DataError, in words."""
    if not migrate.is_known(manifest.revision):
        is_old = migrate.is_too_old(manifest.revision)
        raise DatabaseNotReady(migrate.TOO_OLD if is_old else migrate.TOO_NEW)
    with as_owner(owner_url) as connection:
        found = connection.scalars(HOLDS).all()
        if found:
            raise DataError(
                f"The database is not empty: it holds {_told(connection, found)}. Restore into a new one (of "
                "the embedded database: give another --data-dir, or move its folder away). Nothing was changed."
            )
        if not migrate.is_utf8(connection):
            raise DatabaseNotReady(f"{migrate.NOT_UTF8} Nothing was changed.")
        return int(connection.scalar(text("show server_version_num")) or 0) // 10000


def _told(connection: Connection, found: Sequence[str]) -> str:
    if migrate.revision(connection) is not None:
        return f"what this program made at an earlier start, with {counted(counts(connection))}"
    more = f" and {len(found) - 3} more" if found[3:] else ""
    return f"{', '.join(found[:3])}{more}"


def _pass_on(backup: Backup, owner_url: str, major: int) -> None:
    """What pg_restore reads, to psql. Without the commit at the end, whoever is killed, nothing is there."""
    folder, _ = programs(max(backup.manifest.tools, major))
    with tempfile.TemporaryFile() as unread, tempfile.TemporaryFile() as refused:
        reading = started(
            folder / "pg_restore",
            *("--no-owner", "--file=-"),
            stdin=backup.dump(),
            stdout=subprocess.PIPE,
            stderr=unread,
        )
        writing = started(
            folder / "psql",
            *("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
            url=owner_url,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=refused,
        )
        with suppress(BrokenPipeError), reading, writing:
            said, told = cast(IO[bytes], reading.stdout), cast(IO[bytes], writing.stdin)
            roles = next(iter(statements("schemas"))).text
            told.write(f"begin;\n{roles};\n".encode())
            told.writelines(line for line in islice(said, HEAD) if line != NEWER)
            copyfileobj(said, told)
            if reading.wait() == 0:
                counts = json.dumps(backup.manifest.tables)
                told.write(CHECK.format(sql.Literal(counts)).as_string().encode())
        if reading.returncode or writing.returncode:
            why = reason(refused) or reason(unread)
            raise DataError(f"Nothing was restored. {why}")
