"""Days of a messy school: what the platform, students and staff write, and how the roster moves meanwhile."""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from data.rules.progress import Field, Status, Values
from tests.database.attention import messy_school as cast
from tests.database.attention.changes import LESSONS, change, finished, stamp, touched, worked
from tests.database.attention.pen import Pen
from tests.database.attention.record import Key
from tests.database.attention.row import Row

STUCK: Final = {"lesson_quiz_results": {LESSONS[0]: {"attempts": 5, "passed": False}}}
WISHES: Final[tuple[Values, ...]] = (
    {Field.STATUS: Status.IN_PROGRESS},
    {Field.STATUS: Status.NOT_STARTED},
    {Field.STATUS: Status.COMPLETED},
    {Field.PERCENTAGE: 90},
    {Field.PERCENTAGE: 5},
    {Field.SCORE: Decimal(12)},
    {Field.SCORE: None},
)


def before_all(pen: Pen, rng: random.Random, start: datetime) -> None:
    """Six weeks in which the school came to be as it is: many did much, some little, a few nothing."""
    diligence = {one: rng.choice([0, 0.1, 0.6, 0.9, 0.9]) for one in pen.school.students}
    for days in (42, 35, 30, 22, 18, 9, 2):
        pen.clock.set(start - timedelta(days=days))
        rows: dict[Key, Row] = {}
        for student, part in diligence.items():
            if student.int in cast.NEVER_BEGIN:
                continue
            for module in cast.MODULES:
                if rng.random() < part / 5:
                    row = _row(pen, (student, module)) or Row(last_updated=stamp(rng, pen.now))
                    made = rng.choices([finished, worked, None], [7, 2, 1])[0]
                    rows[student, module] = (
                        made(rng, row, pen.now) if made else change(rng, row, pen.now)
                    )
        pen.put(None, rows, at_once=days == 9)
    odd = Row("NotStarted", 100, Decimal(140), STUCK, pen.now)
    silent = [UUID(int=one) for one in cast.NEVER_BEGIN]
    pen.put(cast.CORA, {(one, cast.MODULES[7]): odd for one in silent})


def some_hours(pen: Pen, rng: random.Random, writes: int) -> None:
    """So many rows change, one by one or many in a statement."""
    left = writes
    while left > 0:
        left -= rng.choices([_by_one, _by_the_platform, _by_staff, _saved, _deleted, _moved],
                            [50, 12, 6, 10, 5, 3])[0](pen, rng)  # fmt: skip


def _row(pen: Pen, key: Key) -> Row | None:
    return pen.school.record.of(*key).row


def _student(pen: Pen, rng: random.Random) -> UUID:
    while True:
        found = rng.choice(list(pen.school.students))
        if found.int not in cast.NEVER_BEGIN:
            return found


def _key(pen: Pen, rng: random.Random, *, there: bool = False) -> Key:
    """One of a student's modules; often one that is begun, as people go on with what they have."""
    while True:
        student = _student(pen, rng)
        mine = [(student, one) for one in cast.MODULES if _row(pen, (student, one))]
        if mine and (there or rng.random() < 0.7):
            return rng.choice(mine)
        if not there:
            return student, rng.choice(cast.MODULES)


def _changed(pen: Pen, rng: random.Random, key: Key) -> Row:
    return change(rng, _row(pen, key), pen.now)


def _by_one(pen: Pen, rng: random.Random) -> int:
    """A student, or the platform in one row."""
    key = _key(pen, rng)
    author = rng.choice([key[0], key[0], None])
    pen.put(author, {key: _changed(pen, rng, key)}, at_once=rng.random() < 0.4)
    return 1


def _by_the_platform(pen: Pen, rng: random.Random) -> int:
    """Many rows in one statement, and some only touched."""
    keys = {_key(pen, rng) for _ in range(rng.randint(2, 12))}
    rows = {key: _changed(pen, rng, key) for key in keys}
    if rng.random() < 0.3:
        there = {key: row for key in keys if (row := _row(pen, key))}
        rows = {key: touched(rng, row, pen.now) for key, row in there.items()}
    pen.put(None, rows, at_once=rng.random() < 0.3)
    return len(rows)


def _by_staff(pen: Pen, rng: random.Random) -> int:
    """Past the app: another's claims."""
    keys = {_key(pen, rng) for _ in range(rng.randint(1, 4))}
    pen.put(cast.CORA, {key: _changed(pen, rng, key) for key in keys})
    return len(keys)


def _saved(pen: Pen, rng: random.Random) -> int:
    """Through the app, one row or several; who sees what no calendar knows leaves it alone."""
    students = pen.school.students
    keys = {_key(pen, rng) for _ in range(rng.choice([1, 1, 5]))}
    wishes = {
        key: rng.choice(WISHES)
        for key in keys
        if students[key[0]].organisation == cast.NORTH
        and key[0] != cast.CORA
        and is_sane(_row(pen, key))
    }
    return pen.save(cast.CORA, wishes, rng.choice(["form", "grid", "file"])) if wishes else 1


def is_sane(row: Row | None) -> bool:
    """Can the app's form show it and put it back?"""
    return row is None or (
        not isinstance(row.completed_at, str)
        and not isinstance(row.last_updated, str)
        and row.status != "Paused"
        and not (row.score is not None and row.score.is_nan())
    )


def _deleted(pen: Pen, rng: random.Random) -> int:
    key = _key(pen, rng, there=True)
    pen.delete(rng.choice([None, key[0], cast.CORA]), [key])
    return 1


def _moved(pen: Pen, rng: random.Random) -> int:
    key = _key(pen, rng, there=True)
    free = [one for one in cast.MODULES if _row(pen, (key[0], one)) is None]
    if free:
        pen.move(rng.choice([None, key[0], cast.CORA]), key, rng.choice(free))
    return 1
