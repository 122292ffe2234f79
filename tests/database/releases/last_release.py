"""The release before: which commit it is, the face that its schema has for it, and its tree."""

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tarfile import TarFile
from typing import Final

import psycopg

from data.database import schema_expected
from tests.machine import go_without

ROOT: Final = Path(__file__).resolve().parents[3]
RECORD: Final = Path(__file__).with_name("last_release.txt")

FACE: Final = """
with app (role) as (
    values ('dashboard_person'), ('dashboard_guest')
)
select format('column %s.%I %s', pg_class.oid::regclass, attname, format_type(atttypid, atttypmod))
from pg_class
join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
where relkind in ('r', 'p', 'v')
    and relnamespace::regnamespace::text in ('public', 'school', 'roster', 'dashboard', 'dashboard_migrations')
    and exists (select from app where has_any_column_privilege(role, pg_class.oid, 'select, insert, update'))
union
select format(
    'function %s(%s) returns %s', pg_proc.oid::regproc, pg_get_function_identity_arguments(pg_proc.oid),
    pg_get_function_result(pg_proc.oid)
)
from pg_proc
where pronamespace::regnamespace::text in ('public', 'school', 'roster', 'dashboard', 'internal')
    and prorettype <> 'trigger'::regtype
    and exists (
        select from app
        where has_schema_privilege(role, pronamespace, 'usage') and has_function_privilege(role, oid, 'execute')
    )
union
select format('word %s %s', enumtypid::regtype, enumlabel)
from pg_enum
"""
"""Whatever the app reads, writes and calls as the people for whom it acts."""


@dataclass(frozen=True)
class Release:
    """`definitions` is the digest of what its files made of whatever guards the rows."""

    name: str
    commit: str
    revision: str
    definitions: str
    face: frozenset[str]

    def written(self) -> str:
        """The text of RECORD."""
        head = (self.name, self.commit, self.revision, self.definitions)
        return "".join(f"{line}\n" for line in (*head, *sorted(self.face)))

    def tree(self, folder: Path) -> Path:
        """All its files in this empty folder. Where the history here lacks it, a test goes without."""
        done = git("archive", self.commit)
        if done is None or done.returncode:
            go_without(
                f"The commit {self.commit} of the release {self.name} is not in this copy's history. "
                "Clone all of it, or run: git fetch --unshallow"
            )
        with TarFile(fileobj=BytesIO(done.stdout)) as archive:
            archive.extractall(folder)  # made of ours by git; Debian 12 has no filters for it
        return folder


def git(*command: str) -> subprocess.CompletedProcess[bytes] | None:
    """What git says of this tree; None where there is no git."""
    if (program := shutil.which("git")) is None:
        return None
    ours = [program, "-C", str(ROOT), "-c", f"safe.directory={ROOT}"]
    return subprocess.run([*ours, *command], capture_output=True, check=False)


def last_release() -> Release:
    """As RECORD has it."""
    name, commit, revision, digest, *lines = RECORD.read_text(encoding="utf-8").splitlines()
    return Release(name, commit, revision, digest, frozenset(lines))


def definitions() -> str:
    """The digest of what the files of this tree make."""
    return hashlib.sha256(schema_expected.EXPECTED_FILE.read_bytes()).hexdigest()


def face(owner_url: str) -> frozenset[str]:
    """Of a database's schema, a line for each column, function and word of a type."""
    with psycopg.connect(owner_url, options="-c search_path=") as owner:
        return frozenset(line for (line,) in owner.execute(FACE.encode()).fetchall())
