"""What correcting, keeping and the data check start from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from dashboard.reads.asking import ask, kept_for, visit
from data import queries
from data.filters import Chosen
from data.importing import Roster
from data.progress import Field, Key, Status
from data.queries import roster as roster_queries
from data.session import Actor, acting_as


def grid(chosen: Chosen, also: Collection[Key]) -> Sequence[queries.GridRow]:
    """The class's rows that fit the filters, and these besides."""
    return ask(queries.grid, dict(chosen), sorted(also))


def draft(class_id: UUID) -> queries.Draft:
    """What I typed in this class and did not save."""
    return ask(queries.draft, class_id)


def drafts() -> Sequence[queries.DraftSummary]:
    """The classes in which I typed something that is not saved."""
    return ask(queries.drafts)


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


def left_as_it_is() -> Sequence[queries.Left]:
    """What was judged and is to be left as it is."""
    return ask(queries.left_as_it_is)


def kept(student_id: UUID) -> Sequence[queries.Kept]:
    """Everything that was ever kept for a student, newest first."""
    return ask(queries.kept_of_student, student_id)


def keepings(student_id: UUID, module_id: UUID | None = None) -> Sequence[queries.Keeping]:
    """What of a student was kept and released, newest first."""
    return [
        one
        for one in queries.keepings(kept(student_id))
        if module_id is None or one.kept.module_id == module_id
    ]


def attempts(student_id: UUID, module_id: UUID) -> Sequence[queries.Attempt]:
    """What was written over what is kept, and put back."""
    return ask(queries.attempts, student_id, module_id)


def kept_by_batch(batch_id: UUID) -> Sequence[queries.Kept]:
    """What is kept at other values since a save."""
    return ask(queries.kept_by_batch, batch_id)


def kept_with(fields: Sequence[Field], status: Status, module_type: str) -> tuple[Field, ...]:
    """All that is kept where these fields are."""
    return ask(queries.kept_with, tuple(fields), status, module_type)
