"""Reads: one function a question, shaped by SQL for the page that asks it."""

from data.queries.as_of import first_day, matrix_as_of
from data.queries.batches import Batch, batch, batch_changes, batches
from data.queries.cells import CellValue, history_of_cell
from data.queries.classes import ClassSummary, Options, options, overview
from data.queries.history import (
    SOURCES,
    Change,
    HistoryFilter,
    HistoryPage,
    changes,
    history,
    whole_history,
)
from data.queries.history_options import history_people, history_span
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
    "SOURCES",
    "Batch",
    "CellValue",
    "Change",
    "ClassSummary",
    "HistoryFilter",
    "HistoryPage",
    "Matrix",
    "MatrixModule",
    "MatrixStudent",
    "Module",
    "Options",
    "Person",
    "Student",
    "StudentModule",
    "actor",
    "batch",
    "batch_changes",
    "batches",
    "changes",
    "class_modules",
    "clock",
    "demo_people",
    "find_students",
    "first_day",
    "history",
    "history_of_cell",
    "history_people",
    "history_span",
    "lessons",
    "matrix",
    "matrix_as_of",
    "options",
    "overview",
    "saved_views",
    "sort_key",
    "student",
    "student_modules",
    "students_of_class",
    "version",
    "whole_history",
]
