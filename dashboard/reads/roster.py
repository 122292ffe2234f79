"""Whom a file or a pasted list may name. Of everybody it is large, and so few are kept."""

from uuid import UUID

from dashboard.reads import kept_for, read, visit
from data.access.session import Actor
from data.files.importing import stored
from data.files.importing.roster import Roster


def roster(class_id: UUID | None = None) -> Roster:
    """Everybody I may see, or those of one class."""
    now = visit()
    return _roster(now.actor, now.version, class_id)


@kept_for(50)
def _roster(
    actor: Actor,
    version: str,  # noqa: ARG001 - part of the key
    class_id: UUID | None,
) -> Roster:
    return read(actor, lambda connection: stored.roster(connection, class_id))
