"""What correcting, keeping and the data check start from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from dashboard.reads.ask import ask, kept_for, visit
from data.access.session import Actor, acting_as
from data.files.importing import Roster
from data.files.importing import stored as roster_queries
from data.reading import locks
from data.reading.classes.grid import GridRow
from data.reading.classes.grid import grid as read_grid
from data.reading.data_check import found
from data.reading.data_check.found import Left
from data.reading.filters import Chosen
from data.reading.locks import Attempt, Keeping, Kept, kept_of_student
from data.rules.progress import Field, Key, Status
from data.writing.drafts import Draft, DraftSummary
from data.writing.drafts import draft as read_draft
from data.writing.drafts import drafts as read_drafts


def grid(chosen: Chosen, also: Collection[Key]) -> Sequence[GridRow]:
    """The class's rows that fit the filters, and these besides."""
    return ask(read_grid, dict(chosen), sorted(also))


def draft(class_id: UUID) -> Draft:
    """What I typed in this class and did not save."""
    return ask(read_draft, class_id)


def drafts() -> Sequence[DraftSummary]:
    """The classes in which I typed something that is not saved."""
    return ask(read_drafts)


def roster(class_id: UUID | None = None) -> Roster:
    """Whom a file or a pasted list may name: everybody I may see, or those of one class."""
    now = visit()
    return _roster(now.actor, now.version, class_id)


@kept_for(50)
def _roster(
    actor: Actor,
    version: str,  # noqa: ARG001 - part of the key
    class_id: UUID | None,
) -> Roster:
    with acting_as(actor) as connection:
        return roster_queries.roster(connection, class_id)


def left_as_it_is() -> Sequence[Left]:
    """What was judged and is to be left as it is."""
    return ask(found.left_as_it_is)


def kept(student_id: UUID) -> Sequence[Kept]:
    """Everything that was ever kept for a student, newest first."""
    return ask(kept_of_student, student_id)


def keepings(student_id: UUID, module_id: UUID | None = None) -> Sequence[Keeping]:
    """What of a student was kept and released, newest first."""
    return [
        one
        for one in locks.keepings(kept(student_id))
        if module_id is None or one.kept.module_id == module_id
    ]


def attempts(student_id: UUID, module_id: UUID) -> Sequence[Attempt]:
    """What was written over what is kept, and put back."""
    return ask(locks.attempts, student_id, module_id)


def kept_by_batch(batch_id: UUID) -> Sequence[Kept]:
    """What is kept at other values since a save."""
    return ask(locks.kept_by_batch, batch_id)


def kept_with(fields: Sequence[Field], status: Status, module_type: str) -> tuple[Field, ...]:
    """All that is kept where these fields are."""
    return ask(locks.kept_with, tuple(fields), status, module_type)
