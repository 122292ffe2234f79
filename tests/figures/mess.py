"""The demo made messy: every kind of odd row in every class, and classes that are odd themselves."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg

ROWS = 900
TOUCHED = 60
EMPTY, BARE, MIXED = (UUID(int=0xF00 + number) for number in range(3))
"""Classes: without students, without modules, with students and modules of two others."""

STATUSES = ("NotStarted", "InProgress", "Completed")
SCORES = (
    None, None, None, "0", "20", "59.96", "60", "66.25", "66.6666666666666667", "99.96", "100", "140",
    "-3", "NaN", "12345.6",
)  # fmt: skip
PERCENTAGES = (None, 0, 1, 40, 99, 100)
POISON = ("infinity", "-infinity", "0044-03-15 BC", "12026-01-01")
DETAILS: tuple[Any, ...] = (
    None,
    {},
    {"score": 44},
    {"score": "59.99"},
    {"score_percentage": "91.5", "score": 3, "submitted_at": "2026-02-03T10:00Z"},
    {"score_percentage": "n/a", "score": 64.25},
    {"score": True},
    {"score": 10**300},
    {"lesson_quiz_results": {"a": {"attempts": 3, "passed": False}, "b": 5}},
    {
        "lesson_quiz_results": {
            "a": {"attempts": 2, "passed": False},
            "b": {"attempts": "5", "passed": False},
        }
    },
    {
        "correct_answers": 7,
        "total_questions": 8,
        "time_spent_seconds": 300,
        "answers": {"q1": "a", "q2": ""},
    },
    [1],
    "text",
)


Cursor = psycopg.Cursor[tuple[Any, ...]]

WRITE = """
insert into public.student_module_progress (
    student_id, module_id, status, score, progress_percentage, completed_at, last_updated, progress_details
)
values (%s, %s, %s, %s, %s, %s, %s, %s)
on conflict (student_id, module_id) do update set
    status = excluded.status,
    score = excluded.score,
    progress_percentage = excluded.progress_percentage,
    completed_at = excluded.completed_at,
    last_updated = excluded.last_updated,
    progress_details = excluded.progress_details
"""


def plant(owner_url: str, seed: int) -> None:
    """Overwrite, delete and add rows, the same for one seed."""
    rng = random.Random(seed)
    with psycopg.connect(owner_url, autocommit=True) as connection, connection.cursor() as cursor:
        students, modules = _roster(cursor, "class_student"), _roster(cursor, "class_module")
        _odd_classes(cursor, students, modules)
        cells = sorted({(s, m) for one in students for s in students[one] for m in modules[one]})
        chosen = rng.sample(cells, ROWS + ROWS // 5)
        some = sorted({student for those in students.values() for student in those})[::40]
        strangers = [(student, rng.choice(cells)[1]) for student in some]
        written = {key: _row(rng, *key) for key in [*chosen[:ROWS], *strangers]}
        cursor.executemany(WRITE.encode(), list(written.values()))
        cursor.executemany(
            b"delete from public.student_module_progress where student_id = %s and module_id = %s",
            chosen[ROWS:],
        )
        staff = cursor.execute("select id from school.staff order by id limit 1").fetchall()[0][0]
        for student, module in rng.sample(chosen[:ROWS], TOUCHED):
            _touch(connection, student, (student, module), rng.randrange(100))
        for key in rng.sample(chosen[:ROWS], TOUCHED):
            _touch(connection, staff, key, rng.randrange(100))


def _touch(
    connection: psycopg.Connection[tuple[Any, ...]], author: UUID, key: tuple[UUID, UUID], to: int
) -> None:
    """A change that this person makes on the platform."""
    with connection.transaction():
        connection.execute(
            "select set_config('request.jwt.claims', %s, true)", (json.dumps({"sub": str(author)}),)
        )
        connection.execute(
            "update public.student_module_progress set progress_percentage = %s "
            "where student_id = %s and module_id = %s",
            (to, *key),
        )


def _roster(cursor: Cursor, table: str) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = {}
    for row in cursor.execute(f"select * from school.{table} order by 1, 2".encode()).fetchall():
        found.setdefault(row[0], []).append(row[1])
    return found


def _odd_classes(
    cursor: Cursor, students: dict[UUID, list[UUID]], modules: dict[UUID, list[UUID]]
) -> None:
    one, other = sorted(students)[:2]
    mixed = [*students[one][:6], *students[other][:6]]
    learns = list(dict.fromkeys([*modules[one][:4], *modules[other][:4]]))
    cursor.executemany(
        "insert into school.class (id, organisation_id, name) "
        "select %s, organisation_id, %s from school.class where id = %s",
        [(EMPTY, "Empty", one), (BARE, "Bare", one), (MIXED, "Mixed <b>", one)],
    )
    cursor.executemany(
        "insert into school.class_student (class_id, student_id) values (%s, %s)",
        [*((MIXED, each) for each in dict.fromkeys(mixed)), *((BARE, each) for each in mixed[:3])],
    )
    cursor.executemany(
        "insert into school.class_module (class_id, module_id, position) values (%s, %s, %s)",
        [(to, each, place) for to in (EMPTY, MIXED) for place, each in enumerate(learns)],
    )


def _row(rng: random.Random, student: UUID, module: UUID) -> tuple[Any, ...]:
    now = datetime.now(UTC)
    some = now - timedelta(days=rng.uniform(0, 200))
    score, details = rng.choice(SCORES), rng.choice(DETAILS)
    return (
        student,
        module,
        rng.choice(STATUSES),
        None if score is None else Decimal(score),
        rng.choice(PERCENTAGES),
        rng.choice((None, now - timedelta(days=3), some, some, *POISON)),
        rng.choice((some, some, some, some, *POISON)),
        None if details is None else json.dumps(details),
    )
