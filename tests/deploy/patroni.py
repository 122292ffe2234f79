"""Three servers under Patroni, an etcd and a HAProxy on this machine, by the files of `.github/deploy`: each at
an address of its own that leads no further, at the ports that the files name."""

import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Final

import httpx
import psycopg

from data.database.embedded import place
from tests.browsing import ROOT
from tests.clusters import DEBIAN_15, new_folder
from tests.machine import children, need, until

DEPLOY: Final = ROOT / ".github" / "deploy"
PATRONI, ETCD, HAPROXY = Path("/usr/bin/patroni"), Path("/usr/bin/etcd"), Path("/usr/sbin/haproxy")
NETWORK, PASSWORD = "10.0.0.", "CHANGE-THIS"
ETCDS: Final = ", ".join(f"{NETWORK}{one}:2379" for one in (1, 2, 3))


@contextmanager
def started(folder: Path, *command: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program as whom servers run as, killed at the end; what it says is in the folder."""
    account = place.server_account(None)
    other = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    with (folder / f"{Path(command[0]).name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd="/", env=place.environment(), stdout=log, stderr=log, **other
        )  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.kill()
        process.wait(20)


@dataclass
class Node:
    """A server, and the Patroni that runs it."""

    name: str
    address: str
    folder: Path
    stack: ExitStack

    def run(self) -> None:
        """Patroni, which starts the server."""
        command = started(self.folder, PATRONI, self.folder / "patroni.yml")
        self.patroni = self.stack.enter_context(command)

    def end(self) -> None:
        """Patroni and all processes of its server at once, as where a machine fails."""
        self.patroni.kill()
        with suppress(FileNotFoundError, ProcessLookupError):
            file = self.folder / "progress" / "postmaster.pid"
            number = int(file.read_text().split()[0])
            for one in [number, *children(number)]:
                os.kill(one, signal.SIGKILL)

    def says(self, question: str) -> object:
        """The value that the server answers with, or None where there is none."""
        with suppress(psycopg.OperationalError), self.root() as root:
            row = root.execute(question.encode()).fetchone()
            return row and row[0]
        return None

    def root(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            f"host={self.address} user=postgres password={PASSWORD} connect_timeout=2",
            autocommit=True,
        )

    def may_be_promoted(self) -> bool:
        """Whether Patroni knows that each save waits for it, which it notes some seconds later."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://{self.address}:8008/synchronous").status_code == 200
        return False

    def is_primary(self) -> bool:
        return self.says("select not pg_is_in_recovery()") is True


@dataclass(frozen=True)
class Park:
    """All of it; `proxy` is where HAProxy leads to the primary."""

    nodes: tuple[Node, ...]
    proxy: str

    @property
    def servers(self) -> str:
        """As a URL names them."""
        return ",".join(f"{one.address}:5432" for one in self.nodes)

    def primary(self) -> Node:
        """When there is one that may take its place."""
        until(lambda: any(one.may_be_promoted() for one in self.nodes), 120)
        return next(one for one in self.nodes if one.is_primary())


@contextmanager
def park() -> Iterator[Park]:
    """Running, with a primary that has a standby."""
    for program, name in ((PATRONI, "Patroni"), (ETCD, "etcd"), (HAPROXY, "HAProxy")):
        need(program, name)
    need(DEBIAN_15, "Debian's PostgreSQL 15")
    network = f"127.{random.randint(1, 254)}.{random.randint(1, 254)}."
    with ExitStack() as stack:
        etcd = f"http://{network}8:23"
        folder = stack.enter_context(_folder())
        stack.enter_context(
            started(
                folder, ETCD, f"--data-dir={folder}/etcd", "--log-level=error",
                f"--listen-client-urls={etcd}79", f"--advertise-client-urls={etcd}79",
                f"--listen-peer-urls={etcd}80", f"--initial-advertise-peer-urls={etcd}80",
                f"--initial-cluster=default={etcd}80",
            )
        )  # fmt: skip
        nodes = tuple(
            _node(name, f"{network}{number}", f"{network}8:2379", stack)
            for number, name in enumerate(("one", "two", "three"), start=1)
        )
        proxy = f"{network}9:5000"
        _write(folder / "haproxy.cfg", {"127.0.0.1:5000": proxy, NETWORK: network})
        stack.enter_context(started(folder, HAPROXY, "-db", "-f", folder / "haproxy.cfg"))
        yield Park(nodes, proxy)


def _node(name: str, address: str, etcd: str, stack: ExitStack) -> Node:
    folder = stack.enter_context(_folder())
    here = {
        ETCDS: etcd,
        "name: one": f"name: {name}",
        "10.0.0.0/24": "127.0.0.0/8",
        "10.0.0.1": address,
        "/var/lib/postgresql/15": str(folder),
        "/var/run/postgresql": str(folder),
    }
    _write(folder / "patroni.yml", here)
    node = Node(name, address, folder, stack)
    node.run()
    stack.callback(node.end)
    return node


def _write(file: Path, instead: dict[str, str]) -> None:
    """The file of the same name of `.github/deploy`, for this machine."""
    text = (DEPLOY / file.name).read_text("utf-8")
    for old, new in instead.items():
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


@contextmanager
def _folder() -> Iterator[Path]:
    folder = new_folder()
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
