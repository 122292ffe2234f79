"""How the roster of a messy school moves: who joins and leaves, what a class has, who is switched off."""

import random
from datetime import timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from psycopg.types.json import Jsonb

from data.rules.attention_figures import FIGURES
from tests.database.attention import messy_school as cast
from tests.database.attention.oracle import Class
from tests.database.attention.pen import Pen


def _class(pen: Pen, rng: random.Random) -> tuple[UUID, Class]:
    return rng.choice([one for one in pen.school.classes.items() if one[0].int >= 500])


def _student(pen: Pen, rng: random.Random) -> UUID:
    return rng.choice([one for one in pen.school.students if one.int not in cast.NEVER_BEGIN])


def joins_or_leaves(pen: Pen, rng: random.Random) -> None:
    """A student comes into a class; whoever is there leaves it."""
    (class_id, class_), student = _class(pen, rng), _student(pen, rng)
    if rng.random() < 0.4 and class_.students:
        student = rng.choice(sorted(class_.students))
    statement = (
        "delete from school.class_student where class_id = %s and student_id = %s"
        if student in class_.students
        else "insert into school.class_student (class_id, student_id) values (%s, %s)"
    )
    class_.students ^= {student}
    pen.connection.execute(statement.encode(), (class_id, student))


def is_switched(pen: Pen, rng: random.Random) -> None:
    """Off, or on again: a student."""
    student = _student(pen, rng)
    known = pen.school.students[student]
    known.is_active = not known.is_active
    pen.connection.execute(
        "update school.student set is_active = %s where id = %s", (known.is_active, student)
    )


def is_staff(pen: Pen, rng: random.Random) -> None:
    """Off, or on again: one of the staff who learn too, or who only look."""
    person = rng.choice([*cast.LEARNERS, cast.DORA, cast.VIEWER])
    known = pen.school.staff[person]
    known.is_active = not known.is_active
    pen.connection.execute(
        "update school.staff set is_active = %s where id = %s", (known.is_active, person)
    )


def is_given(pen: Pen, rng: random.Random) -> None:
    """A module more for a class, or one less."""
    class_id, class_ = _class(pen, rng)
    module = rng.choice(cast.MODULES)
    if module in class_.modules:
        class_.modules.remove(module)
        statement = "delete from school.class_module where class_id = %s and module_id = %s"
    else:
        class_.modules.append(module)
        statement = (
            "insert into school.class_module (class_id, module_id, position) values (%s, %s, 99)"
        )
    pen.connection.execute(statement.encode(), (class_id, module))


def is_archived(pen: Pen, rng: random.Random) -> None:
    """Out of the way, or back again: a class."""
    class_id, class_ = _class(pen, rng)
    class_.is_archived = not class_.is_archived
    pen.connection.execute(
        "update school.class set archived_at = %s where id = %s",
        (pen.now if class_.is_archived else None, class_id),
    )


def is_passed_by(pen: Pen, rng: random.Random) -> None:
    """Another pass mark for a module."""
    module, mark = rng.choice(cast.MODULES), rng.choice([0, 40, 60, 75, 100])
    pen.school.modules[module] = Decimal(mark)
    pen.connection.execute(
        "update public.modules set configuration = %s where id = %s",
        (Jsonb({"passThreshold": mark}), module),
    )


def chooses(pen: Pen, rng: random.Random) -> None:
    """Figures of an organisation or of a class; now and then one is taken back."""
    of = rng.choice([*cast.ORGANISATIONS, *pen.school.classes])
    for _ in range(rng.randint(1, 4)):
        figure = rng.choice(FIGURES)
        value = rng.choice(
            [None, figure.lowest, figure.highest, rng.randint(figure.lowest, figure.highest)]
        )
        if not figure.label:
            value = rng.choice([None, 1, 1, 0])  # most rules stay on
        elif figure.highest > 20:
            value = rng.choice([None, rng.randint(figure.lowest, min(20, figure.highest))])
        pen.choose(cast.ADMIN, of, figure.key, value)


def has_off(pen: Pen, rng: random.Random) -> None:
    """Days before today, around it and to come, over one another."""
    organisation = rng.choice(cast.ORGANISATIONS)
    days = []
    for _ in range(rng.randint(0, 3)):
        first = pen.now.date() + timedelta(days=rng.randint(-15, 3))
        days.append((first, first + timedelta(days=rng.randint(0, 5))))
    pen.have_off(cast.ADMIN, organisation, days)


MOVES: Final = (
    *(joins_or_leaves, joins_or_leaves, joins_or_leaves, is_switched, is_staff),
    *(is_given, is_archived, is_passed_by, chooses, chooses, has_off),
)


def some_moves(pen: Pen, rng: random.Random) -> None:
    for move in rng.choices(MOVES, k=3):
        move(pen, rng)
