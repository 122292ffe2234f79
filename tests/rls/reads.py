"""Every read of the program, as its pages and commands ask: of class 1A, of Ann, of what all have seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from inspect import get_annotations, isfunction
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data import queries, undoing
from data.data_check import RULES
from data.held import EVERYTHING
from data.progress import Edit, Field, Status
from data.progress_rows import look
from data.queries import HistoryFilter, MatrixStudent, Module
from data.queries.roster import current_values, roster, stored_rows
from data.session import Database
from tests.people import ANN, BEN, CLASS_1A, COORDINATOR, COURSE

Read = Callable[[Connection], object]

NOW: Final = datetime(2030, 1, 1, tzinfo=UTC)
LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)

IN_1A: Final = {"class": CLASS_1A}
NARROWED: Final = IN_1A | {"name": "a", "module": COURSE, "status": Status.IN_PROGRESS}
KEYS: Final = [(ANN, COURSE), (BEN, COURSE)]

FILTERS: Final = HistoryFilter(
    student_id=ANN,
    module_id=COURSE,
    class_id=CLASS_1A,
    author_id=COORDINATOR,
    source="form",
    since=LONG_AGO,
    until=NOW,
)
"""Each of these alone; the batch is one that is there."""


def _a_batch(connection: Connection) -> UUID:
    found: UUID = connection.exec_driver_sql(
        "select batch_id from dashboard.history where batch_id is not null limit 1"
    ).scalar_one()
    return found


def _students(connection: Connection) -> list[MatrixStudent]:
    return list(queries.matrix(connection, IN_1A).students)


def _course(connection: Connection) -> Module:
    return next(one for one in queries.class_modules(connection, CLASS_1A) if one.id == COURSE)


def _every(asked: Callable[[Connection, HistoryFilter], object]) -> Read:
    """The same for no filter, for each alone and for all together."""

    def read(connection: Connection) -> None:
        known = replace(FILTERS, batch_id=_a_batch(connection))
        for one in fields(known):
            asked(connection, HistoryFilter(**{one.name: getattr(known, one.name)}))
        asked(connection, HistoryFilter())
        asked(connection, FILTERS)

    return read


def _whole(connection: Connection) -> None:
    list(queries.whole_history(connection, HistoryFilter(), most=60, page=40))


def _findings(connection: Connection) -> None:
    for rule in RULES:
        queries.findings_of(connection, rule.key)


def _batches(connection: Connection) -> None:
    first = queries.batches(connection)
    queries.batches(connection, before=first[-1])


OF_QUERIES: Final[Mapping[str, Read]] = {
    "actor": lambda c: queries.actor(c, Database(c.engine)),
    "attempts": lambda c: queries.attempts(c, ANN, COURSE),
    "batch": lambda c: queries.batch(c, _a_batch(c)),
    "batch_changes": lambda c: queries.batch_changes(c, _a_batch(c)),
    "batches": _batches,
    "cell_page": lambda c: queries.cell_page(c, ANN, COURSE),
    "cell_text": lambda c: queries.cell_text(c, ANN, COURSE),
    "changes": lambda c: queries.changes(c, ANN),
    "class_median": lambda c: queries.class_median(c, CLASS_1A),
    "class_modules": lambda c: queries.class_modules(c, CLASS_1A),
    "class_page": lambda c: (queries.class_page(c, IN_1A), queries.class_page(c, NARROWED, NOW)),
    "class_scores": lambda c: queries.class_scores(c, ANN),
    "clock": queries.clock,
    "completions": lambda c: queries.completions(c, ANN),
    "counts": queries.counts,
    "draft": lambda c: queries.draft(c, CLASS_1A),
    "drafts": queries.drafts,
    "find_students": lambda c: queries.find_students(c, "student"),
    "findings_of": _findings,
    "first_day": queries.first_day,
    "grid": lambda c: (queries.grid(c, IN_1A), queries.grid(c, NARROWED, KEYS)),
    "history": _every(queries.history),
    "history_count": _every(lambda c, asked: queries.history_count(c, asked, 10_000)),
    "history_modules": lambda c: (
        queries.history_modules(c),
        queries.history_modules(c, CLASS_1A),
    ),
    "history_of_cell": lambda c: queries.history_of_cell(c, ANN, COURSE),
    "history_people": queries.history_people,
    "history_span": queries.history_span,
    "kept_among": lambda c: queries.kept_among(c, KEYS),
    "kept_by_batch": lambda c: queries.kept_by_batch(c, _a_batch(c)),
    "kept_of_student": lambda c: queries.kept_of_student(c, ANN),
    "kept_with": lambda c: queries.kept_with(c, [Field.STATUS], Status.COMPLETED, "course"),
    "left_as_it_is": queries.left_as_it_is,
    "lessons_of": lambda c: queries.lessons_of(c, [COURSE]),
    "matrix": lambda c: (queries.matrix(c, IN_1A), queries.matrix(c, NARROWED)),
    "matrix_as_of": lambda c: queries.matrix_as_of(c, IN_1A, NOW),
    "module_classes": lambda c: queries.module_classes(c, _course(c)),
    "module_funnel": lambda c: queries.module_funnel(c, COURSE, _students(c)),
    "module_page": lambda c: (
        queries.module_page(c, COURSE, {}),
        queries.module_page(c, COURSE, NARROWED),
    ),
    "module_recorded": lambda c: queries.module_recorded(c, COURSE, _students(c)),
    "module_sittings": lambda c: queries.module_sittings(c, COURSE, _students(c)),
    "module_times": lambda c: queries.module_times(
        c, COURSE, [replace(one, completed=1) for one in _students(c)]
    ),
    "note_count": lambda c: queries.note_count(c, ANN),
    "notes": lambda c: queries.notes(c, ANN),
    "options": lambda c: queries.options(c, CLASS_1A),
    "overview": queries.overview,
    "reported": lambda c: (
        queries.reported(c, [ANN]),
        queries.reported(c, [one.id for one in _students(c)], CLASS_1A),
    ),
    "saved_views": queries.saved_views,
    "student": lambda c: queries.student(c, ANN),
    "student_modules": lambda c: queries.student_modules(c, ANN),
    "student_page": lambda c: queries.student_page(c, ANN, COURSE),
    "students_of_class": lambda c: queries.students_of_class(c, CLASS_1A),
    "version": queries.version,
    "whole_history": _whole,
}
"""By name, every function of `data.queries` that reads."""

OTHERS: Final[Mapping[str, Read]] = {
    "everything held": lambda c: c.execute(text(EVERYTHING), {"student_id": ANN}).all(),
    "roster": lambda c: (roster(c), roster(c, CLASS_1A)),
    "current_values": lambda c: current_values(c, [(one.id, COURSE) for one in _students(c)]),
    "stored_rows": lambda c: (stored_rows(c), stored_rows(c, CLASS_1A)),
    "undo_edits": lambda c: undoing.undo_edits(c, _a_batch(c)),
    "look": lambda c: look(c, [Edit(one.id, COURSE, {}, {}) for one in _students(c)]),
}
"""What else asks."""


def reading() -> set[str]:
    """The public names of `data.queries` that are reads: functions that are handed a connection."""
    return {
        name
        for name in queries.__all__
        if isfunction(one := getattr(queries, name))
        and "Connection" in get_annotations(one).values()
    }
