"""What the student page is made of, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from data.details import Lesson
from data.queries.history import Change, changes
from data.queries.modules import lessons
from data.queries.notes import note_count
from data.queries.students import Student, StudentModule, student, student_modules


@dataclass(frozen=True)
class StudentPage:
    """A student, their modules in order, the lessons of each, what changed lately, and how many notes stand."""

    student: Student
    modules: Sequence[StudentModule]
    lessons: Mapping[UUID, Sequence[Lesson]]
    changes: Sequence[Change]
    note_count: int


def student_page(connection: Connection, student_id: UUID) -> StudentPage | None:
    """None where there is no such student that I may see."""
    found = student(connection, student_id)
    if found is None:
        return None
    return StudentPage(
        found,
        student_modules(connection, student_id),
        lessons(connection, student_id),
        changes(connection, student_id),
        note_count(connection, student_id),
    )
