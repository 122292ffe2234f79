"""What staff corrected stays: fields that a roster file leaves alone until they are unlocked."""

from collections.abc import Collection, Iterator
from typing import Final, Literal
from uuid import UUID

from data.roster.changes import RosterChange, added, removed

Kind = Literal["student", "staff", "class"]

FROM_FILES: Final = {"full_name", "email", "number", "is_active", "left_on", "name", "school_year"}
"""Columns that a roster file would write."""


def locks(
    kind: Kind, organisation_id: UUID | None, change: RosterChange | None, locked: Collection[str]
) -> Iterator[RosterChange]:
    """The locks that a correction by hand brings with it, of somebody whom a file knows; `locked` are there."""
    if change is None or change.after is None or organisation_id is None:
        return
    for field in sorted(FROM_FILES & change.after.keys() - set(locked)):
        key = {"locked_id": change.key["id"], "field": field}
        yield added("roster_lock", key, organisation_id=organisation_id, kind=kind)


def unlocking(locked_id: UUID, locked: Collection[str]) -> list[RosterChange]:
    """The next file writes these fields again."""
    keys = ({"locked_id": locked_id, "field": field} for field in sorted(locked))
    return [removed("roster_lock", key) for key in keys]
