"""Reads: one function a question, shaped by SQL for the page that asks it."""

from data.drafts import DraftSummary, draft, drafts
from data.queries.class_page import ClassPage, class_page
from data.queries.classes import ClassSummary, Options, options, overview
from data.queries.findings import Left, counts, findings_of, left_as_it_is
from data.queries.history import Change, changes
from data.queries.kept import (
    Attempt,
    Kept,
    attempts,
    kept_among,
    kept_by_batch,
    kept_of_student,
    kept_with,
)
from data.queries.matrix import Matrix, MatrixModule, MatrixStudent, matrix, sort_key
from data.queries.modules import Module, class_modules, lessons
from data.queries.people import Person, actor, clock, demo_people, version
from data.queries.students import (
    Student,
    StudentModule,
    find_students,
    student,
    student_modules,
    students_of_class,
)
from data.saved_views import saved_views

__all__ = [
    "Attempt",
    "Change",
    "ClassPage",
    "ClassSummary",
    "DraftSummary",
    "Kept",
    "Left",
    "Matrix",
    "MatrixModule",
    "MatrixStudent",
    "Module",
    "Options",
    "Person",
    "Student",
    "StudentModule",
    "actor",
    "attempts",
    "changes",
    "class_modules",
    "class_page",
    "clock",
    "counts",
    "demo_people",
    "draft",
    "drafts",
    "find_students",
    "findings_of",
    "kept_among",
    "kept_by_batch",
    "kept_of_student",
    "kept_with",
    "left_as_it_is",
    "lessons",
    "matrix",
    "options",
    "overview",
    "saved_views",
    "sort_key",
    "student",
    "student_modules",
    "students_of_class",
    "version",
]
