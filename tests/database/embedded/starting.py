"""Other processes that start the embedded server, and what there is to see of it."""

import json
import os
import pwd
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

from data.database import embedded
from tests.machine import need

ROOT = Path(__file__).resolve().parents[3]
AM_ROOT = os.geteuid() == 0

APP = """
import json, os, sys
from pathlib import Path
from data.database import embedded
try:
    server = embedded.start(Path(sys.argv[1]))
    print(json.dumps({"mine": server.mine, "url": server.owner_url, "uid": os.geteuid()}))
except embedded.EmbeddedError as error:
    print(json.dumps({"refused": str(error)}))
sys.stdout.flush()
sys.stdin.read()
"""


class App:
    """Another process that starts the server and then waits to be ended."""

    def __init__(self, folder: Path, **options: Any) -> None:
        python = options.pop("python", sys.executable)
        self.process = subprocess.Popen(
            [python, "-c", options.pop("code", APP), str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )

    def says(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        said: dict[str, Any] = json.loads(self.process.stdout.readline())
        return said

    def leave(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.leave()


def ordinary_user() -> dict[str, Any]:
    """What makes an App run as an ordinary user who can import what it needs."""
    packages = {"PYTHONPATH": str(Path(psycopg.__file__).parents[1])}
    if not AM_ROOT:
        return {"env": packages}
    nobody = pwd.getpwnam("nobody")
    us: dict[str, Any] = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    python = sys.executable
    try:
        subprocess.run([python, "-c", ""], check=True, **us)
    except PermissionError:
        # An interpreter below /root: the system's of the same version, with our packages.
        python = f"/usr/bin/python3.{sys.version_info.minor}"
        need(Path(python), "A Python that every user can run")
    return us | {"python": python, "env": packages}


def cluster_of(folder: Path) -> Path:
    cluster: str = json.loads((folder / "embedded.json").read_text())["cluster"]
    return folder / cluster


def socket_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def processes(home: Path) -> dict[int, str]:
    """Watcher and postmaster over a cluster in `home`: process id -> command line, from ps."""
    listed = subprocess.run(
        ["ps", "-ww", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    split = [line.split(None, 2) for line in listed.stdout.splitlines() if str(home) in line]
    found = {int(pid): args for pid, _, args in split if "-D" in args.split()}
    # What a postmaster has just forked has its command line until it gives itself a title.
    untitled = {int(pid) for pid, parent, args in split if found.get(int(parent)) == args}
    return {pid: args for pid, args in found.items() if pid not in untitled}


def gone(home: Path, patience: float = 2) -> bool:
    """Whether, within `patience`, ps shows no server and none of its processes holds the lock."""
    lock = home / "server.lock"
    return eventually(lambda: not processes(home) and not embedded.files.is_locked(lock), patience)


def eventually(true: Callable[[], bool], patience: float = 2) -> bool:
    deadline = time.monotonic() + patience
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ask(url: str, question: str) -> Any:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def tell(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def keep(url: str) -> Callable[[str], bool]:
    """Commit something; the question whether it is still there."""
    table = f"kept_{secrets.token_hex(4)}"
    tell(url, f"create table {table} ()")
    return lambda later: ask(later, f"select count(*) from {table}") == 0
