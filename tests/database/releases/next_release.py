"""A release of tomorrow: one more migration, which only adds, and a function that is said otherwise."""

import subprocess
import sys
from pathlib import Path
from typing import Final

REVISION: Final = "9000_next"

ADDS: Final = """
alter table dashboard.holiday add column colour text;
alter table dashboard.batch add column made_by_release text;
"""
"""No definition of what guards the rows changes by it."""

GUARDS: Final = """
create table dashboard.added (id bigint primary key generated always as identity, at timestamptz not null);
alter table dashboard.added enable row level security;
grant select on dashboard.added to dashboard_person;
create policy everybody_sees_them on dashboard.added for select to dashboard_person using (true);
"""

BODY: Final = "as $$\n    with day as ("

MIGRATE: Final = (
    "import sys; from data.database.migrate import migrate; print(migrate(*sys.argv[1:]))"
)


def make_next(tree: Path, migration: str = ADDS + GUARDS) -> Path:
    """Of this copy of the product the next release."""
    database = tree / "data" / "database"
    (database / "migrations" / f"{REVISION}.sql").write_text(migration, encoding="utf-8")
    if GUARDS in migration:
        _change(database / "sql" / "holidays.sql", BODY, BODY.replace("$$", "$$ -- newer"))
    return tree


def _change(file: Path, before: str, after: str) -> None:
    written = file.read_text(encoding="utf-8")
    assert written.count(before) == 1
    file.write_text(written.replace(before, after), encoding="utf-8")


def migrate_by(tree: Path, owner_url: str, app_url: str) -> str:
    """The revision to which the program in this folder migrates."""
    command = [sys.executable, "-c", MIGRATE, owner_url, app_url]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
