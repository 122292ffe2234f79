"""What a student, a cell and the notes show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from dashboard.reads.ask import ask, kept_for, visit
from data.access.session import Actor, acting_as
from data.reading.notes import Note
from data.reading.notes import notes as read_notes
from data.reading.students import cell, standing, students
from data.reading.students.cell import CellPage
from data.reading.students.page import StudentPage
from data.reading.students.page import student_page as read_student_page
from data.reading.students.standing import ClassMedian, ClassScores, CompletionHistory
from data.reading.students.students import Student, StudentModule


def student(student_id: UUID) -> Student | None:
    """One student, or None where there is none that I may see."""
    return ask(students.student, student_id)


def find_students(name: str) -> Sequence[Student]:
    """Students by a part of their name or e-mail."""
    return ask(students.find_students, name)


def student_page(student_id: UUID, opened: UUID | None) -> StudentPage | None:
    """What the student page is made of, or None where there is no such student that I may see."""
    return ask(read_student_page, student_id, opened)


def student_modules(student_id: UUID) -> Sequence[StudentModule]:
    """A student's modules in order."""
    return ask(students.student_modules, student_id)


def class_median(class_id: UUID) -> ClassMedian | None:
    """How the middle student of a class stands: of a whole class, and so the one answer that may be a minute
    old. (Counting 500 students anew for each that is opened would cost as much as the rest of the page.)"""
    return _class_median(visit().actor, class_id)


@kept_for(400, ttl="1m")
def _class_median(actor: Actor, class_id: UUID) -> ClassMedian | None:
    with acting_as(actor) as connection:
        return standing.class_median(connection, class_id)


def completions(student_id: UUID) -> CompletionHistory:
    """When a student's modules became completed, as far as the history tells."""
    return ask(standing.completions, student_id)


def class_scores(student_id: UUID) -> Mapping[UUID, Sequence[ClassScores]]:
    """What a student's classes scored in the modules in which the student has a score."""
    return ask(standing.class_scores, student_id)


def cell_page(student_id: UUID, module_id: UUID) -> CellPage | None:
    """What the panel of a cell is made of, or None where there is no such cell that I may see."""
    return ask(cell.cell_page, student_id, module_id)


def notes(student_id: UUID) -> Sequence[Note]:
    """What staff wrote about a student, newest first."""
    return ask(read_notes, student_id)
