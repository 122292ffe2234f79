"""What staff wrote about a student, with every earlier version."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text


@dataclass(frozen=True)
class Version:
    """A note as it was written at one time. Of a contact `channel` says how, `happened_on` when."""

    id: UUID
    kind: str
    channel: str | None
    happened_on: date | None
    text: str
    written_at: datetime


@dataclass(frozen=True)
class Note:
    """A note with its versions, the first one first. `author` is None where the name is not mine to know."""

    id: UUID
    student_id: UUID
    author_id: UUID
    author: str | None
    versions: tuple[Version, ...]
    withdrawn_at: datetime | None

    @property
    def current(self) -> Version:
        """What it says, or said when it was withdrawn."""
        return self.versions[-1]

    @property
    def earlier(self) -> tuple[Version, ...]:
        """What it said before."""
        return self.versions[:-1]


def notes(connection: Connection, student_id: UUID) -> list[Note]:
    """Every note on a student that I may see, those that were withdrawn included, newest first."""
    rows = connection.execute(
        text("""
            select
                note.id, note.note_id, note.student_id, note.author_id, staff.full_name as author, note.act,
                note.kind, note.channel, note.happened_on, note.text, note.written_at
            from dashboard.note
            left join roster.staff on staff.id = note.author_id
            where note.student_id = :student_id
            order by note.number
        """),
        {"student_id": student_id},
    ).all()
    order = {row.id: place for place, row in enumerate(rows)}
    by_note = sorted(rows, key=lambda row: (-order[row.note_id], order[row.id]))
    return [_note(list(versions)) for _, versions in groupby(by_note, lambda row: row.note_id)]


def note_count(connection: Connection, student_id: UUID) -> int:
    """How many notes on a student stand: mine to see, and not withdrawn."""
    found: int = connection.execute(
        text("""
            select count(*) filter (where act = 'written') - count(*) filter (where act = 'withdrawn')
            from dashboard.note
            where student_id = :student_id
        """),
        {"student_id": student_id},
    ).scalar_one()
    return found


def _note(rows: list[Row[Any]]) -> Note:
    first, last = rows[0], rows[-1]
    versions = tuple(
        Version(row.id, row.kind, row.channel, row.happened_on, row.text, row.written_at)
        for row in rows
        if row.act != "withdrawn"
    )
    withdrawn_at = last.written_at if last.act == "withdrawn" else None
    return Note(first.id, first.student_id, first.author_id, first.author, versions, withdrawn_at)
