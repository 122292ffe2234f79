"""PostgreSQL servers for the tests: the embedded 18 and Debian's 15, started bare and thrown away."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from shutil import rmtree
from signal import SIGQUIT
from types import MappingProxyType

import psycopg
from psycopg import sql

from data.access.claims import ClaimsKey
from data.access.session import Database, connect
from data.database import claims_keys
from data.database.embedded import place
from data.database.migrate import migrate
from tests import people
from tests.machine import scratch_folder

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
NUMBERS = count(1)
# What is written need not outlive the server: that is proved over the embedded one.
FLEETING = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off",
            "wal_level": "minimal", "max_wal_senders": "0"}  # fmt: skip


@dataclass(frozen=True)
class Scratch:
    """A database of a test's own."""

    owner_url: str
    app_url: str
    database: Database
    key: ClaimsKey | None = None

    def connect(self, pool_size: int = 3) -> Database:
        """The same database through a pool of its own."""
        return connect(self.app_url, key=self.key, pool_size=pool_size)

    def owner(self) -> psycopg.Connection[tuple[object, ...]]:
        """A connection as the owner of the tables, whom no policy binds."""
        return psycopg.connect(self.owner_url, autocommit=True)


@dataclass
class Cluster:
    """A running server; `socket` is its folder. Its users need no password: nobody else gets in."""

    socket: Path
    templates: set[str] = field(default_factory=set)

    def url(self, user: str, database: str) -> str:
        return f"postgresql://{user}@/{database}?host={self.socket}"

    def new_database(self, template: str = "migrated") -> Scratch:
        """A copy of a template: `migrated` (empty) or `cast` (tests/people.py)."""
        self._make_template(template)
        name = f"scratch_{next(NUMBERS)}"
        self._create(name, template)
        urls = self.url("progress_owner", name), self.url("progress_app", name)
        key = claims_keys.present_key(urls[0])
        return Scratch(*urls, connect(urls[1], key=key, pool_size=3), key)

    def drop(self, scratch: Scratch) -> None:
        scratch.database.engine.dispose()
        name = sql.Identifier(scratch.owner_url.split("/")[3].split("?")[0])
        self._admin(sql.SQL("drop database {} with (force)").format(name))

    def empty_database(self) -> tuple[str, str]:
        """Owner and app URLs of a database that was never migrated."""
        name = f"empty_{next(NUMBERS)}"
        self._create(name, "template1")
        return self.url("progress_owner", name), self.url("progress_app", name)

    def _create(self, name: str, template: str) -> None:
        command = sql.SQL("create database {} template {} owner progress_owner strategy file_copy")
        self._admin(command.format(sql.Identifier(name), sql.Identifier(template)))
        if template != "template1":
            # A copy does not bring along what `migrate` took away from the database.
            revoke = sql.SQL("revoke temporary on database {} from public")
            self._admin(revoke.format(sql.Identifier(name)))

    def _admin(self, command: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(command)

    def _make_template(self, name: str) -> None:
        if name in self.templates:
            return
        if name == "migrated":
            self._create(name, "template1")
            migrate(self.url("progress_owner", name), self.url("progress_app", name))
        else:
            self._make_template("migrated")
            self._create(name, "migrated")
            people.load(self.url("progress_owner", name))
            with psycopg.connect(self.url("progress_owner", name)) as connection:
                connection.execute("select internal.settle(1000)")
        self.templates.add(name)


def embedded_programs() -> Path:
    return place.programs(place.server_account(None))


@contextmanager
def running_cluster(
    programs: Path, settings: Mapping[str, str] = MappingProxyType(FLEETING)
) -> Iterator[Cluster]:
    """A new server from the programs in this folder, until the end."""
    account = place.server_account(None)
    folder = new_folder()
    place.run(account, programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust",
              "--no-sync", "--encoding=UTF8", "--locale=C").check_returncode()  # fmt: skip
    cluster = Cluster(folder)
    try:
        with serving(programs, folder, settings):
            _await(cluster, folder / "log")
            yield cluster
    finally:
        rmtree(folder, ignore_errors=True)


def new_folder() -> Path:
    """For a server's data and socket; whoever asks removes it."""
    account = place.server_account(None)
    folder = Path(tempfile.mkdtemp(prefix="progress-tests-", dir=scratch_folder()))
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


@contextmanager
def serving(
    programs: Path, folder: Path, settings: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A server of the data in this folder, where its socket and log are too, until the end."""
    account = place.server_account(None)
    other = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    chosen = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "200",
              "jit": "off", **settings}  # fmt: skip
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    for name, value in chosen.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("ab") as output:
        server = subprocess.Popen(
            command, cwd="/", env=place.environment(), stdout=output, stderr=output, **other
        )  # type: ignore[call-overload]
    try:
        yield server
    finally:
        server.send_signal(SIGQUIT)  # nobody needs what it holds, nor is anybody waited for
        server.wait(20)


def _await(cluster: Cluster, log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(
                cluster.url("postgres", "postgres"), autocommit=True
            ) as connection:
                connection.execute("create role progress_owner login createrole")
                return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.05)
