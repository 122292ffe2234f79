"""Filling an empty, migrated database with a benchmark's school, by COPY."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import psycopg

from tests.benchmarks import plan, rows
from tests.benchmarks.plan import Plan

Connection = psycopg.Connection[tuple[Any, ...]]
Say = Callable[[str], None]

TABLES: Final = {
    "auth.users": "id, email",
    "public.organisations": "id, name",
    "public.modules": "id, type, name, sequence, configuration",
    "public.lessons": "id, module_id, title, sequence, has_quiz",
    "school.student": "id, organisation_id, full_name, email",
    "school.staff": "id, organisation_id, full_name, email, role",
    "school.class": "id, organisation_id, name",
    "school.class_student": "class_id, student_id",
    "school.class_module": "class_id, module_id, position",
    "school.class_teacher": "class_id, staff_id",
}
HISTORY_TRIGGER: Final = "alter table public.student_module_progress {} trigger history_of_inserts"
DEMO: Final = "insert into internal.demo_marker default values"
TEACHERS_CLASSES: Final = 4


def load(owner: Connection, wanted: Plan, say: Say) -> None:
    """Fill the database, one transaction an organisation. `owner` must be in autocommit.

    Facts (and whatever else hangs on the table) come by the product's own triggers, one statement an
    organisation. Only the history trigger is off: it would note everything as done now.
    """
    owner.execute("set synchronous_commit = off")
    pieces = rows.Pieces(wanted.modules, _now(owner))
    with owner.transaction():
        _modules(owner, wanted)
        _further(owner, wanted)
        owner.execute(DEMO)
    for number in range(wanted.organisations):
        with owner.transaction():
            _people(owner, wanted, number)
            _progress(owner, wanted, number, pieces)
        say(f"Organisation {number + 1} of {wanted.organisations} …")
    say("Tidying …")
    owner.execute("select internal.settle(1000000000)")
    owner.execute("vacuum (analyze)")


def load_host(owner: Connection, wanted: Plan, say: Say, attach: Callable[[], None]) -> None:
    """The same into a platform's tables, as tests/database/attached/cast_host.sql makes them, and attached."""
    owner.execute("set synchronous_commit = off")
    pieces = rows.Pieces(wanted.modules, _now(owner))
    history: list[str] = []
    _modules(owner, wanted)
    _further(owner, wanted)
    for number in range(wanted.organisations):
        with owner.transaction():
            _people(owner, wanted, number)
            history += _rows(owner, wanted, number, pieces)
    owner.execute("alter schema school rename to sis")
    say("Attaching …")
    attach()
    owner.execute(DEMO)
    _past(owner, history)
    owner.execute("select internal.settle(1000000000)")
    owner.execute("vacuum (analyze)")


def _now(owner: Connection) -> datetime:
    found = owner.execute("select now()").fetchone()
    if found is None or not isinstance(found[0], datetime):
        raise RuntimeError("The database did not say what time it is.")
    return found[0]


def _write(owner: Connection, table: str, values: Iterable[Sequence[Any]]) -> None:
    with owner.cursor() as cursor, cursor.copy(f"copy {table} ({TABLES[table]}) from stdin") as to:
        for row in values:
            to.write_row(row)


def _modules(owner: Connection, wanted: Plan) -> None:
    numbers = range(wanted.modules)
    modules = [
        (plan.module(at), rows.kind(at), f"Module {at + 1}: {rows.kind(at)}", at, None)
        for at in numbers
    ]
    lessons = [
        (plan.lesson(at, sequence), plan.module(at), f"Lesson {sequence + 1}", sequence, True)
        for at in numbers
        for sequence in range(rows.LESSONS)
    ]
    _write(owner, "public.modules", modules)
    _write(owner, "public.lessons", lessons)


def _people(owner: Connection, wanted: Plan, number: int) -> None:
    place = plan.organisation(number)
    count = sum(group.size for group in wanted.groups())
    students = [
        (plan.student(number, within), place, name, f"s{number}.{within}@example.org")
        for within, name in zip(range(count), plan.names(f"names {number}"), strict=False)
    ]
    staff = [
        (plan.teacher(number), place, f"Teacher {number + 1}", f"t{number}@example.org", "teacher"),
        (
            plan.coordinator(number),
            place,
            f"Coordinator {number + 1}",
            f"c{number}@example.org",
            "coordinator",
        ),
    ]
    _write(owner, "auth.users", [(person[0], person[3]) for person in (*students, *staff)])
    _write(owner, "public.organisations", [(place, f"Organisation {number + 1}")])
    _write(owner, "school.student", students)
    _write(owner, "school.staff", staff)
    _classes(owner, wanted, number)


def _further(owner: Connection, wanted: Plan) -> None:
    """Who sees everything, and an organisation in which nothing was done yet."""
    place, class_id = plan.quiet_organisation(), plan.identity("quiet class")
    coordinator = plan.quiet_coordinator()
    staff = [
        (plan.admin(), None, "Administrator", "a@example.org", "admin"),
        (coordinator, place, "Quiet coordinator", "q@example.org", "coordinator"),
    ]
    students = [
        (plan.identity(f"quiet student {one}"), place, name, f"q{one}@example.org")
        for one, name in zip(range(plan.QUIET), plan.names("quiet"), strict=False)
    ]
    _write(owner, "auth.users", [(person[0], person[3]) for person in (*students, *staff)])
    _write(owner, "public.organisations", [(place, "Quiet organisation")])
    _write(owner, "school.student", students)
    _write(owner, "school.staff", staff)
    _write(owner, "school.class", [(class_id, place, "Quiet class")])
    _write(owner, "school.class_student", [(class_id, student[0]) for student in students])
    _write(
        owner,
        "school.class_module",
        [(class_id, plan.module(at), at + 1) for at in range(wanted.modules)],
    )


def _classes(owner: Connection, wanted: Plan, number: int) -> None:
    known = [(plan.class_id(number, group), group) for group in wanted.groups()]
    place, teacher = plan.organisation(number), plan.teacher(number)
    _write(owner, "school.class", [(key, place, group.name) for key, group in known])
    _write(
        owner,
        "school.class_student",
        [(key, plan.student(number, one)) for key, group in known for one in group.students],
    )
    _write(
        owner,
        "school.class_module",
        [(key, plan.module(at), at + 1) for key, group in known for at in range(group.modules)],
    )
    _write(owner, "school.class_teacher", [(key, teacher) for key, _ in known[:TEACHERS_CLASSES]])


def _progress(owner: Connection, wanted: Plan, number: int, pieces: rows.Pieces) -> None:
    owner.execute(HISTORY_TRIGGER.format("disable"))
    history = _rows(owner, wanted, number, pieces)
    owner.execute(HISTORY_TRIGGER.format("enable"))
    _past(owner, history)


def _rows(owner: Connection, wanted: Plan, number: int, pieces: rows.Pieces) -> list[str]:
    """The rows of progress; handed back is what the history is to say of them."""
    history: list[str] = []
    copy = f"copy public.student_module_progress ({rows.PROGRESS_COLUMNS}) from stdin"
    with owner.cursor() as cursor, cursor.copy(copy) as to:
        for row, past in rows.of_organisation(wanted, number, pieces):
            to.write(row)
            if past is not None:
                history.append(past)
    return history


def _past(owner: Connection, history: Iterable[str]) -> None:
    copy = f"copy dashboard.history ({rows.HISTORY_COLUMNS}) from stdin"
    with owner.cursor() as cursor, cursor.copy(copy) as to:
        for past in history:
            to.write(past)
