"""The only writer of the roster: all that was previewed in one transaction, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import explained, refused
from data.access.session import Actor, acting_as
from data.reading.attachment import THE_PLATFORMS, attachment
from data.roster.apply import apply, current
from data.roster.changes import RosterChange, Source, digest
from data.rules.progress import Problem
from data.rules.reasons import check_reason

REFUSED: Final = refused("change this")
NOT_OURS: Final = Problem(None, "attached", f"{THE_PLATFORMS} Nothing was saved.")
OTHER_BATCH: Final = Problem(
    None,
    "other_batch",
    "Other changes were saved under this number already. Nothing was saved now. Start again.",
)

BROKEN: Final = {
    "own_role": Problem(
        None,
        "own_role",
        "Nobody changes their own role, organisation or access. Ask another administrator. Nothing was saved.",
    ),
    "last_admin": Problem(
        None,
        "last_admin",
        "This is the last administrator. Make somebody else an administrator first. Nothing was saved.",
    ),
    "student_has_progress": Problem(
        None,
        "has_progress",
        "A student with progress or notes is not removed: say when the student left. Nothing was saved.",
    ),
    "staff_has_worked": Problem(
        None,
        "has_worked",
        "A colleague who has signed in or changed something is not removed: switch off the access. "
        "Nothing was saved.",
    ),
    "module_is_used": Problem(
        None, "used", "A module with progress is not removed: retire it. Nothing was saved."
    ),
    "staff_email_key": Problem(
        None, "email", "Another colleague has this e-mail address. Nothing was saved."
    ),
    "student_number": Problem(
        None, "number", "Another student has this number. Nothing was saved."
    ),
    "class_organisation_id_name_school_year_key": Problem(
        None, "name", "There is a class of this name in this school year. Nothing was saved."
    ),
}
"""What a constraint or a guard of the database means, by its name."""


@dataclass(frozen=True)
class Overtaken:
    """A change whose row was changed meanwhile: `now` is the row as it is, None where there is none."""

    change: RosterChange
    now: Mapping[str, Any] | None

    @property
    def is_as_seen(self) -> bool:
        """Nobody changed it: it is not this person's to change."""
        seen = self.change.before
        return self.now is not None and seen is not None and seen.items() <= self.now.items()


@dataclass(frozen=True)
class RosterOutcome:
    """What became of it: saved as `batch_id`, or nothing, and why not."""

    batch_id: UUID | None = None
    saved: int = 0
    overtaken: tuple[Overtaken, ...] = ()
    problem: Problem | None = None
    repeated: bool = False


class _OvertakenError(Exception):
    """Rolls everything back where a row is not as it was seen."""


def save(
    actor: Actor,
    changes: Sequence[RosterChange],
    *,
    source: Source,
    reason: str | None = None,
    batch_id: UUID | None = None,
    undoes: UUID | None = None,
) -> RosterOutcome:
    """Write all of the changes in one transaction, or none of them.

    Each is applied only where its row still holds what was seen; where one does not, nothing is written and the
    outcome names the rows. `batch_id` is the idempotency key: a second call with it and the same changes writes
    nothing. Raises DatabaseAway or DatabaseNotReady where the database is not there.
    """
    problem = check_reason(reason)
    if problem is not None or not changes:
        return RosterOutcome(problem=problem)
    batch = {
        "id": batch_id or uuid4(),
        "author_id": actor.id,
        "source": source,
        "reason": (reason or "").strip() or None,
        "undoes": undoes,
        "digest": digest(source, changes),
    }
    try:
        outcome = _transact(actor, changes, batch)
    except (DBAPIError, UnicodeEncodeError) as error:
        outcome = RosterOutcome(problem=explained(error, {"refused": REFUSED}, BROKEN))
    _note(actor, outcome, source)
    return outcome


def _transact(
    actor: Actor, changes: Sequence[RosterChange], batch: dict[str, Any]
) -> RosterOutcome:
    overtaken: list[Overtaken] = []
    try:
        with acting_as(actor) as connection:
            if attachment(connection) is not None:
                return RosterOutcome(problem=NOT_OURS)
            if not open_batch(connection, batch):
                return _repeated(connection, batch, len(changes))
            late = apply(connection, changes)
            if late:
                overtaken = [Overtaken(change, current(connection, change)) for change in late]
                raise _OvertakenError
    except _OvertakenError:
        if any(one.is_as_seen for one in overtaken):
            return RosterOutcome(problem=REFUSED)
        return RosterOutcome(overtaken=tuple(overtaken))
    return RosterOutcome(batch["id"], len(changes))


def open_batch(connection: Connection, batch: dict[str, Any]) -> bool:
    """Begin what this transaction changes; False where the batch is there already. A simultaneous retry waits
    here for the first to end."""
    opened = connection.execute(
        text("""
            insert into dashboard.roster_batch (id, author_id, source, reason, undoes, digest)
            values (:id, :author_id, :source, :reason, :undoes, :digest)
            on conflict (id) do nothing
        """),
        batch,
    ).rowcount
    connection.execute(
        text("select set_config('dashboard.roster_batch', :id, true)"), {"id": str(batch["id"])}
    )
    return opened == 1


def _repeated(connection: Connection, batch: dict[str, Any], rows: int) -> RosterOutcome:
    same = connection.scalar(
        text("""
            select true
            from dashboard.roster_batch
            where id = :id and author_id = :author_id and digest = :digest
        """),
        batch,
    )
    return (
        RosterOutcome(batch["id"], rows, repeated=True)
        if same
        else RosterOutcome(problem=OTHER_BATCH)
    )


def _note(actor: Actor, outcome: RosterOutcome, source: Source) -> None:
    event = f"changed the roster source={source.replace(' ', '-')}"
    if outcome.problem is not None:
        audit.refused(event, actor, outcome.problem)
    elif outcome.batch_id is not None and not outcome.repeated:
        audit.record(event, actor, batch=outcome.batch_id, rows=outcome.saved)
