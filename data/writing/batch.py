"""A batch: the edits that were saved together, under a key that whoever saves has chosen."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from data.rules.progress import Edit, Field, Problem, Values
from data.writing.outcome import Outcome, Saved

Source = Literal["form", "grid", "bulk", "file", "undo", "restore", "merge", "command line"]

FIELDS: Final = tuple(Field)


@dataclass(frozen=True)
class Batch:
    """Who saves what, and why. `undoes` is the batch that this one puts back; `digest` tells the edits."""

    id: UUID
    author_id: UUID
    source: Source
    reason: str | None
    undoes: UUID | None
    digest: str


def digest(source: Source, edits: Sequence[Edit]) -> str:
    """The same for the same edits, in whatever order."""
    lines = sorted(
        f"{edit.student_id.hex} {edit.module_id.hex} {_written(edit.changes)} {_written(edit.seen)}"
        for edit in edits
    )
    return hashlib.sha256("\n".join([source, *lines]).encode()).hexdigest()


def _written(values: Values) -> str:
    parts = []
    for name in FIELDS:
        if name in values:
            value = values[name]
            parts.append(
                f"{name}={value.astimezone(UTC) if isinstance(value, datetime) else value}"
            )
    return ",".join(parts)


def begin(connection: Connection, batch: Batch) -> bool:
    """False where the batch is there already. A simultaneous retry waits here for the first to end."""
    opened = connection.execute(
        text("""
            insert into dashboard.batch (id, author_id, source, reason, undoes, digest)
            values (:id, :author_id, :source, :reason, :undoes, :digest)
            on conflict (id) do nothing
        """),
        vars(batch),
    ).rowcount
    connection.execute(
        text("select set_config('dashboard.batch', :id, true)"), {"id": str(batch.id)}
    )
    return opened == 1


def repeat(connection: Connection, batch: Batch) -> Outcome:
    """What the first call of this batch did. Values come as the history's JSON tells them."""
    same = connection.scalar(
        text("""
            select true
            from dashboard.batch
            where id = :id
                and author_id = :author_id
                and coalesce(digest, :digest) = :digest
        """),
        vars(batch),
    )
    if not same:
        sentence = "Other changes were saved under this number already. Nothing was saved now."
        return Outcome(problems=(Problem(None, "other_batch", f"{sentence} Start again."),))
    changes = connection.execute(
        text("""
            select student_id, module_id, before, after
            from dashboard.change
            where batch_id = :id
            order by id
        """),
        vars(batch),
    )
    saved = tuple(
        Saved(change.student_id, change.module_id, _fields(change.before), _fields(change.after))
        for change in changes
    )
    return Outcome(batch_id=batch.id, saved=saved, repeated=True)


def _fields(side: Mapping[str, Any] | None) -> dict[Field, Any]:
    return {name: side[name] for name in Field if name in side} if side else {}
