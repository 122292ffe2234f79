"""What the embedded server keeps in its data folder: a note with the passwords, locks, a log."""

import errno
import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.access.errors import DataError

NOTE = "embedded.json"
LOG = "postgres.log"
LOG_LIMIT = 10_000_000  # bytes; a larger log is set aside once, at the next start


class EmbeddedError(DataError):
    """The embedded database cannot be had; one sentence or two that say why and what to do."""


@dataclass(frozen=True)
class OsUser:
    """The system user that the server runs as when we are root."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Memo:
    """What must be remembered about a cluster; kept in a file that only its owner can read."""

    cluster: Path
    owner_password: str
    app_password: str
    initialised: bool = False
    socket_folder: Path = Path()  # this, until it was first started


def in_words(error: OSError, folder: Path) -> EmbeddedError:
    """`error`, met while working in `folder`, as something a person can act on."""
    where = error.filename or folder
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        advice = "The disk is full: free some space and start again."
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        advice = "Start as the user it belongs to, or give a data folder that you can write in."
    else:
        advice = "Mend that, or give another data folder."
    return EmbeddedError(
        f"The embedded database in {folder} cannot be started: {where}: {error.strerror}. {advice}"
    )


def claim(folder: Path, account: OsUser | None) -> None:
    """Make `folder` ours alone (0700), without touching one that holds other people's things.

    As root the server's group may pass through (0710), but not look around; and a folder that
    another user made a database in is refused, since root would do as that user's note says.
    """
    if "\n" in str(folder):
        raise EmbeddedError("The data folder's name holds a line break: give another data folder.")
    # The folder of a school is within the demo's: whichever is made first, the other may be made too.
    folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    facts, noted = folder.stat(), (folder / NOTE).exists()
    if account and noted and (folder / NOTE).lstat().st_uid != os.geteuid():
        raise EmbeddedError(f"The database in {folder} is another user's: start as that user.")
    ours = noted or not any(folder.iterdir())
    if ours and facts.st_uid == os.geteuid():
        if account:
            os.chown(folder, -1, account.gid)
        # Only ever narrower: a folder made read-only stays so, and is refused by whoever writes.
        folder.chmod(facts.st_mode & 0o700 | (0o010 if account else 0))
    elif facts.st_mode & 0o022:
        raise EmbeddedError(
            f"Other users can write in {folder}: give the database a folder of its own."
        )


def opened(path: Path) -> int:
    """A file descriptor to append to a private file; a planted link is not followed."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, 0o600)


@contextmanager
def locked(path: Path, patience: float, otherwise: str) -> Iterator[int]:
    """Hold `path` locked; EmbeddedError(`otherwise`) when it is not free within `patience` seconds.

    The kernel frees it when the last process that inherited the descriptor ends, so a lock is
    never stale, whatever was killed.
    """
    descriptor = opened(path)
    deadline = time.monotonic() + patience
    try:
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise EmbeddedError(otherwise)
            time.sleep(0.01)
        yield descriptor
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_locked(path: Path) -> bool:
    """Whether a living process holds `path` locked. Creates nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        return not _try_lock(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def read_note(folder: Path) -> Memo | None:
    """The folder's note, or None where no cluster was ever begun. Raises EmbeddedError, OSError."""
    try:
        kept = json.loads((folder / NOTE).read_text("utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise _unreadable(folder) from error
    try:
        return Memo(
            folder / kept["cluster"],
            str(kept["owner_password"]),
            str(kept["app_password"]),
            bool(kept["initialised"]),
            Path(kept["socket_folder"]),
        )
    except (KeyError, TypeError) as error:
        raise _unreadable(folder) from error


def _unreadable(folder: Path) -> EmbeddedError:
    return EmbeddedError(
        f"{folder / NOTE} holds the database's passwords and is damaged: "
        "restore it from a backup, or give another data folder."
    )


def write_note(folder: Path, note: Memo) -> None:
    """Replace the folder's note, whole or not at all, and safe on disk when this returns."""
    # A cluster inside the folder is noted by its bare name: the folder may be moved.
    inside = note.cluster.parent == folder
    kept = {
        "cluster": note.cluster.name if inside else str(note.cluster),
        "owner_password": note.owner_password,
        "app_password": note.app_password,
        "initialised": note.initialised,
        "socket_folder": str(note.socket_folder),
    }
    descriptor, name = tempfile.mkstemp(prefix=NOTE, dir=folder)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(kept, file, indent=1)
        file.flush()
        os.fsync(descriptor)
    Path(name).replace(folder / NOTE)
    parent = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)


def open_log(folder: Path) -> tuple[int, int]:
    """The server's log, to append to, and its length so far in bytes."""
    path = folder / LOG
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.old"))
    descriptor = opened(path)
    return descriptor, os.lseek(descriptor, 0, os.SEEK_END)


def last_words(folder: Path, since: int) -> str:
    """The log's last three lines after byte `since`, on one line."""
    written = (folder / LOG).read_bytes()[since:].decode("utf-8", "replace")
    return " / ".join(written.strip().splitlines()[-3:]) or "(the log is empty)"
