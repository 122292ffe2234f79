"""A server as a host of Supabase's kind has it: roles of a web interface, and defaults that give them all."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from tests.clusters import DEBIAN_15, Cluster, embedded_programs, running_cluster
from tests.machine import need

HOSTS_ROLES: Final = """
create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role reporting nologin;
grant anon, authenticated to progress_owner with admin option;
"""

OTHERS: Final = (" TO service_role;", " TO reporting;")

GIVES_ALL: Final = [
    f"alter default privileges{where} grant all on {what} to anon, authenticated, service_role, reporting"
    for where in (" in schema public", "")
    for what in ("tables", "functions", "sequences")
] + [
    "alter default privileges grant all on schemas to anon, authenticated, service_role, reporting"
]


def programs(release: str) -> Path:
    """The folder with a release's programs."""
    if release == "15":
        need(DEBIAN_15, "Debian's PostgreSQL 15")
        return DEBIAN_15
    return embedded_programs()


@contextmanager
def host(release: str) -> Iterator[Cluster]:
    """A server of one's own, with the host's roles and no database yet."""
    with running_cluster(programs(release)) as cluster:
        with psycopg.connect(cluster.url("postgres", "postgres"), autocommit=True) as root:
            root.execute(HOSTS_ROLES.encode())
        yield cluster


def generous_database(cluster: Cluster) -> tuple[str, str]:
    """Owner and app URLs of an empty database whose owner gives all on whatever is made."""
    owner, app = cluster.empty_database()
    with psycopg.connect(owner, autocommit=True) as connection:
        for statement in GIVES_ALL:
            connection.execute(statement.encode())
    return owner, app


def dumped(release: str, url: str) -> dict[str, list[str]]:
    """The whole schema of a database, by what pg_dump calls each part; lines sorted."""
    command = [str(programs(release) / "pg_dump"), "--schema-only", "--dbname", url]
    written = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    found = {}
    for part in written.split("\n-- Name: ")[1:]:
        name, *lines = part.splitlines()
        # Who has rights on the accounts and the progress table is the host's affair.
        is_hosts = re.search(r"\bauth\b|student_module_progress", name) is not None
        said = (one for one in lines if one.strip("-") and not (is_hosts and one.endswith(OTHERS)))
        found[name] = sorted(one for one in said if not one.startswith(("\\", "-- PostgreSQL")))
    return {name: lines for name, lines in found.items() if lines}
