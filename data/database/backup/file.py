"""The file: a tar of what pg_dump wrote and of a manifest, which says what must be in it.

It is as secret as the database. Until it is whole it has no name, so that a run that is killed leaves nothing.
"""

import hashlib
import io
import os
import re
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path
from typing import IO, Final, Literal, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from data.access.errors import DataError
from data.i18n.formats import count

DUMP: Final = "database.dump"
MANIFEST: Final = "manifest.json"
BLOCK: Final = tarfile.BLOCKSIZE
PART: Final = 1 << 20  # bytes

Named = tuple[IO[bytes], Callable[[Path], None]]


class Month(BaseModel):
    """A month of the history, or all before one: from its first day (None: from the beginning) to `beyond`."""

    model_config = ConfigDict(frozen=True)

    first: date | None
    beyond: date
    sha256: str = ""
    """Digest of its entries as COPY writes them, before they were compressed."""

    @property
    def name(self) -> str:
        """'2026-05', or 'before-2026-05'."""
        return f"{self.first:%Y-%m}" if self.first else f"before-{self.beyond:%Y-%m}"


class Manifest(BaseModel):
    """What a file holds: when and from what it was taken, and the rows of every table."""

    model_config = ConfigDict(frozen=True)

    form: Literal[1] = 1
    taken_at: AwareDatetime
    server: int
    """The major release of the server."""
    tools: int
    """The major release of pg_dump: older tools do not read it."""
    revision: str
    tables: dict[str, int]
    """Rows by 'schema.table', quoted as SQL wants it."""
    bytes: int = 0
    sha256: str = ""
    """Length and digest of what pg_dump wrote."""
    month: Month | None = None
    """Of which month of the history it is, and of nothing else."""

    def told(self) -> list[str]:
        """The same in sentences."""
        if self.month is not None:
            entries = count(sum(self.tables.values()), "entry", "entries")
            return [f"The history of {self.month.name}: {entries}, {self.bytes / 1e6:,.1f} MB."]
        return [
            f"Taken on {self.taken_at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC from PostgreSQL {self.server}, at "
            f"revision {self.revision}.",
            f"{counted(self.tables)}; in all {count(sum(self.tables.values()), 'row', 'rows')} of "
            f"{count(len(self.tables), 'table', 'tables')}, {self.bytes / 1e6:,.1f} MB.",
        ]


def counted(tables: Mapping[str, int]) -> str:
    """'590 students, 24 classes, 11,800 rows of progress, 25,000 changes of it'"""
    words = {
        "school.student": ("student", "students"),
        "school.class": ("class", "classes"),
        "public.student_module_progress": ("row of progress", "rows of progress"),
        "dashboard.history": ("change of it", "changes of it"),
    }
    rows = Counter[str]()
    for name, number in tables.items():
        rows[re.sub(r"^internal\.history_.+", "dashboard.history", name)] += number
    return ", ".join(count(rows[name], *said) for name, said in words.items())


@dataclass(frozen=True)
class Backup:
    """An open file, and where in it begins what pg_dump wrote."""

    manifest: Manifest
    file: IO[bytes]
    start: int

    def dump(self) -> int:
        """The descriptor, to be read from there on: pg_dump wrote to a pipe, and so noted no places."""
        os.lseek(self.file.fileno(), self.start, os.SEEK_SET)
        return self.file.fileno()

    def is_whole(self) -> bool:
        """Is it, to the byte, what was written?"""
        digest, left = hashlib.sha256(), self.manifest.bytes
        self.file.seek(self.start)
        while left and (part := self.file.read(min(PART, left))):
            digest.update(part)
            left -= len(part)
        return left == 0 and digest.hexdigest() == self.manifest.sha256


class Readable(Protocol):
    """What gives the next bytes; none at the end."""

    def read(self, size: int, /) -> bytes: ...


def write(file: IO[bytes], dump: Readable, told: Callable[[], Manifest]) -> Backup:
    """Into an empty file what is dumped, and the manifest as it is `told` after it, with length and digest."""
    digest, length = hashlib.sha256(), 0
    file.write(bytes(BLOCK))  # the head is written when the length is known
    while part := dump.read(PART):
        digest.update(part)
        length += len(part)
        file.write(part)
    file.write(bytes(-length % BLOCK))
    manifest = told().model_copy(update={"bytes": length, "sha256": digest.hexdigest()})
    written = manifest.model_dump_json(indent=1).encode()
    file.write(_head(MANIFEST, len(written)) + written + bytes(-len(written) % BLOCK))
    file.write(bytes(2 * BLOCK))
    file.seek(0)
    file.write(_head(DUMP, length))
    file.flush()
    return Backup(manifest, file, BLOCK)


def _head(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT)


@contextmanager
def opened(path: Path) -> Iterator[Backup]:
    """A file that was written before. Raises DataError, in words, where it is no whole backup."""
    with ExitStack() as stack:
        try:
            backup = _read(stack.enter_context(path.open("rb")))
            is_whole = backup.is_whole()
        except OSError as error:
            raise DataError(f"{path} cannot be read: {error.strerror}.") from error
        except (tarfile.TarError, KeyError, ValidationError) as error:
            raise DataError(
                f"{path} is no backup of this program's, or only a part of one."
            ) from error
        if not is_whole:
            raise DataError(f"{path} is damaged: it is not what was written. Take another.")
        yield backup


def _read(file: IO[bytes]) -> Backup:
    with tarfile.open(fileobj=file, mode="r:") as tar:
        start = tar.getmember(DUMP).offset_data
        manifest = (tar.extractfile(MANIFEST) or io.BytesIO()).read()
    return Backup(Manifest.model_validate_json(manifest), file, start)


@contextmanager
def new_file(path: Path, *, replaces: bool) -> Iterator[IO[bytes]]:
    """A file for its owner alone, which takes its name at the end of the block, whole.

    Raises DataError, in words; also where there is one of this name, unless it `replaces` that.
    """
    taken = f"{path} exists already. Choose another name, or say --overwrite."
    if path.exists() and not replaces:
        raise DataError(taken)
    try:
        with _nameless(path.parent) as (file, give_name):
            yield file
            file.flush()
            os.fsync(file.fileno())
            if replaces:
                draft = path.with_name(f".{path.name[:50]}.{os.getpid()}")
                draft.unlink(missing_ok=True)
                give_name(draft)
                draft.replace(path)
            else:
                give_name(path)
            _on_disk(path.parent)
    except FileExistsError as error:
        raise DataError(taken) from error
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}.") from error


@contextmanager
def _nameless(folder: Path) -> Iterator[Named]:
    """A file, and what gives it a name that nothing has yet."""
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except (AttributeError, OSError):  # a Mac, or a file system without such files
        yield from _hidden(folder)
        return
    with os.fdopen(descriptor, "w+b") as file:
        # A folder must be named, or Python calls link(), which knows no descriptors.
        yield (
            file,
            lambda name: os.link(
                f"/proc/self/fd/{descriptor}", name, src_dir_fd=descriptor, follow_symlinks=True
            ),
        )


def _hidden(folder: Path) -> Iterator[Named]:
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix=".backup-")

    def give_name(name: Path) -> None:
        if name.exists():  # a link would refuse it by itself, and such a file system may have none
            raise FileExistsError
        Path(draft).rename(name)

    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file, give_name
    finally:
        Path(draft).unlink(missing_ok=True)


def _on_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
