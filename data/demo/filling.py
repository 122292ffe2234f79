"""Writing the demo data: table by table, by COPY."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain
from typing import Any, Final
from uuid import UUID

import psycopg

from data.demo.classes import Group, former, groups
from data.demo.clock import HISTORY_DAYS, Clock
from data.demo.corrections import CorrectedBatch, Corrector
from data.demo.history import Entry, as_json, entries
from data.demo.ids import seeded
from data.demo.messy import plant
from data.demo.modules import CLASSES, DemoModule, all_modules
from data.demo.people import ORGANISATIONS, STAFF, DemoStudent
from data.demo.work import State, WorkRow

Say = Callable[[str], None]

TABLES: Final = {
    "auth.users": "id, email",
    "public.organisations": "id, name",
    "public.modules": "id, type, name, sequence, configuration",
    "public.lessons": "id, module_id, title, sequence, has_quiz",
    "school.student": "id, organisation_id, full_name, email, is_active",
    "school.staff": "id, organisation_id, full_name, email, role",
    "school.class": "id, organisation_id, name",
    "school.class_student": "class_id, student_id",
    "school.class_module": "class_id, module_id, position",
    "school.class_teacher": "class_id, staff_id",
    "public.student_module_progress": ", ".join(("student_id", "module_id", *State._fields)),
    "dashboard.fact": "",
    "dashboard.batch": ", ".join(CorrectedBatch._fields).replace("author", "author_id"),
    "dashboard.history": ", ".join(Entry._fields),
}
"""Every table that is filled, with the columns in the order they are written; facts come by trigger."""

HISTORY_OFF: Final = "alter table public.student_module_progress disable trigger history_of_inserts"
HISTORY_ON: Final = "alter table public.student_module_progress enable trigger history_of_inserts"

MARK_EDITED: Final = """
update dashboard.fact
set edited_by_staff = true
from unnest(%s::uuid[], %s::uuid[]) as edited (student_id, module_id)
where fact.student_id = edited.student_id
    and fact.module_id = edited.module_id
"""


class _Writer:
    """Copies rows into tables over one connection, inside its transaction."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def write(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        copy = f"copy {table} ({TABLES[table]}) from stdin"
        with self._connection.cursor() as cursor, cursor.copy(copy.encode()) as target:
            for row in rows:
                target.write_row(row)


def fill(connection: psycopg.Connection[Any], now: datetime, say: Say) -> None:
    """Write everything, `now` being the database's clock. The caller holds the transaction."""
    writer = _Writer(connection)
    clock = Clock(now)
    known = groups(clock)
    left = former(clock)
    batches = _disturb(known, clock)
    rows = list(chain(*(group.rows for group in known), *(found for _, found in left)))
    students = {student.id: student for group in known for student in group.students}
    students.update((student.id, student) for student, _ in left)

    say(f"Students and modules ({len(students):,} students) …")
    _write_people(writer, list(students.values()))
    _write_classes(writer, known)
    with ThreadPoolExecutor(1) as aside:
        # Made ready while the server works out its facts: that is a second or two of waiting.
        history = aside.submit(entries, rows, clock)
        say(f"Progress ({len(rows):,} rows) …")
        _write_progress(connection, writer, rows)
    say(f"History of {HISTORY_DAYS} days …")
    writer.write("dashboard.batch", batches)
    found = history.result()
    connection.execute("select internal.keep_months(%s)", [found[0].at])
    writer.write("dashboard.history", found)
    connection.execute("select internal.recall_work()")
    connection.execute("select internal.settle(1000000)")


def _disturb(known: list[Group], clock: Clock) -> list[CorrectedBatch]:
    """Messy rows in the first class, corrections in the first class of each organisation and the cohort."""
    rng = seeded("messy rows")
    messy = plant(known[0].rows, clock, rng)
    batches = []
    for group in (known[0], known[3], known[-1]):
        corrector = Corrector(group, messy, clock, rng)
        corrector.correct()
        batches += corrector.batches
    return sorted(batches, key=lambda batch: batch.at)


def _write_people(writer: _Writer, students: list[DemoStudent]) -> None:
    writer.write(
        "auth.users",
        [
            *((person.id, person.email) for person in STAFF),
            *((person.id, person.email) for person in students),
        ],
    )
    writer.write("public.organisations", ORGANISATIONS.items())
    writer.write("school.student", students)
    writer.write("school.staff", STAFF)


def _write_classes(writer: _Writer, known: list[Group]) -> None:
    modules = all_modules().values()
    writer.write("public.modules", map(_module, modules))
    writer.write(
        "public.lessons",
        [
            (lesson.id, module.id, lesson.title, lesson.sequence, lesson.has_quiz)
            for module in modules
            for lesson in module.lessons
        ],
    )
    writer.write("school.class", [(found.id, found.organisation, found.name) for found in CLASSES])
    writer.write(
        "school.class_student",
        [(group.demo_class.id, student.id) for group in known for student in group.students],
    )
    writer.write(
        "school.class_module",
        [
            (found.id, module.id, position)
            for found in CLASSES
            for position, module in enumerate(found.modules, 1)
        ],
    )
    writer.write("school.class_teacher", [(found.id, found.teacher) for found in CLASSES])


def _module(one: DemoModule) -> tuple[Any, ...]:
    configuration = None if one.configuration is None else as_json(one.configuration)
    return one.id, one.written_type, one.name, one.sequence, configuration


def _write_progress(
    connection: psycopg.Connection[Any], writer: _Writer, rows: list[WorkRow]
) -> None:
    # The trigger would note everything as done now, by nobody: the history is written beside it.
    connection.execute(HISTORY_OFF)
    writer.write("public.student_module_progress", (_columns(row) for row in rows))
    connection.execute(HISTORY_ON)
    edited = [row for row in rows if row.edited_by_staff]
    connection.execute(
        MARK_EDITED,
        ([UUID(row.student) for row in edited], [UUID(row.module.id) for row in edited]),
    )


def _columns(row: WorkRow) -> tuple[Any, ...]:
    state = row.state
    details = state.progress_details
    return (
        row.student,
        row.module.id,
        *state._replace(progress_details=None if details is None else as_json(details)),
    )
