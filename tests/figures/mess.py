"""The demo made messy: every kind of odd row in every class, and classes that are odd themselves."""

import json
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg

from tests.figures import clocks

ROWS = 900
TOUCHED = 60
EMPTY, BARE, MIXED, CLOCKS = (UUID(int=0xF00 + number) for number in range(4))
"""Classes: without students, without modules, with students and modules of two others; one whose students each
did their only module near a change of the clocks."""

STATUSES = ("NotStarted", "InProgress", "Completed", "Paused")
"""The last is one of a platform's own."""
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
    {"score": -1},
    {
        "answers": {"q1": ["a"], "q2": None, "q3": "b"},
        "correct_answers": 1,
        "total_questions": 200,
        "started_at": "2026-02-03T10:00Z",
        "submitted_at": "2026-02-03T11:30:30Z",
    },
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
        cursor.execute("alter type public.progress_status add value 'Paused'")
        students, modules = _roster(cursor, "class_student"), _roster(cursor, "class_module")
        _odd_modules(cursor, sorted({module for those in modules.values() for module in those}))
        _odd_classes(cursor, students, modules)
        cells = sorted({(s, m) for one in students for s in students[one] for m in modules[one]})
        chosen = rng.sample(cells, ROWS + ROWS // 5)
        some = sorted({student for those in students.values() for student in those})[::40]
        strangers = [(student, rng.choice(cells)[1]) for student in some]
        lessons = _lessons(cursor)
        written = {
            key: _row(rng, *key, lessons.get(key[1], [])) for key in [*chosen[:ROWS], *strangers]
        }
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
        cursor.executemany(
            "insert into dashboard.lock (student_id, module_id, fields, locked_values, author_id, reason) "
            "values (%s, %s, '{score}', '{\"score\": null}', %s, 'Agreed')",
            [(*key, staff) for key in rng.sample(chosen[:ROWS], 5)],
        )
        _clocks(cursor, students, modules)


def _clocks(
    cursor: Cursor, students: dict[UUID, list[UUID]], modules: dict[UUID, list[UUID]]
) -> None:
    some = next(iter(modules))
    learns = modules[some][0]
    everybody = sorted({student for those in students.values() for student in those})
    done = list(zip(everybody, clocks.moments(), strict=False))
    cursor.execute(
        "insert into school.class (id, organisation_id, name) "
        "select %s, organisation_id, 'Clocks' from school.class where id = %s",
        (CLOCKS, some),
    )
    cursor.executemany(
        "insert into school.class_student (class_id, student_id) values (%s, %s)",
        [(CLOCKS, student) for student, _ in done],
    )
    cursor.execute("insert into school.class_module values (%s, %s, 0)", (CLOCKS, learns))
    cursor.executemany(
        WRITE.encode(),
        [
            (
                student,
                learns,
                "Completed",
                None,
                100,
                at,
                at,
                json.dumps({"submitted_at": at.isoformat()}),
            )
            for student, (_, at) in done
        ],
    )


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


def _lessons(cursor: Cursor) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for module, lesson in cursor.execute(
        "select module_id, id from public.lessons order by module_id, sequence"
    ).fetchall():
        found.setdefault(module, []).append(str(lesson))
    return found


def _odd_modules(cursor: Cursor, modules: list[UUID]) -> None:
    marks = [
        {"pass_threshold": "59.5"}, {"passThreshold": 140, "passing_threshold": 70}, {"pass_threshold": True},
        {"passingThreshold": 0}, {"pass_threshold": 100}, [60],
    ]  # fmt: skip
    cursor.executemany(
        "update public.modules set configuration = %s where id = %s",
        [(json.dumps(mark), module) for mark, module in zip(marks, modules[::3], strict=False)],
    )
    cursor.execute("update public.modules set type = ' ASSESSMENT ' where id = %s", modules[1:2])
    cursor.execute("update public.modules set type = 'Expert session' where id = %s", modules[4:5])


def _odd_classes(
    cursor: Cursor, students: dict[UUID, list[UUID]], modules: dict[UUID, list[UUID]]
) -> None:
    one, other = sorted(students)[:2]
    mixed = [*students[one][:6], *students[other][:6]]
    learns = list(dict.fromkeys([*modules[one][:12], *modules[other][:12]]))
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


def _course(rng: random.Random, lessons: list[str]) -> dict[str, Any]:
    """A course as far as somebody came in it, in every spelling."""
    some = rng.sample(lessons, rng.randint(0, len(lessons)))
    results: list[Any] = [None, {}, 7] + [
        {"attempts": attempts, "passed": passed}
        for attempts in (0, 1, 3, "4", None)
        for passed in (True, False, "failed", None)
    ]
    tries = [
        [],
        [{"pass_fail_status": "failed"}, {"pass_fail_status": "passed"}],
        [{}],
        ["junk"],
        "junk",
    ]
    return {
        "completed_lesson_ids": rng.choice([some[:3], [*some[:1], None, "x"], "all of them"]),
        "fully_watched_video_ids": some[2:4],
        "video_playback_positions": {lesson: rng.choice([-1, 40, "1:30"]) for lesson in some[3:5]},
        "last_viewed_lesson_sequence": rng.choice([None, 1, "2", "three", 99]),
        "last_completed_lesson_id": rng.choice([None, 12, *some[:1]]),
        "lesson_quiz_results": {lesson: rng.choice(results) for lesson in some[::2]},
        "lesson_quiz_attempts": {lesson: rng.choice(tries) for lesson in some[1::3]},
    }


def _row(rng: random.Random, student: UUID, module: UUID, lessons: list[str]) -> tuple[Any, ...]:
    now = datetime.now(UTC)
    some = now - timedelta(days=rng.uniform(0, 200))
    score, details = rng.choice(SCORES), rng.choice(DETAILS)
    if lessons and rng.random() < 0.5:
        details = _course(rng, lessons)
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
