"""The kept database of a size: made once, made anew when the schema or the maker changed."""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import psycopg
from platformdirs import user_cache_path

from data.database import embedded
from data.database.attaching.adapter import read
from data.database.attaching.making import Wanted
from data.database.attaching.steps import attach
from data.database.kinds import Kind
from data.database.migrate import migrate
from data.database.sql_files import SQL
from tests.benchmarks import loading
from tests.benchmarks.loading import Connection
from tests.benchmarks.plan import SIZES, Plan

HERE: Final = Path(__file__).parent
SCHEMAS: Final = (
    "public",
    "auth",
    "school",
    "internal",
    "roster",
    "dashboard",
    "dashboard_migrations",
    "sis",
)
ATTACHED: Final = HERE.parent / "database" / "attached"
ACCOUNTS: Final = """
create schema auth;
create table auth.users (id uuid primary key, email text);
create function auth.uid() returns uuid language sql stable
return (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
do $$
declare
    name text;
begin
    foreach name in array array['anon', 'authenticated', 'service_role'] loop
        if to_regrole(name) is null then
            execute format('create role %I nologin', name);
        end if;
    end loop;
end
$$;
"""
"""What a platform has before its own tables are made."""
# A folder of ours beside others of the user: never the product's own data folder.
DEFAULT: Final = user_cache_path("progress-dashboard-benchmarks")


def fingerprint(size: str, kind: Kind = Kind.STANDALONE) -> str:
    """Equal while the schema's files and the maker's are what they were."""
    files = [*sorted(SQL.glob("*.sql")), HERE / "plan.py", HERE / "rows.py"]
    told = hashlib.sha256(f"{size} {kind}".encode())
    for file in [*files, HERE / "loading.py", *sorted(ATTACHED.glob("cast*.sql"))]:
        told.update(file.read_bytes())
    return told.hexdigest()[:16]


def database(
    data_dir: Path, size: str, say: Callable[[str], None], kind: Kind = Kind.STANDALONE
) -> tuple[Path, dict[str, Any]]:
    """The data folder of a size's database, made where it is missing or out of date, and its note.

    The note tells `seconds` it took to make, `megabytes` of database, and `made_at` (UTC).
    """
    name = size if kind is Kind.STANDALONE else f"{size}-{kind}"
    folder, note = data_dir / name, data_dir / f"{name}.json"
    known: dict[str, Any] = json.loads(note.read_text()) if note.exists() else {}
    if known.get("fingerprint") == fingerprint(size, kind):
        return folder, known
    data_dir.mkdir(parents=True, exist_ok=True)
    note.unlink(missing_ok=True)
    say(f"Making the database of size {size} in {folder} ({SIZES[size].rows:,} rows) …")
    known = _make(folder, size, say, kind) | {"fingerprint": fingerprint(size, kind)}
    note.write_text(json.dumps(known))
    return folder, known


def _make(folder: Path, size: str, say: Callable[[str], None], kind: Kind) -> dict[str, Any]:
    began = time.monotonic()
    server = embedded.start(folder, say)
    try:
        with psycopg.connect(server.owner_url, autocommit=True) as owner:
            _empty(owner)
            MAKERS[kind](server, owner, SIZES[size], say)
            bytes_used = owner.execute("select pg_database_size(current_database())").fetchone()
    finally:
        embedded.stop(server)
    return {
        "seconds": round(time.monotonic() - began, 1),
        "megabytes": round((bytes_used[0] if bytes_used else 0) / 1e6),
        "made_at": time.strftime("%Y-%m-%d %H:%M", time.gmtime()),
    }


def _make_standalone(
    server: embedded.Server, owner: Connection, wanted: Plan, say: Callable[[str], None]
) -> None:
    migrate(server.owner_url, server.app_url)
    loading.load(owner, wanted, say)


def _make_attached(
    server: embedded.Server, owner: Connection, wanted: Plan, say: Callable[[str], None]
) -> None:
    owner.execute(ACCOUNTS.encode())
    owner.execute((ATTACHED / "cast_host.sql").read_bytes())
    adapter = Wanted(read(str(ATTACHED / "cast.sql")))
    loading.load_host(
        *(owner, wanted, say),
        lambda: attach(server.owner_url, server.app_url, adapter, lambda *_: None),
    )


MAKERS: Final = {Kind.STANDALONE: _make_standalone, Kind.ATTACHED: _make_attached}


def _empty(owner: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Away with everything of an older schema; the cluster and its roles stay."""
    for schema in SCHEMAS:
        owner.execute(f"drop schema if exists {schema} cascade".encode())
    owner.execute("create schema public")
    owner.execute("grant usage on schema public to public")
