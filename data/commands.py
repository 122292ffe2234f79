"""The only writer: an edit is a bulk of one. Nothing is applied over what its editor did not see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data import audit, batches
from data import progress_rows as rows
from data.batches import Batch, Source
from data.eligibility import eligible, module_types
from data.errors import as_problem
from data.outcome import NOT_ELIGIBLE, REFUSED, Conflict, Outcome, Refusal, Saved
from data.progress import (
    EMPTY_ROW,
    Edit,
    Field,
    Problem,
    Settled,
    Values,
    differs,
    put_back,
    settle,
)
from data.progress_rows import Key, Wish
from data.session import Actor, acting_as

__all__ = [
    "LONGEST_REASON",
    "Conflict",
    "Outcome",
    "Refusal",
    "Saved",
    "Source",
    "leads_to",
    "save",
]

LONGEST_REASON: Final = 500

EXACT: Final = frozenset[Source]({"undo", "restore"})
"""Sources whose values stood in the table before."""


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


def leads_to(edit: Edit, source: Source, module_type: str, now: datetime) -> Settled:
    """What an edit of this source leads to, for a preview as for save(). What stood before comes back as it
    was: the rules neither judge nor complete it."""
    if source in EXACT:
        return put_back(edit.changes, edit.seen)
    return settle(edit.changes, edit.seen, module_type, now)


def save(
    actor: Actor,
    edits: Sequence[Edit],
    reason: str | None = None,
    *,
    source: Source = "form",
    batch_id: UUID | None = None,
    undoes: UUID | None = None,
    whole: bool = False,
) -> Outcome:
    """Apply edits in one transaction, each only where its row still holds what the editor saw.

    `batch_id` is the idempotency key: a second call with it and the same edits applies nothing and says
    what the first did. `reason` (at most 500 characters) is required for more than one edit. `undoes` names
    the batch that these edits put back (source "undo"). With `whole` nothing is written unless every edit
    can be. Rules and refusals come back as problems in the Outcome; raises DatabaseAway or DatabaseNotReady
    where the database is not there.
    """
    problem = _reason_problem(reason, len(edits)) or _doubles_problem(edits)
    if problem is not None:
        return Outcome(problems=(problem,))
    outcome = _transact(
        actor, edits, (reason or "").strip() or None, source, batch_id, undoes, whole
    )
    _note(actor, outcome, source, undoes)
    return outcome


def _note(actor: Actor, outcome: Outcome, source: Source, undoes: UUID | None) -> None:
    event = f"wrote source={source.replace(' ', '-')}"
    for problem in outcome.problems:
        audit.refused(event, actor, problem)
    for refusal in outcome.refusals:
        about = {"student": refusal.edit.student_id, "module": refusal.edit.module_id}
        for problem in refusal.problems:
            audit.refused(event, actor, problem, **about)
    if outcome.batch_id is not None and not outcome.repeated:
        undone = {"undoes": undoes} if undoes else {}
        audit.told(event, actor, batch=outcome.batch_id, rows=len(outcome.saved), **undone)


def _transact(
    actor: Actor,
    edits: Sequence[Edit],
    reason: str | None,
    source: Source,
    batch_id: UUID | None,
    undoes: UUID | None,
    whole: bool,
) -> Outcome:
    outcome = Outcome()
    try:
        digest = batches.digest(source, edits)
        batch = Batch(batch_id or uuid4(), actor.id, source, reason, undoes, digest)
        with acting_as(actor) as connection:
            if not batches.begin(connection, batch):
                return batches.repeat(connection, batch)
            outcome = _apply(connection, edits, source, whole)
            if not outcome.saved:
                raise _NothingToWriteError
    except _NothingToWriteError:
        return outcome
    except (DBAPIError, UnicodeEncodeError) as error:
        return Outcome(problems=(_explain(error),))
    return replace(outcome, batch_id=batch.id)


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
    if len({(edit.student_id.int, edit.module_id.int) for edit in edits}) == len(edits):
        return None
    return Problem(None, "duplicate", "The same student and module stand twice. Keep one of them.")


def _apply(connection: Connection, edits: Sequence[Edit], source: Source, whole: bool) -> Outcome:
    now: datetime = connection.execute(text("select clock_timestamp()")).scalar_one()
    ordered = sorted(edits, key=lambda edit: (edit.student_id.int, edit.module_id.int))
    held = rows.lock(connection, ordered)
    missing = [edit for edit, holds in zip(ordered, held, strict=True) if holds is None]
    types = module_types(connection, {edit.module_id for edit in ordered})
    placed = eligible(connection, missing)
    done = _Sorted()
    for edit, holds in zip(ordered, held, strict=True):
        module_type = types.get(edit.module_id)
        if module_type is None or (holds is None and _key(edit) not in placed):
            done.refusals.append(Refusal(edit, (NOT_ELIGIBLE,)))
        else:
            _sort(edit, module_type, holds, now, source, done)
    stopped = whole and bool(done.conflicts or done.refusals)
    saved = () if stopped else _write(connection, done, exact=source in EXACT)
    stopped = whole and bool(done.conflicts or done.refusals)  # some are refused by the table only
    return Outcome(
        saved=() if stopped else saved,
        unchanged=tuple(done.unchanged),
        conflicts=_with_authors(connection, done.conflicts),
        refusals=tuple(done.refusals),
        held=tuple(_applicable(done)) if stopped else (),
    )


def _key(edit: Edit) -> Key:
    return edit.student_id, edit.module_id


def _applicable(done: _Sorted) -> Iterator[Edit]:
    """The edits that nothing stood in the way of."""
    stopped = [one.edit for one in done.conflicts] + [one.edit for one in done.refusals]
    keys = {_key(edit) for edit in stopped}
    for wish in done.changes + done.additions:
        if wish.key not in keys:
            yield wish.edit


def _sort(
    edit: Edit,
    module_type: str,
    current: Values | None,
    now: datetime,
    source: Source,
    done: _Sorted,
) -> None:
    settled = leads_to(edit, source, module_type, now)
    if settled.problems:
        done.refusals.append(Refusal(edit, tuple(settled.problems)))
        return
    if not settled.values:
        done.unchanged.append(edit)
        return
    holds = EMPTY_ROW if current is None else current
    moved = () if holds == edit.seen else _overtaken(edit, settled, holds, module_type, now, source)
    if moved:
        done.conflicts.append(Conflict(edit, holds, moved))
        return
    (done.additions if current is None else done.changes).append(Wish(edit, settled.values, holds))


def _overtaken(
    edit: Edit, settled: Settled, holds: Values, module_type: str, now: datetime, source: Source
) -> tuple[Field, ...]:
    """The fields that moved since the editor looked, of those that this edit rests on."""
    guarded = set(settled.values)
    if source not in EXACT:
        # The status is always guarded: what an edit leads to depends on it. So is what the rules would set
        # now: else a completion would stand at the percentage, or without the date, that came meanwhile.
        guarded |= {Field.STATUS, *settle(edit.changes, holds, module_type, now).values}
    return _moved(edit, holds, guarded)


def _moved(edit: Edit, holds: Values, guarded: set[Field]) -> tuple[Field, ...]:
    return tuple(
        name for name in Field if name in guarded and differs(holds[name], edit.seen[name])
    )


def _write(connection: Connection, done: _Sorted, *, exact: bool) -> tuple[Saved, ...]:
    refused = rows.update(connection, done.changes, exact=exact)
    late = rows.insert(connection, done.additions)
    done.refusals += [Refusal(wish.edit, (REFUSED,)) for wish in refused]
    # Somebody else made the row between our look and our insert.
    for wish, current in zip(late, rows.look(connection, [w.edit for w in late]), strict=True):
        holds = EMPTY_ROW if current is None else current
        moved = _moved(wish.edit, holds, set(Field)) or (Field.STATUS,)
        done.conflicts.append(Conflict(wish.edit, holds, moved))
    stopped = {wish.key for wish in refused + late}
    return tuple(
        Saved(*wish.key, {name: wish.before[name] for name in wish.values}, wish.values)
        for wish in done.changes + done.additions
        if not stopped or wish.key not in stopped
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
        for author, at in [newest.get(_key(conflict.edit), (None, None))]
    )
