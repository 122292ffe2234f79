"""A cluster of an older major release is brought over: copied by pg_upgrade, the old one left as it was."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Final

from data.database.embedded import cluster, files, place
from data.database.embedded.files import EmbeddedError, Memo, OsUser
from data.database.embedded.releases import programs_of

DRAFT: Final = "upgrade-draft"
NEEDED: Final = ("postgres", "pg_ctl", "pg_resetwal", "pg_controldata")
NO_CHECKSUMS: Final = re.compile(rb"Data page checksum version: +0\b")
ROOM: Final = 200_000_000  # bytes that a new cluster takes before anything is in it

MISSING: Final = (
    "{} is of PostgreSQL {major}, and this program brings PostgreSQL {here}. Nothing was changed. Install "
    "PostgreSQL {major} (in Debian: postgresql-{major}) and start again: then it is upgraded. Or take the "
    "release of this program that worked with it, run its python -m data backup FILE, and with this one "
    "python -m data --data-dir NEW_FOLDER restore FILE."
)
NEWER: Final = (
    "{} is of PostgreSQL {major}, and this program brings PostgreSQL {here}: a newer release of this program "
    "worked with it. Update the program. Nothing was changed."
)


def current(
    folder: Path,
    note: Memo,
    account: OsUser | None,
    tools: Path,
    lock: int,
    say: Callable[[str], None],
) -> Memo:
    """The note of a cluster that `tools` can run: this one, or what it was upgraded to.

    Ended in between, the old one counts, and the next start begins anew. The caller holds the server's `lock`,
    which whatever is started here holds too. Raises EmbeddedError, in words.
    """
    if not note.initialised or (major := cluster.major(note.cluster)) == int(cluster.MAJOR):
        return note
    words = {"major": major, "here": cluster.MAJOR}
    if major > int(cluster.MAJOR):
        raise EmbeddedError(NEWER.format(note.cluster, **words))
    old = programs_of(major, *NEEDED, account=account)
    if old is None:
        raise EmbeddedError(MISSING.format(note.cluster, **words))
    cluster.clear_stale_pid(note.cluster)
    _refuse_full_disk(note.cluster)
    say(f"Upgrading the database in {note.cluster} from PostgreSQL {major} to {cluster.MAJOR} ...")
    new = _upgraded(note.cluster, account, old, tools, lock)
    note = replace(note, cluster=new)
    files.write_note(folder, note)
    say(
        f"It is in {new} now. The old files are in the folder it had: remove that when all is well."
    )
    return note


def _refuse_full_disk(old: Path) -> None:
    size = sum(path.lstat().st_size for path in old.rglob("*"))
    free = shutil.disk_usage(old.parent).free
    if free < size + ROOM:
        raise EmbeddedError(
            f"To upgrade {old}, {(size + ROOM) / 1e6:,.0f} MB must be free beside it, and {free / 1e6:,.0f} MB "
            "are. Free some space and start again. Nothing was changed."
        )


def _upgraded(old: Path, account: OsUser | None, before: Path, tools: Path, lock: int) -> Path:
    """The new cluster's folder, beside the old one."""
    draft = old.parent / DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    shutil.rmtree(place.socket_folder(old, account))  # what a start that was killed left there
    work = place.socket_folder(old, account)
    try:
        # pg_upgrade passes names through a shell: these are plain, whatever the data folder is called.
        for name, target in (("old", old), ("new", draft)):
            (work / name).symlink_to(target)
        # For as long as it runs, in a folder of the server's user alone: the superuser has no password.
        (work / "hba").write_text("local all all trust\n")
        (work / "hba").chmod(0o644)
        if account:
            os.chown(draft, account.uid, account.gid)
        told = place.run(account, before / "pg_controldata", "-D", work / "old").stdout
        checksums = NO_CHECKSUMS.search(told) is None
        for command in _steps(work, before, tools, checksums=checksums):
            done = place.run(account, *command, keep=(lock,), cwd=work)
            if done.returncode != 0:
                raise _failed(old, command[0], done.stdout + done.stderr)
    finally:
        for data, programs in (("old", before), ("new", tools)):
            if (work / data / "postmaster.pid").exists():
                place.run(
                    account, programs / "pg_ctl", "stop", "-m", "immediate", "-D", work / data
                )
        shutil.rmtree(work)
    new = next(one for one in _names(old.parent) if not one.exists())
    draft.rename(new)
    return new


def _steps(work: Path, before: Path, tools: Path, *, checksums: bool) -> list[list[str | Path]]:
    """What recovers the old one, where it was killed; makes a new one; and copies the old one into it."""
    rules = f"-c hba_file={work / 'hba'}"
    return [
        [before / "postgres", "--single", "-D", work / "old", "postgres"],
        [
            tools / "initdb",
            f"--pgdata={work / 'new'}",
            *(option for option in cluster.INITDB if not option.startswith("--auth")),
            "--auth=reject",
            "--data-checksums" if checksums else "--no-data-checksums",
        ],
        [
            tools / "pg_upgrade",
            *("--old-bindir", before, "--new-bindir", tools),
            *("--old-datadir", work / "old", "--new-datadir", work / "new"),
            *("--username=postgres", "--socketdir", work),
            *("--old-options", rules, "--new-options", rules),
        ],
    ]


def _failed(old: Path, program: str | Path, said: bytes) -> EmbeddedError:
    last = " / ".join(said.decode("utf-8", "replace").strip().splitlines()[-3:])
    return EmbeddedError(
        f"{old} could not be upgraded, and is as it was. {Path(program).name} said: {last}. Mend that "
        "and start again."
    )


def _names(parent: Path) -> Iterator[Path]:
    yield parent / place.CLUSTER
    yield from (parent / f"{place.CLUSTER}-{number}" for number in count(2))
