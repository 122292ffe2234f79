"""The embedded PostgreSQL: a real server that lives and dies with the application's process.

One process starts it, others over the same data folder share it while that one lives. Nobody but
the data folder's owner can connect: a Unix socket in a private folder, SCRAM for every line of
pg_hba, random passwords in a 0600 file. Nothing listens on the network and no shell is involved.

In the data folder: embedded.json (passwords, and where the cluster is), postgres18/ (the cluster;
as root, where the server's user cannot reach it, under /var/lib; pg_hba.conf is beside it),
postgres.log, and three lock files:
start.lock (somebody is starting), owner.lock (held by the process that started the server),
server.lock (beside the cluster; held by the server's processes until the last is gone).
"""

import atexit
import os
import secrets
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg

from data.database.embedded import cluster, files, place, upgrading
from data.database.embedded.files import EmbeddedError, Memo, OsUser

__all__ = ["EmbeddedError", "Server", "kill", "lives", "running", "start", "stop", "was_stopped"]

START_PATIENCE = 150.0  # seconds: longer than one whole start with a recovery
END_PATIENCE = 20.0  # seconds: longer than the watcher's own
READY_PATIENCE = 120.0  # seconds: a recovery after a crash may replay a gigabyte


@dataclass(frozen=True)
class Server:
    """A running embedded server; the addresses hold passwords and stay out of its repr."""

    data_dir: Path
    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)
    mine: bool  # started by this process


@dataclass(frozen=True)
class _Held:
    watcher: subprocess.Popen[bytes]
    owner_lock: ExitStack

    def end(self) -> None:
        self.let_go()
        with suppress(subprocess.TimeoutExpired):
            self.watcher.wait(END_PATIENCE)
        self.owner_lock.close()

    def let_go(self) -> None:
        if self.watcher.stdin:
            self.watcher.stdin.close()


_held: dict[Path, _Held] = {}
_stopped: set[Path] = set()


def _say_nothing(_: str) -> None: ...


def start(data_dir: Path, say: Callable[[str], None] = _say_nothing) -> Server:
    """Start the server over `data_dir`, or share the one another process already runs there.

    A shared server ends with the process that started it. `say` hears of what takes long.
    Raises EmbeddedError.
    """
    folder = Path(os.path.realpath(data_dir))
    busy = f"Another process has been starting the database in {folder} for minutes: end it."
    try:
        note = files.read_note(folder)
        account = place.server_account(note.cluster if note else None)
        files.claim(folder, account)
        _stopped.discard(folder)
        with files.locked(folder / "start.lock", START_PATIENCE, busy):
            return running(folder) or _launch(folder, account, say)
    except OSError as error:
        raise files.in_words(error, folder) from error


def running(data_dir: Path) -> Server | None:
    """The server that runs over `data_dir`, if one does; starts and creates nothing.

    Raises EmbeddedError when the folder cannot be read.
    """
    folder = Path(os.path.realpath(data_dir))
    try:
        note = files.read_note(folder)
        # When its process was killed just now, a server may still answer: it is about to end.
        if not (note and note.initialised and files.is_locked(folder / "owner.lock")):
            return None
    except OSError as error:
        raise files.in_words(error, folder) from error
    server = _server(folder, note)
    try:
        psycopg.connect(server.owner_url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return None
    return server


def stop(server: Server) -> None:
    """Stop the server cleanly if this process started it, else do nothing."""
    _stopped.add(server.data_dir)
    kill(server)


def kill(server: Server) -> None:
    """The same, of one that is to be started again."""
    held = _held.pop(server.data_dir, None)
    if held:
        held.end()


def was_stopped(server: Server) -> bool:
    """Whether this process stopped it, and has not started it since."""
    return server.data_dir in _stopped


def lives(server: Server) -> bool:
    """Whether it runs as far as its processes tell: quicker than a connection, and without one."""
    if held := _held.get(server.data_dir):
        return held.watcher.poll() is None
    return files.is_locked(server.data_dir / "owner.lock")


def _server(folder: Path, note: Memo) -> Server:
    return Server(
        folder,
        cluster.url(cluster.OWNER, note.owner_password, note.socket_folder),
        cluster.url(cluster.APP, note.app_password, note.socket_folder),
        folder in _held,
    )


def _launch(folder: Path, account: OsUser | None, say: Callable[[str], None]) -> Server:
    if ours := _held.pop(folder, None):  # it fell while we held it
        ours.end()
    busy = (
        f"The last database server over {folder} has not ended, or does not answer "
        f"(its log: {folder / files.LOG}): end the processes that use it."
    )
    tools = place.programs(account)
    note = files.read_note(folder) or _begin(folder, account, tools)
    with ExitStack() as undo:
        owner_lock = undo.enter_context(ExitStack())
        owner_lock.enter_context(files.locked(folder / "owner.lock", END_PATIENCE, busy))
        beside = note.cluster.parent / "server.lock"
        with files.locked(beside, END_PATIENCE, busy) as lock:
            note = upgrading.current(folder, note, account, tools, lock, say)
            superuser = _prepared(note, account, tools, lock, say)
            note = replace(note, socket_folder=place.socket_folder(note.cluster, account))
            files.write_note(folder, note)
            log, since = files.open_log(folder)
            watcher = cluster.watched(note, tools, account, lock, log)
        held = _Held(watcher, owner_lock)
        undo.callback(held.end)
        note = _ready(folder, note, superuser, watcher, since)
        undo.pop_all()
        _held[folder] = held
    server = _server(folder, note)
    atexit.register(stop, server)
    return server


def _begin(folder: Path, account: OsUser | None, tools: Path) -> Memo:
    where = place.new_cluster_folder(folder, account, tools)
    note = Memo(where, secrets.token_hex(24), secrets.token_hex(24))
    files.write_note(folder, note)
    return note


def _prepared(
    note: Memo, account: OsUser | None, tools: Path, lock: int, say: Callable[[str], None]
) -> str | None:
    """The superuser's password where the cluster is new and still wants its roles, else None."""
    if not note.initialised:
        say(f"Creating the database in {note.cluster} ...")
        return cluster.create(note, account, tools, lock)
    cluster.clear_stale_pid(note.cluster)
    return None


def _ready(
    folder: Path, note: Memo, superuser: str | None, watcher: subprocess.Popen[bytes], since: int
) -> Memo:
    """Wait for the server and, where it is new, give it its roles; the note as it then stands."""
    if superuser:
        address = cluster.url("postgres", superuser, note.socket_folder, "postgres")
        _await_connection(folder, address, watcher, since)
        try:
            cluster.bootstrap(note, note.socket_folder, superuser)
        except psycopg.Error as error:
            raise EmbeddedError(
                f"The new database in {folder} could not be set up ({error}): start again."
            ) from error
        note = replace(note, initialised=True)
        files.write_note(folder, note)
    _await_connection(folder, _server(folder, note).owner_url, watcher, since)
    return note


def _await_connection(
    folder: Path, address: str, watcher: subprocess.Popen[bytes], since: int
) -> None:
    deadline = time.monotonic() + READY_PATIENCE
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            hopeless = "password authentication failed" in str(error)
            if hopeless or watcher.poll() is not None or time.monotonic() > deadline:
                raise EmbeddedError(
                    f"The database in {folder} did not start. Its log {folder / files.LOG} "
                    f"ends: {files.last_words(folder, since)}"
                ) from error
        time.sleep(0.01)


def _let_go_in_a_fork() -> None:
    # A forked child would keep the pipe and the lock, and so the server, after its parent's death.
    for held in _held.values():
        held.let_go()
        held.owner_lock.close()
    _held.clear()


os.register_at_fork(after_in_child=_let_go_in_a_fork)
