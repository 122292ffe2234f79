"""A primary and the standby that confirms each of its commits, started from copies of one stopped server."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from subprocess import run
from typing import Final

import psycopg

from data.access.claims import ClaimsKey
from data.access.session import Database, connect
from data.addresses import as_database_url
from tests.clusters import FLEETING, Cluster, new_folder, running_cluster, serving
from tests.machine import children, until

# A killed process leaves to the system what it wrote: no disk need have it.
LASTING: Final = FLEETING | {
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_senders": "4",
    "autovacuum": "off",  # nobody writes but the test
}


@dataclass(frozen=True)
class Server:
    """One of the two; `number` is its process's."""

    cluster: Cluster
    number: int

    @property
    def folder(self) -> Path:
        return self.cluster.socket

    def root(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.cluster.url("postgres", "postgres"), autocommit=True)

    def signal(self, what: signal.Signals) -> None:
        """All of its processes, as where its machine fails."""
        os.kill(self.number, signal.SIGSTOP)  # it starts no others meanwhile
        for one in [*children(self.number), self.number]:
            os.kill(one, what)

    def promote(self) -> None:
        """It is the primary when this returns."""
        with self.root() as root:
            assert root.execute("select pg_promote()").fetchone() == (True,)


@dataclass(frozen=True)
class Pair:
    """Two that run, the cast's database in both."""

    primary: Server
    standby: Server
    name: str
    key: ClaimsKey

    def database(self, options: str = "", pool_size: int = 3) -> Database:
        """As the app is told of both."""
        servers = ",".join(
            str(one.folder).replace("/", "%2F") for one in (self.primary, self.standby)
        )
        url = as_database_url(f"postgresql://progress_app@{servers}/{self.name}{options}")
        return connect(url, key=self.key, pool_size=pool_size)


@dataclass(frozen=True)
class Stopped:
    """A server's data, which has the cast in a database of this name."""

    programs: Path
    folder: Path
    name: str
    key: ClaimsKey

    @contextmanager
    def pair(self, confirming: str = "*") -> Iterator[Pair]:
        """Running, and the standby in step; `confirming` names those that confirm commits."""
        with ExitStack() as stack:
            folders = [stack.enter_context(self._copy()) for _ in range(2)]
            (folders[1] / "data" / "standby.signal").touch()
            roles = (
                {"synchronous_standby_names": confirming},
                {"primary_conninfo": f"host={folders[0]} user=postgres"},
            )
            primary, standby = [
                Server(
                    Cluster(folder),
                    stack.enter_context(serving(self.programs, folder, {**LASTING, **role})).pid,
                )
                for folder, role in zip(folders, roles, strict=True)
            ]
            until(lambda: _is_in_step(primary))
            yield Pair(primary, standby, self.name, self.key)

    @contextmanager
    def _copy(self) -> Iterator[Path]:
        folder = new_folder()
        try:
            run(["cp", "-a", self.folder / "data", folder], check=True)
            yield folder
        finally:
            rmtree(folder)


def _is_in_step(primary: Server) -> bool:
    try:
        with primary.root() as root:
            return bool(
                root.execute("select from pg_stat_replication where state = 'streaming'").rowcount
            )
    except psycopg.OperationalError:
        return False


@contextmanager
def stopped(programs: Path) -> Iterator[Stopped]:
    """Made once for several pairs."""
    with running_cluster(programs, LASTING) as cluster:
        school = cluster.new_database("cast")
        assert school.key is not None
        name = school.owner_url.split("/")[3].split("?")[0]
        school.database.engine.dispose()
        postmaster = cluster.socket / "data" / "postmaster.pid"
        os.kill(int(postmaster.read_text().splitlines()[0]), signal.SIGINT)
        until(lambda: not postmaster.exists())
        yield Stopped(programs, cluster.socket, name, school.key)
