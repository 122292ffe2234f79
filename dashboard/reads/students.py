"""What a student, a cell and the notes show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from dashboard.reads.asking import ask, kept_for, visit
from data import queries
from data.session import Actor, acting_as


def student(student_id: UUID) -> queries.Student | None:
    """One student, or None where there is none that I may see."""
    return ask(queries.student, student_id)


def find_students(name: str) -> Sequence[queries.Student]:
    """Students by a part of their name or e-mail."""
    return ask(queries.find_students, name)


def student_page(student_id: UUID, opened: UUID | None) -> queries.StudentPage | None:
    """What the student page is made of, or None where there is no such student that I may see."""
    return ask(queries.student_page, student_id, opened)


def student_modules(student_id: UUID) -> Sequence[queries.StudentModule]:
    """A student's modules in order."""
    return ask(queries.student_modules, student_id)


def class_median(class_id: UUID) -> queries.ClassMedian | None:
    """How the middle student of a class stands: of a whole class, and so the one answer that may be a minute
    old. (Counting 500 students anew for each that is opened would cost as much as the rest of the page.)"""
    return _class_median(visit().actor, class_id)


@kept_for(400, ttl="1m")
def _class_median(actor: Actor, class_id: UUID) -> queries.ClassMedian | None:
    with acting_as(actor) as connection:
        return queries.class_median(connection, class_id)


def completions(student_id: UUID) -> queries.CompletionHistory:
    """When a student's modules became completed, as far as the history tells."""
    return ask(queries.completions, student_id)


def class_scores(student_id: UUID) -> Mapping[UUID, Sequence[queries.ClassScores]]:
    """What a student's classes scored in the modules in which the student has a score."""
    return ask(queries.class_scores, student_id)


def cell_page(student_id: UUID, module_id: UUID) -> queries.CellPage | None:
    """What the panel of a cell is made of, or None where there is no such cell that I may see."""
    return ask(queries.cell_page, student_id, module_id)


def notes(student_id: UUID) -> Sequence[queries.Note]:
    """What staff wrote about a student, newest first."""
    return ask(queries.notes, student_id)
