"""Notes on a student: written, corrected and withdrawn by their author, and never changed in place.

Each call carries an id made by whoever writes: repeated after a lost answer, it writes nothing twice.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID, uuid5

from sqlalchemy import func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError

from data.access import audit
from data.access.errors import explained, refused, sqlstate
from data.access.session import Actor, acting_as
from data.reading.notes import Note
from data.rules.progress import Problem
from data.tables import ME, NOTE

Act = Literal["written", "corrected", "withdrawn"]

LONGEST_NOTE: Final = 4000

CHANNELS: Final = {
    "phone": "Phone call",
    "e-mail": "E-mail",
    "meeting": "Meeting",
    "letter": "Letter",
    "message": "Message",
    "other": "Other contact",
}
"""How one was in contact, in words."""

UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f\ud800-\udfff]"
)
"""Characters that nobody sees and that change how the rest is read; the database has the same list."""

EMPTY: Final = Problem(None, "empty", "Nothing is written yet.")
TOO_LONG: Final = Problem(
    None, "too_long", f"The note is too long: {LONGEST_NOTE:,} characters at most."
)
NO_DAY: Final = Problem(None, "day", "Say on which day the contact was.")
WRONG_DAY: Final = Problem(None, "day", "The day of a contact lies in the past, after 1899.")
UNKNOWN_KIND: Final = Problem(None, "kind", "Choose what it is: a note or a kind of contact.")
NOT_YOURS: Final = refused("write about this student any more")
ALREADY: Final = Problem(
    None,
    "already",
    "This note was saved before, with another text. Look at it among the notes: correct it there, or "
    "save this as a further note.",
)
MOVED: Final = Problem(
    None,
    "moved",
    "You corrected or withdrew this note elsewhere meanwhile. Nothing was saved: look at it first.",
)

_BROKEN: Final = {
    "note_length": TOO_LONG,
    "note_day": WRONG_DAY,
    "note_kind": UNKNOWN_KIND,
    "note_was_withdrawn": MOVED,
    "note_is_revised_by_its_author": NOT_YOURS,
}


@dataclass(frozen=True)
class Content:
    """What a note says. With a `channel` (a key of CHANNELS) it is a contact, and `happened_on` is its day."""

    text: str
    channel: str | None = None
    happened_on: date | None = None


def check_note(content: Content) -> Problem | None:
    """What is wrong with it, in words; None where nothing is."""
    written = _plain(content.text)
    if not written:
        return EMPTY
    if len(written) > LONGEST_NOTE:
        return TOO_LONG
    unseen = UNSEEN.search(written)
    if unseen is not None:
        return _unseen(written, unseen.start())
    if content.channel is None:
        return None
    if content.channel not in CHANNELS:
        return UNKNOWN_KIND
    return NO_DAY if content.happened_on is None else None


def write(actor: Actor, student_id: UUID, content: Content, *, key: UUID) -> Problem | None:
    """Write a note in the actor's name. `key` is its id, made by whoever asks. Returns what is wrong, if
    anything."""
    problem = check_note(content)
    return problem or _insert(actor, student_id, key, "written", None, content)


def write_each(
    actor: Actor, students: Sequence[UUID], content: Content, *, key: UUID
) -> Problem | None:
    """The same note on each of these students, all or none. `key` is made by whoever asks; from it and the
    student follows each note's id. Returns what is wrong, if anything."""
    problem = check_note(content)
    if problem is not None:
        return problem
    rows = [note_row(one, content, key=uuid5(key, str(one))) for one in students]
    ids = [row["id"] for row in rows]
    others = (NOTE.c.text != rows[0]["text"]) | (NOTE.c.channel != content.channel)
    try:
        with acting_as(actor) as connection:
            # As one statement: where one of many is refused, the driver now and then waits in vain.
            connection.execute(upsert(NOTE).values(rows).on_conflict_do_nothing())
            # Of a lost answer's notes all are there already; with another text they are other notes.
            if connection.scalar(select(func.count()).where(NOTE.c.id.in_(ids), others)):
                connection.rollback()
                return ALREADY
    except DBAPIError as error:
        problem = not_written(error)
        audit.refused("note written", actor, problem)
        return problem
    for row in rows:
        audit.record("note written", actor, student=row["student_id"], note=row["id"])
    return None


def correct(actor: Actor, note: Note, content: Content, *, key: UUID) -> Problem | None:
    """Have the actor's own note say this from now on; what it said stays to be read. `note` is what the
    person looked at: where there is a later version, nothing is written."""
    problem = check_note(content)
    return problem or _insert(actor, note.student_id, key, "corrected", note.current.id, content)


def withdraw(actor: Actor, note: Note, *, key: UUID) -> Problem | None:
    """Mark the actor's own note as withdrawn, for good; what it said stays to be read."""
    return _insert(actor, note.student_id, key, "withdrawn", note.current.id, None)


def note_row(student_id: UUID, content: Content, *, key: UUID) -> dict[str, Any]:
    """A new note as it is stored, for whoever writes it with something else in one transaction."""
    return _row(student_id, key, "written", None, content)


def _plain(written: str) -> str:
    """Line ends as one character, and nothing around."""
    return written.replace("\r\n", "\n").replace("\r", "\n").strip()


def _unseen(written: str, at: int) -> Problem:
    line = written.count("\n", 0, at) + 1
    before = UNSEEN.sub("", written[:at]).split()[-1:]
    where = f"after “{before[0]}”" if before else "at its beginning"
    sentence = (
        f"Line {line} holds a character that cannot be seen, {where} (U+{ord(written[at]):04X}). "
        "Such characters can make a text read differently: type that place anew."
    )
    return Problem(None, "unseen", sentence)


def _insert(
    actor: Actor,
    student_id: UUID,
    key: UUID,
    act: Act,
    revises: UUID | None,
    content: Content | None,
) -> Problem | None:
    bound = _row(student_id, key, act, revises, content)
    try:
        with acting_as(actor) as connection:
            connection.execute(insert(NOTE), bound)
    except DBAPIError as error:
        if sqlstate(error) == "23505":
            return _standing(actor, bound)
        problem = not_written(error)
        audit.refused(f"note {act}", actor, problem, student=student_id)
        return problem
    audit.record(f"note {act}", actor, student=student_id, note=key)
    return None


def not_written(error: DBAPIError) -> Problem:
    """Why the database refused it."""
    return explained(error, {"refused": NOT_YOURS, "missing": NOT_YOURS}, _BROKEN)


def _row(
    student_id: UUID,
    key: UUID,
    act: Act,
    revises: UUID | None,
    content: Content | None,
) -> dict[str, Any]:
    return {
        "id": key,
        "student_id": student_id,
        "act": act,
        "revises": revises,
        "kind": None if content is None else "note" if content.channel is None else "contact",
        "channel": content and content.channel,
        "happened_on": content.happened_on if content and content.channel else None,
        "text": None if content is None else _plain(content.text),
    }


def _standing(actor: Actor, bound: dict[str, Any]) -> Problem | None:
    """The id, or the version to be revised, is taken: by this very call when it was made before?"""
    with acting_as(actor) as connection:
        mine = select(*(NOTE.c[name] for name in bound)).where(
            NOTE.c.id == bound["id"], NOTE.c.author_id == ME
        )
        row = connection.execute(mine).one_or_none()
    if row is not None:
        return None if row._asdict() == bound else ALREADY
    return ALREADY if bound["revises"] is None else MOVED
