"""Every read of the program, as its pages and commands ask: of class 1A, of Ann, of what all have seen."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from inspect import get_annotations, isfunction
from pkgutil import walk_packages
from types import ModuleType
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.access.session import Database
from data.data_protection.disclosures import disclosures
from data.data_protection.erasure import erasures
from data.data_protection.retention import due
from data.digest.terms import digest_terms, wants_digest
from data.files.importing.stored import current_values, roster, stored_rows
from data.files.student_record.gather import EVERYTHING
from data.reading.attachment import attachment
from data.reading.attention import flags_of, most_urgent
from data.reading.attention_rules.changes import rule_changes
from data.reading.attention_rules.chosen import (
    attention_rules,
    figures_of,
    judging,
    organisation_of,
)
from data.reading.attention_rules.preview import attention_preview, proposed_figures
from data.reading.catalogue import Module, class_modules, lessons_of
from data.reading.classes.as_of import first_day, matrix_as_of
from data.reading.classes.elsewhere import changed_since, file_came_in, known_elsewhere
from data.reading.classes.grid import grid_rows, learns_in
from data.reading.classes.matrix import MatrixStudent, matrix
from data.reading.classes.news import news
from data.reading.classes.overview import failed_most, options, overview
from data.reading.classes.page import class_page
from data.reading.classes.rule_scores import rule_scores
from data.reading.classes.targets import (
    class_targets,
    completed_now,
    current_targets,
    gains_since,
)
from data.reading.data_check.found import counts, dismissals, doubted, findings_of
from data.reading.data_check.rules import RULES
from data.reading.drafts import draft, drafts
from data.reading.flag_responses import flag_responses
from data.reading.history.cell import history_of_cell
from data.reading.history.changes import (
    HistoryFilter,
    changes,
    history,
    history_count,
    whole_history,
)
from data.reading.history.options import history_cut, history_modules, history_people, history_span
from data.reading.history.saves import batch, batch_changes, batches
from data.reading.locks import (
    attempts,
    current_locks,
    locked_with,
    locks_of_batch,
    locks_of_student,
)
from data.reading.modules.class_standings import module_classes
from data.reading.modules.page import ModulePage, module_page
from data.reading.modules.sections import (
    module_funnel,
    module_recorded,
    module_sittings,
    module_times,
)
from data.reading.notes import note_count, notes
from data.reading.people import actor, clock, version, whom_to_ask
from data.reading.replica import position
from data.reading.row_values import scores_in_details
from data.reading.saved_views import saved_views
from data.reading.students.cell import cell_page, cell_text
from data.reading.students.namesakes import told_apart
from data.reading.students.page import student_page
from data.reading.students.report import reported
from data.reading.students.search import find
from data.reading.students.standing import class_median, class_scores, completions
from data.reading.students.students import (
    find_students,
    has_students,
    student,
    student_modules,
    students_of_class,
)
from data.reading.trends.activity import weekly_activity
from data.reading.trends.completions import trend_classes, weekly_completions
from data.reading.trends.modules import module_tallies
from data.rules.attention_figures import USUAL, ClassFigures
from data.rules.progress import Edit, Field, Status
from data.writing import undo
from data.writing.rows import look
from tests.people import ANN, BEN, CLASS_1A, CLASS_1B, COORDINATOR, COURSE, NORTH

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
    return list(matrix(connection, IN_1A).students)


def _page(connection: Connection) -> ModulePage:
    """Its students are those of the class, and have completed it."""
    found = module_page(connection, COURSE, IN_1A)
    assert found is not None
    students = [replace(one, completed=1) for one in found.found.students]
    return replace(found, found=replace(found.found, students=tuple(students)))


def _course(connection: Connection) -> Module:
    return next(one for one in class_modules(connection, CLASS_1A) if one.id == COURSE)


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
    list(whole_history(connection, HistoryFilter(), most=60, page=40))


def _findings(connection: Connection) -> None:
    for rule in RULES:
        findings_of(connection, rule.key)


def _batches(connection: Connection) -> None:
    first = batches(connection)
    batches(connection, before=first[-1])


OF_QUERIES: Final[Mapping[str, Read]] = {
    "actor": lambda c: actor(c, Database(c.engine)),
    "attempts": lambda c: attempts(c, ANN, COURSE),
    "batch": lambda c: batch(c, _a_batch(c)),
    "attention_preview": lambda c: attention_preview(c, proposed_figures(NORTH, {"failed": 0})),
    "attention_rules": lambda c: attention_rules(c, NORTH),
    "batch_changes": lambda c: batch_changes(c, _a_batch(c)),
    "batches": _batches,
    "cell_page": lambda c: cell_page(c, ANN, COURSE, CLASS_1A),
    "cell_text": lambda c: cell_text(c, ANN, COURSE, CLASS_1A),
    "changed_since": lambda c: (changed_since(c, LONG_AGO), changed_since(c, LONG_AGO, CLASS_1A)),
    "changes": lambda c: changes(c, ANN),
    "class_median": lambda c: class_median(c, CLASS_1A),
    "class_modules": lambda c: class_modules(c, CLASS_1A),
    "class_page": lambda c: (class_page(c, IN_1A), class_page(c, NARROWED, NOW)),
    "class_targets": lambda c: class_targets(c, CLASS_1A),
    "current_targets": current_targets,
    "completed_now": lambda c: completed_now(c, CLASS_1A),
    "gains_since": lambda c: gains_since(c, CLASS_1A, LONG_AGO.date()),
    "class_scores": lambda c: class_scores(c, ANN),
    "clock": clock,
    "completions": lambda c: completions(c, ANN),
    "counts": counts,
    "doubted": doubted,
    "draft": lambda c: draft(c, CLASS_1A),
    "drafts": drafts,
    "file_came_in": lambda c: file_came_in(c, CLASS_1A),
    "organisation_of": lambda c: organisation_of(c, CLASS_1A),
    "figures_of": lambda c: figures_of(c, (CLASS_1A,)),
    "judging": lambda c: judging(
        c, {CLASS_1A: ClassFigures(USUAL), CLASS_1B: ClassFigures({**USUAL, "stuck": 0})}, [ANN]
    ),
    "find": lambda c: (
        find(c, "an"),
        find(c, "onne nolibody"),
        find(c, "", [ANN, CLASS_1A, COURSE]),
    ),
    "find_students": lambda c: find_students(c, "student"),
    "findings_of": _findings,
    "first_day": first_day,
    "grid_rows": lambda c: (grid_rows(c, IN_1A), grid_rows(c, NARROWED, KEYS)),
    "has_students": has_students,
    "history": _every(history),
    "history_count": _every(lambda c, asked: history_count(c, asked, 10_000)),
    "history_modules": lambda c: (
        history_modules(c),
        history_modules(c, CLASS_1A),
    ),
    "history_of_cell": lambda c: history_of_cell(c, ANN, COURSE),
    "history_people": history_people,
    "history_span": history_span,
    "attachment": attachment,
    "history_cut": history_cut,
    "current_locks": lambda c: current_locks(c, KEYS),
    "locks_of_batch": lambda c: locks_of_batch(c, _a_batch(c)),
    "locks_of_student": lambda c: locks_of_student(c, ANN),
    "locked_with": lambda c: locked_with(c, [Field.STATUS], Status.COMPLETED, "course"),
    "dismissals": dismissals,
    "known_elsewhere": lambda c: known_elsewhere(c, CLASS_1A),
    "learns_in": lambda c: learns_in(c, CLASS_1A),
    "lessons_of": lambda c: lessons_of(c, [COURSE]),
    "matrix": lambda c: (matrix(c, IN_1A), matrix(c, NARROWED)),
    "matrix_as_of": lambda c: matrix_as_of(c, IN_1A, NOW, 3),
    "module_classes": lambda c: module_classes(c, _course(c)),
    "module_funnel": lambda c: module_funnel(c, _page(c)),
    "module_page": lambda c: (
        module_page(c, COURSE, {}),
        module_page(c, COURSE, NARROWED),
    ),
    "module_recorded": lambda c: module_recorded(c, _page(c)),
    "module_sittings": lambda c: module_sittings(c, _page(c)),
    "module_times": lambda c: module_times(c, _page(c)),
    "flags_of": lambda c: flags_of(c, ANN, [CLASS_1A]),
    "failed_most": lambda c: failed_most(c, 1, 5),
    "flag_responses": lambda c: flag_responses(c, ANN),
    "most_urgent": lambda c: most_urgent(c, 8),
    "news": lambda c: news(c, LONG_AGO, 9),
    "note_count": lambda c: note_count(c, ANN),
    "notes": lambda c: notes(c, ANN),
    "options": lambda c: options(c, CLASS_1A),
    "overview": overview,
    "reported": lambda c: (
        reported(c, [ANN]),
        reported(c, [one.id for one in _students(c)], CLASS_1A),
    ),
    "rule_scores": lambda c: (rule_scores(c), rule_scores(c, 60)),
    "rule_changes": lambda c: rule_changes(c, NORTH, 9),
    "saved_views": saved_views,
    "scores_in_details": lambda c: scores_in_details(c, [(one.id, COURSE) for one in _students(c)]),
    "student": lambda c: student(c, ANN),
    "student_modules": lambda c: student_modules(c, ANN),
    "student_page": lambda c: student_page(c, ANN, COURSE),
    "students_of_class": lambda c: students_of_class(c, CLASS_1A),
    "told_apart": lambda c: told_apart(c, [(one.id, one.name) for one in _students(c)]),
    "module_tallies": lambda c: [
        module_tallies(
            c,
            [one.id for one in trend_classes(c, None, None)],
            module,
            LONG_AGO.date(),
            NOW.date(),
        )
        for module in (None, COURSE)
    ],
    "trend_classes": lambda c: (trend_classes(c, None, None), trend_classes(c, CLASS_1A, COURSE)),
    "version": version,
    "position": position,
    "weekly_activity": lambda c: [
        weekly_activity(
            c,
            [CLASS_1A],
            module,
            (clock(c) - timedelta(20)).date(),
            clock(c).date(),
            by_class=by_class,
        )
        for module in (None, COURSE)
        for by_class in (False, True)
    ],
    "weekly_completions": lambda c: [
        weekly_completions(
            c,
            [one.id for one in trend_classes(c, None, module)],
            module,
            LONG_AGO.date(),
            NOW.date(),
            by_class=by_class,
        )
        for module in (None, COURSE)
        for by_class in (False, True)
    ],
    "whole_history": _whole,
    "whom_to_ask": whom_to_ask,
}
"""By name, every function of `data.reading` that reads."""

OTHERS: Final[Mapping[str, Read]] = {
    "all stored data": lambda c: c.execute(text(EVERYTHING), {"student_id": ANN}).all(),
    "due": due,
    "erasures": erasures,
    "disclosures": lambda c: disclosures(c, ANN),
    "digest_terms": digest_terms,
    "wants_digest": wants_digest,
    "whether the digest names": lambda c: c.scalar(
        text("select dashboard.digest_names_students()")
    ),
    "roster": lambda c: (roster(c), roster(c, CLASS_1A)),
    "current_values": lambda c: current_values(c, [(one.id, COURSE) for one in _students(c)]),
    "stored_rows": lambda c: (stored_rows(c), stored_rows(c, CLASS_1A)),
    "undo_edits": lambda c: undo.undo_edits(c, _a_batch(c)),
    "look": lambda c: look(c, [Edit(one.id, COURSE, {}, {}) for one in _students(c)]),
}
"""What else asks."""


PARTS: Final = {
    "cell_states",
    "durations",
    "eligible",
    "whose",
    *("counts_of_everybody", "first_of_everybody"),
    *("matrix_of", "times_of"),
    "module_details",
    "module_types",
}
"""What others of them are made of, and which is looked at in these; and what the owner alone asks."""


def reading(rooms: ModuleType) -> set[str]:
    """Every read there is: the public functions of a package that are handed a connection."""
    files = [file.name for file in walk_packages(rooms.__path__, f"{rooms.__name__}.")]
    return {
        name
        for file in files
        for name, one in vars(import_module(file)).items()
        if isfunction(one) and one.__module__ == file and not name.startswith("_")
        if {"Connection", Connection} & set(get_annotations(one).values())
    }
