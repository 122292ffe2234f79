"""The only writer: an edit is a bulk of one. Nothing is applied over what its editor did not see."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.exc import DBAPIError

from data import counts
from data.access import audit
from data.access.errors import AT_ONCE, as_problem, explained
from data.access.session import Actor, acting_as
from data.rules.progress import Edit, Problem
from data.rules.reasons import LONGEST_REASON, check_reason
from data.writing import batch as batches
from data.writing.apply import apply, leads_to
from data.writing.batch import Batch, Source
from data.writing.outcome import Conflict, Outcome, Refusal, Saved

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

AGAIN: Final = 2


class _NothingToWriteError(Exception):
    """Rolls the transaction back, its batch included, where no edit could be applied."""


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
    needed = "Say why: a change of several rows needs a reason." if len(edits) > 1 else None
    problem = check_reason(reason, needed) or _doubles_problem(edits)
    if problem is not None:
        return Outcome(problems=(problem,))
    try:
        digest = batches.digest(source, edits)
        why = (reason or "").strip() or None
        batch = Batch(batch_id or uuid4(), actor.id, source, why, undoes, digest)
        outcome = _until_through(lambda: _transact(actor, batch, edits, whole=whole))
    except (DBAPIError, UnicodeEncodeError) as error:
        outcome = Outcome(problems=(explained(error, {}),))
    _note(actor, outcome, source, undoes)
    return outcome


def _until_through(transact: Callable[[], Outcome]) -> Outcome:
    """Begun again where PostgreSQL ended it for the sake of another: savers queue up and need it never, but the
    platform takes rows in an order of its own."""
    for _ in range(AGAIN):
        try:
            return transact()
        except DBAPIError as error:
            if as_problem(error) is not AT_ONCE:
                raise
    return transact()


def _note(actor: Actor, outcome: Outcome, source: Source, undoes: UUID | None) -> None:
    counts.count("conflict", len(outcome.conflicts))
    event = f"wrote source={source.replace(' ', '-')}"
    for problem in outcome.problems:
        audit.refused(event, actor, problem)
    for refusal in outcome.refusals:
        about = {"student": refusal.edit.student_id, "module": refusal.edit.module_id}
        for problem in refusal.problems:
            audit.refused(event, actor, problem, **about)
    if outcome.batch_id is not None and not outcome.repeated:
        counts.count("save")
        undone = {"undoes": undoes} if undoes else {}
        audit.record(event, actor, batch=outcome.batch_id, rows=len(outcome.saved), **undone)


def _transact(actor: Actor, batch: Batch, edits: Sequence[Edit], *, whole: bool) -> Outcome:
    outcome = Outcome()
    try:
        with acting_as(actor) as connection:
            if not batches.begin(connection, batch):
                return batches.repeat(connection, batch)
            outcome = apply(connection, edits, batch, whole=whole)
            if not outcome.saved:
                raise _NothingToWriteError
    except _NothingToWriteError:
        return outcome
    return replace(outcome, batch_id=batch.id)


def _doubles_problem(edits: Sequence[Edit]) -> Problem | None:
    if len({(edit.student_id.int, edit.module_id.int) for edit in edits}) == len(edits):
        return None
    return Problem(
        None, "duplicate", "The same student and module are there twice. Leave one of them out."
    )
