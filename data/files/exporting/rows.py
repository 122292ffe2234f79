"""The rows of the table: what CSV and XLSX both write."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Final
from uuid import UUID

from data.i18n.formats import count, local, others
from data.reading.classes.matrix import MatrixModule, MatrixStudent
from data.rules.activity import last_active
from data.rules.attention import by_figure, short, stuck_sentence
from data.rules.attention_figures import ClassFigures
from data.rules.cell import MatrixCell, parse_cell, split_cells
from data.rules.details import is_scored
from data.rules.progress import Status

Value = str | int | Decimal | date | None

MARKS: Final = {  # the most pressing first: the screen's word
    "p": "data problem",
    "s": "stuck",
    "f": "failed",
    "k": "locked",
    "e": "edited by staff",
}
NOT_HERE: Final = "Not in this module"
UNREADABLE: Final = "Unreadable"
DONE: Final = " % done"
"""What a cell says that has no status, and a figure that is no score."""
WHY: Final = "Why"
_COUNTS: Final = ("Completed", "In progress", "Not started")


@dataclass(frozen=True)
class Export:
    """What is on the screen, in its order.

    A student's `cells` are in the order of `cell_order`, whichever modules are shown. `filters` is the
    sentence that says what is filtered and sorted. `made_at` knows its zone; days are days in `zone`. Of many
    classes it has no `class_id`. `held` is what holds for each class that it is of.
    """

    title: str
    modules: tuple[MatrixModule, ...]
    students: tuple[MatrixStudent, ...]
    cell_order: tuple[UUID, ...]
    filters: str
    author: str
    made_at: datetime
    zone: tzinfo
    class_id: UUID | None = None
    held: Collection[ClassFigures] = ()


def meanings(export: Export) -> dict[str, str]:
    """What each mark means, by its word; where the rule of who is stuck is off, nobody is."""
    tried = {one.stuck_after for one in export.held if one.stuck_after is not None}
    of_marks = {
        "p": "A value that cannot be right, such as a date to come or a score above 100.",
        "s": stuck_sentence(by_figure(tried)) if tried else "",
        "f": "The score that is shown is below the module's pass mark.",
        "k": "A value that the platform may not overwrite.",
        "e": "Somebody on the staff has corrected it.",
    }
    return {MARKS[mark]: meaning for mark, meaning in of_marks.items() if meaning}


@lru_cache(maxsize=20_000)
def _shown(written: str, scored: bool) -> tuple[str, Value]:
    """A cell's word, with its marks, and its figure."""
    cell = parse_cell(written)
    if cell.status is None and not cell.marks:
        return NOT_HERE, None
    word = cell.status.label if cell.status else UNREADABLE
    return ", ".join([word, *(MARKS[mark] for mark in cell.marks)]), _figure(cell, scored)


def _figure(cell: MatrixCell, scored: bool) -> Value:
    """As figure() in matrix/model.js: the score where scores count, else the percentage, but no bare 0."""
    if scored and cell.score is not None:
        return cell.score
    if cell.percentage is None or (cell.status is Status.NOT_STARTED and cell.percentage == 0):
        return None
    # Text, for it is no score: and in words, since a spreadsheet makes a number of 40%.
    return f"{cell.percentage}{DONE}" if scored else cell.percentage


def _scored(column: MatrixModule) -> bool:
    return is_scored(column.module.type)


def lead(export: Export) -> list[str]:
    """The first columns: who, why they need attention where anybody does, and how many of what; of statuses of
    the platform's own where there are any."""
    why = [WHY] if _has_why(export) else []
    other = ["Other"] if _has_other(export) else []
    return ["Student", *why, *_COUNTS, *other, "Last activity", "Student id"]


def _has_why(export: Export) -> bool:
    return any(student.flags for student in export.students)


def _has_other(export: Export) -> bool:
    return any(student.other for student in export.students)


def headings(export: Export) -> list[Value]:
    """The heads of the table: who and how many, then two columns a module."""
    heads: list[Value] = [*lead(export)]
    for each in export.modules:
        name = each.module.name
        heads += [f"{name}: status", f"{name}: {'score' if _scored(each) else '%'}"]
    return heads


def rows(export: Export) -> Iterator[list[Value]]:
    """The students' rows, as `heads` names their columns."""
    places = {module: place for place, module in enumerate(export.cell_order)}
    beyond, has_why = len(places), _has_why(export)
    several = len(_COUNTS) + _has_other(export)
    columns = [(places.get(each.module.id, beyond), _scored(each)) for each in export.modules]
    for student in export.students:
        counts = (student.completed, student.in_progress, student.not_started, student.other)[
            :several
        ]
        last = _last(student, export.zone)
        why = [short(student.flags)] if has_why else []
        row: list[Value] = [student.name, *why, *counts, last, str(student.id)]
        cells = split_cells(student.cells)
        for place, scored in columns:
            row += _shown(cells[place] if place < min(beyond, len(cells)) else "?", scored)
        yield row


def totals(export: Export) -> list[Value]:
    """The row below the table: of each module how many are where."""
    students = export.students
    counts = (
        sum(student.completed for student in students),
        sum(student.in_progress for student in students),
        sum(student.not_started for student in students),
        *([sum(student.other for student in students)] if _has_other(export) else ()),
    )
    name = f"Total, {count(len(students), 'student', 'students')}"
    why = [sum(bool(student.flags) for student in students)] if _has_why(export) else []
    totals: list[Value] = [name, *why, *counts, None, None]
    for each in export.modules:
        words = f"{each.completed} completed, {each.in_progress} in progress, {each.not_started} not started"
        totals += [f"{words}{others(each.other)}", None]
    return totals


def _last(student: MatrixStudent, zone: tzinfo) -> date | str | None:
    """A day where it is one of activity; of a last change, the words of the screen."""
    if student.last_activity:
        return local(student.last_activity, zone).date()
    return last_active(None, student.last_change, zone)
