"""A class at a time to try a rule on: what was written how long ago, and what is told of a student."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import text

from data.access.session import Actor, acting_as
from tests.database.attention.clock import START
from tests.database.attention.oracle import Class, Staff, Student
from tests.database.attention.pen import Pen
from tests.database.attention.row import Row

NORTH, SOUTH, ADMIN, CORA = (UUID(int=number) for number in (101, 102, 300, 301))
MODULES: Final = [UUID(int=200 + number) for number in range(12)]
OUTSIDE: Final = UUID(int=299)
"""A module that no class has."""

OTHER: Final = -1
"""Its number among a line's modules."""

MARK: Final = 60
JUST: Final = timedelta(microseconds=1)

Ago = timedelta | int
"""Before the moment at which it is asked; a number is of days."""


def ago(how_long: Ago) -> datetime:
    return START - (how_long if isinstance(how_long, timedelta) else timedelta(days=how_long))


@dataclass(frozen=True)
class Line:
    """Something that was written: how long ago, by whom, about which module (or none: deleted), and what."""

    when: Ago
    who: str
    row: Row | None
    module: int = 0


@dataclass(frozen=True)
class Told:
    """What a rule tells; a number of days is how long ago."""

    modules: int | None = None
    since: Ago | None = None
    figure: int | None = None
    beside: int | None = None


@dataclass(frozen=True)
class Case:
    """What was written of a student, and what is told of them.

    `others` are the rest of the class: how many modules each completed; None has not begun. `by` is what the
    class chose, `off` the days off: from so many days ago to so many.
    """

    name: str
    lines: Sequence[Line] = ()
    flags: dict[str, Told] = field(default_factory=dict)
    others: Sequence[int | None] = (0,)
    by: dict[str, int] = field(default_factory=dict)
    off: Sequence[tuple[int, int]] = ()


def furnish(pen: Pen) -> None:
    """What all classes share."""
    pen.school.staff = {ADMIN: Staff("admin", None), CORA: Staff("coordinator", NORTH)}
    pen.school.modules = dict.fromkeys([*MODULES, OUTSIDE], Decimal(MARK))
    for statement in (
        "alter type public.progress_status add value 'Paused'",
        f"insert into auth.users (id) values ('{ADMIN}'), ('{CORA}')",
        f"insert into public.organisations (id, name) values ('{NORTH}', 'North'), ('{SOUTH}', 'South')",
        f"insert into school.staff (id, full_name, email, role) values ('{ADMIN}', 'A', 'a@a.org', 'admin')",
        "insert into school.staff (id, organisation_id, full_name, email, role) "
        f"values ('{CORA}', '{NORTH}', 'C', 'c@a.org', 'coordinator')",
    ):
        pen.connection.execute(statement.encode())
    with pen.connection.cursor() as cursor:
        cursor.executemany(
            "insert into public.modules (id, name, type) values (%s, 'Module', 'course')",
            [(one,) for one in pen.school.modules],
        )


def form_class(pen: Pen, students: int) -> UUID:
    """A class of the North with so many students and all modules but one."""
    class_id, members = uuid4(), [uuid4() for _ in range(students)]
    pen.school.classes[class_id] = Class(NORTH, set(members), list(MODULES))
    pen.school.students |= {one: Student(NORTH) for one in members}
    with pen.connection.cursor() as cursor:
        cursor.execute(
            "insert into school.class (id, organisation_id, name) values (%s, %s, %s)",
            (class_id, NORTH, str(class_id)),
        )
        for statement in (
            "insert into auth.users (id) values (%(student)s)",
            "insert into school.student (id, organisation_id, full_name) "
            "values (%(student)s, %(north)s, 'S')",
            "insert into school.class_student (class_id, student_id) values (%(class)s, %(student)s)",
        ):
            cursor.executemany(
                statement.encode(),
                [{"student": one, "north": NORTH, "class": class_id} for one in members],
            )
        cursor.executemany(
            "insert into school.class_module (class_id, module_id, position) values (%s, %s, %s)",
            [(class_id, one, place) for place, one in enumerate(MODULES)],
        )
    return class_id


def play(pen: Pen, case: Case) -> tuple[UUID, UUID]:
    """A class in which this was written; returns it and the student whom it is about."""
    class_id = form_class(pen, 1 + len(case.others))
    student, *others = sorted(pen.school.classes[class_id].students)
    for figure, value in case.by.items():
        pen.choose(ADMIN, class_id, figure, value)
    pen.have_off(ADMIN, NORTH, [(ago(one).date(), ago(other).date()) for one, other in case.off])
    pen.clock.set(START)
    for other, completed in zip(others, case.others, strict=True):
        if completed is not None:
            rows = dict.fromkeys(MODULES[:completed], done()) | {MODULES[-1]: begun()}
            pen.put(other, {(other, one): stamped(pen, row) for one, row in rows.items()})
    for line in case.lines:
        # What was before is settled: what the line changes has to be noted.
        pen.connection.execute("select internal.settle(1000)")
        pen.clock.set(ago(line.when))
        write(pen, student, line)
    return class_id, student


def write(pen: Pen, student: UUID, line: Line) -> None:
    key = student, (OUTSIDE if line.module < 0 else MODULES[line.module])
    author = {"student": student, "platform": None, "staff": CORA}[line.who]
    if line.row is None:
        pen.delete(author, [key])
    else:
        pen.put(author, {key: stamped(pen, line.row)})


def stamped(pen: Pen, row: Row) -> Row:
    """Updated now, if nothing else is said."""
    return row if row.last_updated else replace(row, last_updated=pen.now)


def asked(pen: Pen, person: UUID, class_id: UUID, student: UUID) -> dict[str, Told]:
    """What the database tells now of a student of a class."""
    pen.clock.set(START)
    actor = Actor(person, "", "", database=pen.clock.scratch.database)
    with acting_as(actor) as connection:
        rows = connection.execute(
            text("select * from dashboard.flags(array[cast(:class as uuid)], :moment)"),
            {"class": class_id, "moment": START},
        ).all()
    return {row.rule: told(row) for row in rows if row.student_id == student}


def is_sure(pen: Pen, class_id: UUID) -> bool:
    """Does it hold now?"""
    asked = "select cardinality(internal.sure_classes(array[%s], now(), true)) > 0"
    return pen.connection.execute(asked, (class_id,)).fetchone() == (True,)


def counted(pen: Pen, class_id: UUID) -> dict[str, int]:
    """How many of a class are flagged now, by rule, as the overview says."""
    with acting_as(Actor(ADMIN, "", "", database=pen.clock.scratch.database)) as connection:
        found: dict[str, int] = connection.scalar(
            text("select by_rule from dashboard.class_count where class_id = :class"),
            {"class": class_id},
        )
    return found


def flagged(pen: Pen, class_id: UUID) -> dict[str, int]:
    """The same, flag by flag."""
    with acting_as(Actor(ADMIN, "", "", database=pen.clock.scratch.database)) as connection:
        rows = connection.execute(
            text("select rule from dashboard.flags(array[cast(:class as uuid)], now())"),
            {"class": class_id},
        )
        return dict(Counter(row.rule for row in rows))


def told(row: Any) -> Told:
    since = START - row.since if row.since else None
    return Told(row.modules, since, row.figure, row.beside)


def begun(percentage: int | None = 10, **other: Any) -> Row:
    """In progress; updated when it is written, if nothing else is said."""
    return Row("InProgress", percentage, **other)


def done(**other: Any) -> Row:
    return Row("Completed", 100, **other)


def student(when: Ago, row: Row | None, module: int = 0) -> Line:
    return Line(when, "student", row, module)


def platform(when: Ago, row: Row | None, module: int = 0) -> Line:
    return Line(when, "platform", row, module)


def staff(when: Ago, row: Row | None, module: int = 0) -> Line:
    return Line(when, "staff", row, module)
