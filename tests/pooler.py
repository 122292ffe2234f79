"""PgBouncer in front of a server of the tests, as hosts have one."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from data.database.embedded import place
from tests.clusters import Cluster
from tests.machine import need

PGBOUNCER = Path("/usr/sbin/pgbouncer")
PORT = 6543


def config(cluster: Cluster, folder: Path) -> str:
    return f"""
[databases]
* = host={cluster.socket}

[pgbouncer]
listen_addr =
listen_port = {PORT}
unix_socket_dir = {folder}
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
auth_type = trust
auth_file = {folder}/users
ignore_startup_parameters = extra_float_digits
logfile = {folder}/log
"""


@contextmanager
def pooler(cluster: Cluster, url: str, *users: str) -> Iterator[str]:
    """The URL that leads to the same database through it: each transaction gets any of three connections. It
    knows these users too."""
    need(PGBOUNCER, "PgBouncer")
    account = place.server_account(None)
    other = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    # Short, as a socket's path must be; and away with the server.
    folder = Path(tempfile.mkdtemp(dir=cluster.socket))
    user = psycopg.conninfo.conninfo_to_dict(url)["user"]
    (folder / "users").write_text("".join(f'"{one}" ""\n' for one in (user, *users)))
    (folder / "ini").write_text(config(cluster, folder))
    if account:
        os.chown(folder, account.uid, account.gid)
    process = subprocess.Popen(
        [PGBOUNCER, str(folder / "ini")], cwd="/", stderr=subprocess.DEVNULL, **other
    )  # type: ignore[call-overload]
    through = url.replace(f"host={cluster.socket}", f"host={folder}&port={PORT}")
    try:
        _await(through, process)
        yield through
    finally:
        process.terminate()
        process.wait(20)


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(url, prepare_threshold=None).close()
            return
        except psycopg.OperationalError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
