"""Reads: one function a question, shaped by SQL for the page that asks it."""

from data.drafts import Draft, DraftSummary, draft, drafts
from data.queries.as_of import first_day, matrix_as_of
from data.queries.batches import Batch, batch, batch_changes, batches
from data.queries.cell_page import CellPage, cell_page, cell_text
from data.queries.cells import CellValue, history_of_cell
from data.queries.class_page import ClassPage, class_page
from data.queries.classes import ClassSummary, Options, options, overview
from data.queries.findings import Left, counts, findings_of, left_as_it_is
from data.queries.grid import GridRow, grid
from data.queries.history import (
    SOURCES,
    Change,
    HistoryFilter,
    HistoryPage,
    changes,
    history,
    history_count,
    whole_history,
)
from data.queries.history_options import history_modules, history_people, history_span
from data.queries.kept import (
    Attempt,
    Keeping,
    Kept,
    attempts,
    keepings,
    kept_among,
    kept_by_batch,
    kept_of_student,
    kept_with,
)
from data.queries.matrix import Matrix, MatrixModule, MatrixStudent, matrix, sort_key
from data.queries.module_page import ClassStanding, ModulePage, module_classes, module_page
from data.queries.module_sections import (
    module_funnel,
    module_recorded,
    module_sittings,
    module_times,
)
from data.queries.modules import Module, class_modules, lessons_of
from data.queries.notes import Note, Version, note_count, notes
from data.queries.people import Person, actor, clock, demo_people, version
from data.queries.reported import Reported, ReportedModule, reported
from data.queries.standing import (
    ClassMedian,
    ClassScores,
    Completion,
    CompletionHistory,
    class_median,
    class_scores,
    completions,
)
from data.queries.student_page import StudentPage, student_page
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
    "Attempt",
    "Batch",
    "CellPage",
    "CellValue",
    "Change",
    "ClassMedian",
    "ClassPage",
    "ClassScores",
    "ClassStanding",
    "ClassSummary",
    "Completion",
    "CompletionHistory",
    "Draft",
    "DraftSummary",
    "GridRow",
    "HistoryFilter",
    "HistoryPage",
    "Keeping",
    "Kept",
    "Left",
    "Matrix",
    "MatrixModule",
    "MatrixStudent",
    "Module",
    "ModulePage",
    "Note",
    "Options",
    "Person",
    "Reported",
    "ReportedModule",
    "Student",
    "StudentModule",
    "StudentPage",
    "Version",
    "actor",
    "attempts",
    "batch",
    "batch_changes",
    "batches",
    "cell_page",
    "cell_text",
    "changes",
    "class_median",
    "class_modules",
    "class_page",
    "class_scores",
    "clock",
    "completions",
    "counts",
    "demo_people",
    "draft",
    "drafts",
    "find_students",
    "findings_of",
    "first_day",
    "grid",
    "history",
    "history_count",
    "history_modules",
    "history_of_cell",
    "history_people",
    "history_span",
    "keepings",
    "kept_among",
    "kept_by_batch",
    "kept_of_student",
    "kept_with",
    "left_as_it_is",
    "lessons_of",
    "matrix",
    "matrix_as_of",
    "module_classes",
    "module_funnel",
    "module_page",
    "module_recorded",
    "module_sittings",
    "module_times",
    "note_count",
    "notes",
    "options",
    "overview",
    "reported",
    "saved_views",
    "sort_key",
    "student",
    "student_modules",
    "student_page",
    "students_of_class",
    "version",
    "whole_history",
]
