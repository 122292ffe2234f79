"""What puts a batch of the roster back: the changes the other way round, as it left the rows."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from data.roster.changes import RosterChange
from data.roster.reading.saves import roster_save


def undo_changes(connection: Connection, batch_id: UUID) -> tuple[RosterChange, ...]:
    """To be previewed, then `save(..., source="undo", undoes=batch_id)`, which tells what was changed since.

    Of rows that I do not see there is none.
    """
    found = as_one(roster_save(connection, batch_id))
    # The last first: what was taken from one to be another's goes back the same way.
    return tuple(one.inverse for one in reversed(found))


def as_one(changes: Sequence[RosterChange]) -> list[RosterChange]:
    """What each row came to, in the end: a row that was added and changed was added so."""
    found: dict[tuple[str, tuple[str, ...]], RosterChange] = {}
    for change in changes:
        earlier = found.pop(change.id, None)
        combined = change if earlier is None else _then(earlier, change)
        if combined.before != combined.after:
            found[change.id] = combined
    return list(found.values())


def _then(first: RosterChange, second: RosterChange) -> RosterChange:
    before = None if first.before is None else {**(second.before or {}), **first.before}
    after = None if second.after is None else {**(first.after or {}), **second.after}
    if before is None or after is None:
        return RosterChange(first.relation, first.key, before, after)
    moved = [name for name in before if before[name] != after.get(name, before[name])]
    return RosterChange(
        first.relation,
        first.key,
        {name: before[name] for name in moved},
        {name: after[name] for name in moved},
    )
