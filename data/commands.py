"""The only writer: an edit is a bulk of one. Nothing is applied over what its editor did not see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data import progress_rows as rows
from data.errors import as_problem
from data.progress import EMPTY_ROW, Edit, Field, Problem, Values, differs, settle
from data.progress_rows import Wish
from data.session import Actor, acting_as

Source = Literal["form", "grid", "bulk", "file", "undo", "restore", "command line"]

LONGEST_REASON: Final = 500


@dataclass(frozen=True)
class Conflict:
    """Somebody was faster: the fields that no longer hold what the editor saw, with both values."""

    edit: Edit
    current: Values
    fields: tuple[Field, ...]
    changed_by: str | None = None
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    """An edit that breaks a rule."""

    edit: Edit
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Saved:
    """An edit that stands in the table: the fields that changed, before and after."""

    student_id: UUID
    module_id: UUID
    before: Mapping[Field, Any]
    after: Mapping[Field, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of every edit. `batch_id` is None where nothing was written.

    `repeated` says that this batch had been saved before: the answer was lost, not the work.
    """

    batch_id: UUID | None = None
    saved: tuple[Saved, ...] = ()
    unchanged: tuple[Edit, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    problems: tuple[Problem, ...] = ()
    repeated: bool = False


@dataclass
class _Sorted:
    """Edits on their way: each ends in exactly one of these."""

    changes: list[Wish] = field(default_factory=list)
    additions: list[Wish] = field(default_factory=list)
    unchanged: list[Edit] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


class _NothingToWriteError(Exception):
    """Rolls the transaction back, its batch included, where no edit could be applied."""


def save(
    actor: Actor,
    edits: Sequence[Edit],
    reason: str | None = None,
    *,
    source: Source = "form",
    batch_id: UUID | None = None,
) -> Outcome:
    """Apply edits in one transaction, each only where its row still holds what the editor saw.

    `batch_id` is the idempotency key: a second call with it applies nothing and says what the first did.
    `reason` (at most 500 characters) is required for more than one edit. Rules and refusals come back as
    problems in the Outcome; raises DatabaseAway or DatabaseNotReady where the database is not there.
    """
    problem = _reason_problem(reason, len(edits)) or _doubles_problem(edits)
    if problem is not None:
        return Outcome(problems=(problem,))
    batch_id = batch_id or uuid4()
    outcome = Outcome()
    try:
        with acting_as(actor) as connection:
            if not _open_batch(connection, actor, batch_id, source, reason):
                return _repeat(connection, batch_id)
            outcome = _apply(connection, edits)
            if not outcome.saved:
                raise _NothingToWriteError
    except _NothingToWriteError:
        return outcome
    except (DBAPIError, UnicodeEncodeError) as error:
        return Outcome(problems=(_explain(error),))
    return replace(outcome, batch_id=batch_id)


def _explain(error: DBAPIError | UnicodeEncodeError) -> Problem:
    if isinstance(error, UnicodeEncodeError):
        return Problem(None, "unreadable", "The text holds a character that cannot be stored.")
    problem = as_problem(error)
    if problem is None:
        raise error
    return problem


def _reason_problem(reason: str | None, edits: int) -> Problem | None:
    reason = (reason or "").strip()
    if edits > 1 and not reason:
        return Problem(None, "reason", "Say why: a change of several rows needs a reason.")
    if len(reason) > LONGEST_REASON:
        return Problem(
            None, "reason", f"The reason is too long: {LONGEST_REASON} characters at most."
        )
    if "\x00" in reason:
        return Problem(None, "reason", "The reason holds a character that cannot be stored.")
    return None


def _doubles_problem(edits: Sequence[Edit]) -> Problem | None:
    if len({(edit.student_id, edit.module_id) for edit in edits}) == len(edits):
        return None
    return Problem(None, "duplicate", "The same student and module stand twice. Keep one of them.")


def _open_batch(
    connection: Connection, actor: Actor, batch_id: UUID, source: Source, reason: str | None
) -> bool:
    """False where the batch is there already. A simultaneous retry waits here for the first to end."""
    opened = connection.execute(
        text("""
            insert into dashboard.batch (id, author_id, source, reason)
            values (:id, :author, :source, :reason)
            on conflict (id) do nothing
        """),
        {
            "id": batch_id,
            "author": actor.id,
            "source": source,
            "reason": (reason or "").strip() or None,
        },
    ).rowcount
    connection.execute(
        text("select set_config('dashboard.batch', :id, true)"), {"id": str(batch_id)}
    )
    return opened == 1


def _repeat(connection: Connection, batch_id: UUID) -> Outcome:
    """What the first call of this batch did. Values come as the history's JSON tells them."""
    changes = connection.execute(
        text("""
            select student_id, module_id, before, after
            from dashboard.change
            where batch_id = :id
            order by id
        """),
        {"id": batch_id},
    )
    saved = tuple(
        Saved(change.student_id, change.module_id, _fields(change.before), _fields(change.after))
        for change in changes
    )
    return Outcome(batch_id=batch_id, saved=saved, repeated=True)


def _fields(side: Mapping[str, Any] | None) -> dict[Field, Any]:
    return {name: side[name] for name in Field if name in side} if side else {}


def _apply(connection: Connection, edits: Sequence[Edit]) -> Outcome:
    now: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    ordered = sorted(edits, key=lambda edit: (edit.student_id, edit.module_id))
    types = rows.module_types(connection, ordered)
    current = rows.lock(connection, ordered)
    done = _Sorted()
    for edit in ordered:
        key = (edit.student_id, edit.module_id)
        _sort(edit, types.get(key), current.get(key), now, done)
    saved = _write(connection, done)
    return Outcome(
        saved=saved,
        unchanged=tuple(done.unchanged),
        conflicts=_with_authors(connection, done.conflicts),
        refusals=tuple(done.refusals),
    )


def _sort(
    edit: Edit,
    module: tuple[str, bool] | None,
    current: Values | None,
    now: datetime,
    done: _Sorted,
) -> None:
    if module is None or (current is None and not module[1]):
        sentence = "This module is in none of the student's classes. Nothing was saved."
        done.refusals.append(Refusal(edit, (Problem(None, "not_eligible", sentence),)))
        return
    settled = settle(edit.changes, edit.seen, module[0], now)
    if settled.problems:
        done.refusals.append(Refusal(edit, tuple(settled.problems)))
        return
    if not settled.values:
        done.unchanged.append(edit)
        return
    holds = EMPTY_ROW if current is None else current
    # The status is always guarded: what an edit leads to depends on it. So is what the rules would set
    # now: else a completion would stand at the percentage, or without the date, that came meanwhile.
    overtaken = settle(edit.changes, holds, module[0], now).values
    moved = _moved(edit, holds, {Field.STATUS, *settled.values, *overtaken})
    if moved:
        done.conflicts.append(Conflict(edit, holds, moved))
        return
    (done.additions if current is None else done.changes).append(Wish(edit, settled.values, holds))


def _moved(edit: Edit, holds: Values, guarded: set[Field]) -> tuple[Field, ...]:
    return tuple(
        name for name in Field if name in guarded and differs(holds[name], edit.seen[name])
    )


def _write(connection: Connection, done: _Sorted) -> tuple[Saved, ...]:
    changed = rows.update(connection, done.changes)
    added = rows.insert(connection, done.additions)
    for wish in done.changes:
        if wish.key not in changed:
            sentence = "You may not change this student's progress."
            done.refusals.append(Refusal(wish.edit, (Problem(None, "refused", sentence),)))
    late = [wish for wish in done.additions if wish.key not in added]
    current = rows.look(connection, [wish.edit for wish in late]) if late else {}
    for wish in late:  # somebody else made the row between our look and our insert
        holds = current.get(wish.key, EMPTY_ROW)
        moved = _moved(wish.edit, holds, set(Field)) or (Field.STATUS,)
        done.conflicts.append(Conflict(wish.edit, holds, moved))
    return tuple(
        Saved(*wish.key, {name: wish.before[name] for name in wish.values}, wish.values)
        for wish in done.changes + done.additions
        if wish.key in changed or wish.key in added
    )


def _with_authors(connection: Connection, conflicts: list[Conflict]) -> tuple[Conflict, ...]:
    if not conflicts:
        return ()
    newest = rows.newest_changes(
        connection, [(conflict.edit, conflict.fields) for conflict in conflicts]
    )
    return tuple(
        replace(conflict, changed_by=author, changed_at=at)
        for conflict in conflicts
        for author, at in [
            newest.get((conflict.edit.student_id, conflict.edit.module_id), (None, None))
        ]
    )
