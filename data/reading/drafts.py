"""Edits that were typed and not saved yet, by class: they outlive a reload, a lost connection and a restart.

Only their author reads them. A stored draft is never trusted: what cannot be read is left out, in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import Connection, text

from data.rules.progress import Edit, Field, Problem, Status, Value, Values


@dataclass(frozen=True)
class Unread:
    """Text typed into a row that was refused: kept as it was typed, with what its editor saw."""

    student_id: UUID
    module_id: UUID
    typed: Mapping[Field, str]
    seen: Values


@dataclass(frozen=True)
class Draft:
    """The pending edits of one class, and what was typed there and refused; `problem` says what of them
    could not be read any more."""

    edits: tuple[Edit, ...] = ()
    updated_at: datetime | None = None
    problem: Problem | None = None
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True)
class DraftSummary:
    """That there are pending edits, and where. A class I cannot see any more has no name."""

    class_id: UUID
    class_name: str | None
    count: int
    updated_at: datetime


def draft(connection: Connection, class_id: UUID) -> Draft:
    """My pending edits of a class, empty where there are none. Never raises for what is stored."""
    row = connection.execute(
        text("""
            select edits, updated_at
            from dashboard.draft
            where person_id = (select internal.me()) and class_id = :class_id
        """),
        {"class_id": class_id},
    ).one_or_none()
    if row is None:
        return Draft()
    read = [_read(one) for one in row.edits] if isinstance(row.edits, list) else [None]
    found = [one for one in read if one is not None]
    edits = tuple(edit for edit, _ in found if edit.changes)
    unread = tuple(one for _, one in found if one.typed)
    return Draft(edits, row.updated_at, _lost(len(read) - len(found)), unread)


def drafts(connection: Connection) -> list[DraftSummary]:
    """Every class I have pending edits of, the latest first."""
    rows = connection.execute(
        text("""
            select
                draft.class_id,
                class.name as class_name,
                jsonb_array_length(draft.edits) as edits,
                draft.updated_at
            from dashboard.draft
            left join roster.class on class.id = draft.class_id
            where draft.person_id = (select internal.me())
            order by draft.updated_at desc, draft.class_id
        """)
    )
    return [DraftSummary(row.class_id, row.class_name, row.edits, row.updated_at) for row in rows]


def _lost(count: int) -> Problem | None:
    if not count:
        return None
    what = "One change of your draft" if count == 1 else f"{count} changes of your draft"
    sentence = f"{what} could not be read any more. Please make the change again."
    return Problem(None, "unreadable", sentence)


def _read(stored: object) -> tuple[Edit, Unread] | None:
    try:
        if not isinstance(stored, dict):
            return None
        key = UUID(stored["student"]), UUID(stored["module"])
        seen = _values_read(stored["seen"], were_seen=True)
        typed = {Field(name): _text(written) for name, written in stored.get("typed", {}).items()}
        return Edit(*key, _values_read(stored["changes"]), seen), Unread(*key, typed, seen)
    except (KeyError, ValueError, TypeError, AttributeError, InvalidOperation):
        return None


def _text(stored: object) -> str:
    if isinstance(stored, str):
        return stored
    raise ValueError(stored)


def _values_read(stored: Mapping[str, object], *, were_seen: bool = False) -> dict[Field, Value]:
    values = {
        Field(name): _value_read(Field(name), written, was_seen=were_seen)
        for name, written in stored.items()
    }
    if were_seen and set(values) != set(Field):
        raise ValueError("an edit without all that was seen")
    return values


def _value_read(name: Field, written: object, *, was_seen: bool) -> Value:
    """Only what this field can hold; anything else raises ValueError. A status of the platform's own may have
    been seen, and is set by nobody."""
    if name is Field.STATUS:
        if not isinstance(written, str):
            raise ValueError(written)
        return Status(written) if was_seen else Status.of_ours(written)
    if written is None:
        return None
    if name is Field.PERCENTAGE and isinstance(written, int) and not isinstance(written, bool):
        return written
    if name is Field.SCORE and isinstance(written, dict):
        return Decimal(written["decimal"])
    if name is Field.COMPLETED_AT and isinstance(written, dict):
        moment = datetime.fromisoformat(written["moment"])
        if moment.tzinfo is not None:
            return moment
    raise ValueError(written)
