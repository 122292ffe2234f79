"""Lock and unlock values that the platform may not overwrite: never by itself, always with a reason.

While a field is locked, only `save()` by somebody who may edit changes it, and then the lock follows. What
anybody else writes over it is undone by the database, and recorded as an attempt.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import explained, refused
from data.access.session import Actor, acting_as
from data.reading.locks import current_locks
from data.rules.progress import Field, Key, Problem, Values, differs
from data.rules.reasons import UNREADABLE, check_reason
from data.tables import LOCK

NO_ROW: Final = Problem(
    None, "nothing_there", "Nothing was recorded here yet. Save a correction first, then lock it."
)
NOT_LOCKED: Final = Problem(None, "not_locked", "Nothing is locked here any more.")
MOVED: Final = Problem(
    None,
    "moved",
    "This was changed a moment ago, so nothing was locked. Check it, then lock it again.",
)
NOT_YOURS: Final = refused("lock or unlock values of this student")
_INSTEAD: Final = {"refused": NOT_YOURS, "unreadable": UNREADABLE}


class _MovedError(Exception):
    """Rolls back what would lock values that nobody saw."""


def lock(
    actor: Actor,
    student_id: UUID,
    module_id: UUID,
    fields: Collection[Field],
    reason: str,
    seen: Values | None = None,
) -> Problem | None:
    """Lock these fields at their current values, with those that belong to them (`locked_with()`).

    `seen` are the four values the person looks at: where one that would be locked is another by now, nothing
    is. What was locked here before stays locked with them. Returns what is wrong, if anything.
    """
    problem = check_reason(reason, "Say why this is to be locked.")
    if problem is not None:
        return problem
    if not fields:
        return Problem(None, "fields", "Choose what is to be locked.")
    row = {"student_id": student_id, "module_id": module_id}
    try:
        with acting_as(actor) as connection:
            if not connection.scalar(IS_THERE, row):
                return NO_ROW
            named = [name.value for name in fields]
            connection.execute(insert(LOCK).values(**row, fields=named, reason=reason.strip()))
            _refuse_moved(connection, (student_id, module_id), seen)
    except _MovedError:
        return MOVED
    except (DBAPIError, UnicodeEncodeError) as error:
        problem = explained(error, _INSTEAD)
        audit.refused("locked", actor, problem, student=student_id, module=module_id)
        return problem
    audit.record("locked", actor, student=student_id, module=module_id)
    return None


IS_THERE: Final = text("""
select exists (
    select from dashboard.progress where student_id = :student_id and module_id = :module_id
)
""")


def _refuse_moved(connection: Connection, key: Key, seen: Values | None) -> None:
    current = current_locks(connection, [key])[key]
    if seen is not None and any(
        differs(value, seen[name]) for name, value in current.values.items()
    ):
        raise _MovedError


def unlock(
    actor: Actor, student_id: UUID, module_id: UUID, reason: str | None = None
) -> Problem | None:
    """Let the platform write again. The row stays as it is until it does."""
    problem = check_reason(reason)
    if problem is not None:
        return problem
    bound = {
        "student": student_id,
        "module": module_id,
        "reason": (reason or "").strip() or None,
    }
    try:
        with acting_as(actor) as connection:
            # The progress row first, as every writer does: nobody waits for each other in a circle.
            connection.execute(text(ROW_FIRST), bound)
            unlocked = connection.execute(text(UNLOCK), bound).rowcount
            if unlocked:
                audit.record("unlocked", actor, student=student_id, module=module_id)
                return None
            current = current_locks(connection, [(student_id, module_id)])
    except (DBAPIError, UnicodeEncodeError) as error:
        return explained(error, _INSTEAD)
    problem = NOT_YOURS if current else NOT_LOCKED
    audit.refused("unlocked", actor, problem, student=student_id, module=module_id)
    return problem


ROW_FIRST: Final = """
select
from dashboard.editable_progress
where student_id = :student and module_id = :module
for update
"""
UNLOCK: Final = """
update dashboard.lock
set unlocked_by = (select internal.me()), unlock_reason = :reason
where student_id = :student and module_id = :module and unlocked_at is null
"""
