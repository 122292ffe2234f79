"""The cluster itself: made, bootstrapped with its two roles, checked before it is started."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from data.database.embedded.files import EmbeddedError, Memo, OsUser
from data.database.embedded.place import PORT, environment, run

WATCH = Path(__file__).with_name("watch.py")
MAJOR = "18"
DATABASE = "progress"
OWNER, APP = "progress_owner", "progress_app"

SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    # Of a page whole pictures are written after each checkpoint: the most of what few writes a second cost.
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "jit": "off",
}

# The database's own collation: the same order on every system, whatever locales it has.
INITDB = (
    "--username=postgres",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--no-instructions",
)

ROLES = (
    "create role progress_owner login createrole nosuperuser nobypassrls password {owner}",
    "create role progress_app login noinherit nosuperuser nocreatedb nocreaterole nobypassrls"
    " password {app}",
    "grant progress_app to progress_owner with admin true, inherit false, set true",
    "create database progress owner progress_owner",
    "revoke all on database progress, postgres, template1 from public",
    "grant connect on database progress to progress_app",
)
SCHEMA = (
    "alter schema public owner to progress_owner",
    "revoke create on schema public from public",
    # Nobody needs the superuser after this; without a password nobody can connect as one.
    "alter role postgres password null",
)


def url(role: str, password: str, socket: Path, database: str = DATABASE) -> str:
    """A libpq address, also for SQLAlchemy; the port is named lest PGPORT have a say."""
    host = quote(os.fsencode(socket), safe="/")
    return f"postgresql://{role}:{password}@/{database}?host={host}&port={PORT}"


def watched(
    note: Memo, tools: Path, account: OsUser | None, lock: int, log: int
) -> subprocess.Popen[bytes]:
    """The note's cluster, running for as long as this process lives (watch.py)."""
    python = [sys.executable, "-I", "-S", str(WATCH)]
    who = [str(account.uid), str(account.gid)] if account else ["", ""]
    try:
        return subprocess.Popen(  # noqa: S603
            [*python, *who, str(lock), str(note.socket_folder), *_command(note, tools)],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment(),
            umask=0o077,
            pass_fds=[lock],
            start_new_session=True,  # Ctrl-C in the terminal is the application's to answer
        )
    finally:
        os.close(log)


def _command(note: Memo, tools: Path) -> list[str]:
    """What runs the note's cluster, with who may connect written anew."""
    quoted = str(note.socket_folder).replace('"', '""')
    settings = SETTINGS | {
        "unix_socket_directories": f'"{quoted}"',
        "hba_file": str(rules(note.cluster.parent)),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(tools / "postgres"), "-D", str(note.cluster), *options]


def create(note: Memo, account: OsUser | None, tools: Path, lock: int) -> str:
    """Make the note's cluster anew, removing a half-made one; returns the superuser's password."""
    if note.cluster.exists():
        shutil.rmtree(note.cluster)
    note.cluster.mkdir(mode=0o700)
    password = secrets.token_hex(24)
    descriptor, name = tempfile.mkstemp(prefix="password-", dir=note.cluster.parent)
    try:
        os.write(descriptor, password.encode())
        os.close(descriptor)
        if account:
            for path in (note.cluster, name):
                os.chown(path, account.uid, account.gid)
        # initdb holds the lock too: should we be killed now, the next start waits until it ends.
        made = run(
            account,
            *(tools / "initdb", f"--pgdata={note.cluster}", f"--pwfile={name}", *INITDB),
            keep=(lock,),
        )
    finally:
        Path(name).unlink()
    if made.returncode != 0:
        said = made.stderr.decode("utf-8", "replace").strip().splitlines()
        why = next((line for line in said if "error" in line or "FATAL" in line), " ".join(said))
        raise EmbeddedError(
            f"The database could not be created in {note.cluster}: {why}. "
            "Mend that (is the disk full?), or give another data folder."
        )
    return password


def rules(home: Path) -> Path:
    """Write, beside the cluster and anew for each start, who may connect: see pg_hba.conf.

    Not the cluster's own file, which the server's user could change under our hands.
    """
    path = home / "pg_hba.conf"
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC)
    with os.fdopen(descriptor, "w") as file:
        file.write("local all all scram-sha-256\n")
        os.fchmod(descriptor, 0o644)
    return path


def bootstrap(note: Memo, socket: Path, superuser_password: str) -> None:
    """The roles, the database and its public schema, in a new cluster that is running."""
    secret = {"owner": sql.Literal(note.owner_password), "app": sql.Literal(note.app_password)}
    for database, statements in (("postgres", ROLES), (DATABASE, SCHEMA)):
        address = url("postgres", superuser_password, socket, database)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(**secret))


def major(cluster: Path) -> int:
    """The major release that made it. EmbeddedError where its files are missing."""
    try:
        return int((cluster / "PG_VERSION").read_text())
    except (FileNotFoundError, ValueError) as error:
        raise EmbeddedError(
            f"The database's files are missing from {cluster}: restore them from a backup, "
            f"or give another data folder."
        ) from error


def clear_stale_pid(cluster: Path) -> None:
    """Remove the postmaster.pid of a server that is gone; the caller holds the server's lock.

    PostgreSQL itself would refuse to start when that number now belongs to any other process of
    the same user. Without /proc the file is left to its judgement.
    """
    path = cluster / "postmaster.pid"
    if not path.exists() or not Path("/proc/self/cwd").exists():
        return
    first = path.read_text("utf-8", "replace").split("\n", 1)[0]
    with suppress(OSError):
        if first.isdigit() and cluster.samefile(f"/proc/{first}/cwd"):
            raise EmbeddedError(
                f"Another PostgreSQL (process {first}) already runs over {cluster}: stop it first."
            )
    path.unlink()
