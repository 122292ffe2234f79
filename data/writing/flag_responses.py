"""Responses to what is flagged: seen, contacted, not a concern, and that one of these is taken back.

Each call carries an id made by whoever responds: repeated after a lost answer, it writes nothing twice.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import sqlstate
from data.access.session import Actor, acting_as
from data.rules.progress import Problem
from data.tables import FLAG_RESPONSE, ME, NOTE
from data.writing.notes import Content, check_note, not_written, note_row

RESPONSES: Final = {
    "seen": "Seen, until it changes",
    "contacted": "Contacted",
    "not_a_concern": "Not a concern",
}
"""What can be responded, in words."""

TAKEN_BACK: Final = "taken_back"

NO_CONTACT: Final = Problem(None, "empty", "Say how you were in contact, and what came of it.")
ALREADY: Final = Problem(
    None,
    "already",
    "This was saved before, and said otherwise. Look at what is listed; save again what should hold.",
)


@dataclass(frozen=True)
class FlagResponse:
    """What somebody responds to a rule that flags a student in a class. `modules` and `since` are the flag's,
    as it was seen; none where something is taken back."""

    class_id: UUID
    student_id: UUID
    rule: str
    response: str
    modules: int | None = None
    since: datetime | None = None


def respond(
    actor: Actor, given: FlagResponse, note: Content | None = None, *, key: UUID
) -> Problem | None:
    """Respond in the actor's name, with a note in the same transaction; who was in contact says how. `key` is
    the id of both, made by whoever asks. Returns what is wrong, if anything."""
    problem = _check(given, note)
    if problem is not None:
        return problem
    bound = asdict(given) | {"id": key, "note_id": key if note else None}
    written = note_row(given.student_id, note, key=key) if note else None
    try:
        with acting_as(actor) as connection:
            if written:
                connection.execute(insert(NOTE), written)
            connection.execute(insert(FLAG_RESPONSE), bound)
    except DBAPIError as error:
        if sqlstate(error) == "23505":
            return _standing(actor, bound, written)
        problem = not_written(error)
        audit.refused("flag responded", actor, problem, student=given.student_id)
        return problem
    audit.record("flag responded", actor, student=given.student_id, response=key)
    return None


def _check(given: FlagResponse, note: Content | None) -> Problem | None:
    if given.response == "contacted" and (note is None or note.channel is None):
        return NO_CONTACT
    return check_note(note) if note else None


def _standing(
    actor: Actor, bound: dict[str, Any], written: dict[str, Any] | None
) -> Problem | None:
    """The id is taken: by this very call when it was made before?"""
    with acting_as(actor) as connection:
        for table, row in ((FLAG_RESPONSE, bound), (NOTE, written)):
            if row is None:
                continue
            mine = select(*(table.c[name] for name in row)).where(
                table.c.id == bound["id"], table.c.author_id == ME
            )
            found = connection.execute(mine).one_or_none()
            if found is None or found._asdict() != row:
                return ALREADY
    return None
