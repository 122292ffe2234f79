"""Erasing a student: what would go, and the deed. The database does both, and only for an administrator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from data.access import audit
from data.access.errors import explained
from data.access.session import Actor, acting_as
from data.rules.progress import Problem

KINDS: Final = {
    "student": ("entry in the school’s list", "entries in the school’s list"),
    "class_student": ("class", "classes"),
    "progress": ("module with progress", "modules with progress"),
    "history": ("change of progress", "changes of progress"),
    "note": ("note, with its earlier versions", "notes, with their earlier versions"),
    "flag_response": ("response to what was flagged", "responses to what was flagged"),
    "flag_record": ("record of when something was flagged", "records of when something was flagged"),
    "lock": ("lock", "locks"),
    "lock_attempt": ("attempt to overwrite a locked value", "attempts to overwrite locked values"),
    "dismissal": ("dismissed finding", "dismissed findings"),
    "draft": ("edit in somebody’s draft", "edits in somebody’s drafts"),
    "saved_view": ("saved view that names the student", "saved views that name the student"),
    "roster_change": ("change in the school’s history", "changes in the school’s history"),
    "source_id": ("id in another system", "ids in other systems"),
    "roster_lock": ("lock against files", "locks against files"),
    "disclosure": ("record of who saw it", "records of who saw it"),
    "reason": ("reason of a save: it will read “erased”", "reasons of saves: they will read “erased”"),
}  # fmt: skip
"""What goes, one and several of it, in the order in which it is listed."""

REFUSED: Final = Problem(
    None, "refused", "Only another administrator erases a student. Nothing was erased."
)
BROKEN: Final = {
    "erasure_not_confirmed": Problem(
        None, "confirmation", "That is not the name as it is written here. Nothing was erased."
    ),
    "platform_has_student": Problem(
        None,
        "platform",
        "The platform still has this student, or progress of theirs. Erase them there first: once that was "
        "read, what is left here can be erased.",
    ),
    "student_is_gone": Problem(None, "gone", "This student isn’t in the school’s list any more."),
}
"""What the database refuses, by the name it gives it."""


@dataclass(frozen=True)
class Extent:
    """How much is stored about a student, by kind (as in KINDS). `mentions` are notes about others that name
    the student."""

    counts: Mapping[str, int]
    mentions: int = 0

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Erasure:
    """That somebody was erased: when, by whom, and how many rows it was. Not who."""

    at: datetime
    author: str | None
    rows: int


def extent_of_erasure(connection: Connection, student_id: UUID) -> Extent | Problem:
    """What erasing this student would take away, or why that cannot be; of whoever is not an administrator the
    database refuses it."""
    preview = text("select dashboard.erasure_preview(:student_id)")
    try:
        with connection.begin_nested():
            return _extent(connection.scalar(preview, {"student_id": student_id}))
    except IntegrityError as error:
        return explained(error, {"refused": REFUSED}, BROKEN)


def erasures(connection: Connection) -> list[Erasure]:
    """Those that there were, newest first; none for anybody but administrators."""
    rows = connection.execute(
        text("""
            select
                erasure.at,
                case when erasure.author_id is null then 'The command line' else staff.full_name end
                    as author,
                total.rows
            from dashboard.erasure
            left join roster.staff on staff.id = erasure.author_id
            cross join lateral (
                select coalesce(sum(count::bigint), 0)::bigint as rows
                from jsonb_each_text(erasure.counts) as kind (name, count)
            ) as total
            order by erasure.id desc
            limit 500
        """)
    )
    return [Erasure(row.at, row.author, row.rows) for row in rows]


def erase_student(actor: Actor, student_id: UUID, confirmation: str) -> Extent | Problem:
    """Erase everything about this student, for good. `confirmation` is the name, typed as it is written.

    Raises DatabaseAway or DatabaseNotReady where the database is not there.
    """
    if "\0" in confirmation:  # which no statement can carry
        return BROKEN["erasure_not_confirmed"]
    try:
        with acting_as(actor) as connection:
            found = connection.scalar(
                text("select dashboard.erase_student(:student_id, :confirmation)"),
                {"student_id": student_id, "confirmation": confirmation},
            )
    except (DBAPIError, UnicodeEncodeError) as error:
        problem = explained(error, {"refused": REFUSED}, BROKEN)
        audit.refused("student erased", actor, problem)
        return problem
    extent = _extent(found)
    audit.record("student erased", actor, rows=extent.rows)
    return extent


def _extent(found: Mapping[str, Any] | None) -> Extent:
    counts = {kind: int(count) for kind, count in (found or {}).items()}
    mentions = counts.pop("mention", 0)
    return Extent({kind: counts[kind] for kind in KINDS if counts.get(kind)}, mentions)
