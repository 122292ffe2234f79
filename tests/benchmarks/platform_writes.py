"""A platform that writes what the demo's students do: places in videos, quizzes, lessons and modules done."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

import psycopg

from data.demo.details import Paper, QuizTries, assessment, course, project
from data.demo.modules import CLASSES, DemoModule

STUDENTS: Final = 1_000
"""So few that each has as many entries as in a month of a real school: indexes are filled as they are there."""
CLASS: Final = 28
A_DAY: Final = 1_000_000
SCHOOL_DAY: Final = timedelta(hours=8)
WRITES_IN_A_ROW: Final = 40
"""Of whoever works, before others do."""
POSITIONS: Final = 8
"""How often a lesson's video tells where it is."""
MODULES: Final = [one for one in CLASSES[-1].modules if one.kind != "expert session"]
Connection = psycopg.Connection[Any]

SCHOOL: Final = (
    "insert into public.organisations (id, name) values (gen_random_uuid(), 'Organisation')",
    "insert into auth.users (id) select gen_random_uuid() from generate_series(1, {students})",
    "insert into school.student (id, organisation_id, full_name) "
    "select users.id, organisations.id, 'Student' from auth.users, public.organisations",
    "insert into school.class (id, organisation_id, name) "
    "select gen_random_uuid(), id, 'Class ' || number "
    "from public.organisations, generate_series(0, {students} / {class}) as number",
    "insert into school.class_student (class_id, student_id) select class.id, student.id "
    "from (select id, row_number() over () as number from school.student) as student "
    "join school.class on class.name = 'Class ' || student.number / {class}",
    "insert into school.class_module (class_id, module_id, position) "
    "select class.id, modules.id, modules.sequence from school.class, public.modules",
)
WRITE: Final = """
insert into public.student_module_progress as progress
    (student_id, module_id, status, score, progress_details, last_updated, completed_at, progress_percentage)
values (%s, %s, %s, %s, %s, now(), case when %s then now() end, %s)
on conflict (student_id, module_id) do update set
    status = excluded.status,
    score = excluded.score,
    progress_details = excluded.progress_details,
    last_updated = excluded.last_updated,
    completed_at = coalesce(progress.completed_at, excluded.completed_at),
    progress_percentage = excluded.progress_percentage
"""
AS_STUDENT: Final = "select set_config('request.jwt.claims', %s, true)"


@dataclass(frozen=True)
class Written:
    """A row after a write; `is_end`: it is completed by it."""

    module: str
    status: str
    score: Any
    details: Any
    is_end: bool
    percentage: int | None

    def bound(self, student: Any) -> tuple[Any, ...]:
        details = None if self.details is None else json.dumps(self.details)
        return (
            student,
            self.module,
            self.status,
            self.score,
            details,
            self.is_end,
            self.percentage,
        )


def work(rng: Random) -> Iterator[Written]:
    """What is written of one student, from a module and a lesson on, without end."""
    first = rng.randrange(len(MODULES))
    while True:
        for module in MODULES[first:]:
            yield from _course(module, rng) if module.kind == "course" else _other(module, rng)
        first = 0


def _course(module: DemoModule, rng: Random) -> Iterator[Written]:
    quizzes: dict[str, QuizTries] = {}
    count = len(module.lessons)
    for done, lesson in enumerate(module.lessons):
        for position in range(POSITIONS):
            details = course(
                module.lessons, done, module.shape, quizzes, 15 * position + rng.randrange(15)
            )
            yield Written(module.id, "InProgress", None, details, False, 100 * done // count)
        attempts = rng.choice((0, 1, 1, 2)) if lesson.has_quiz else 0
        for attempt in range(1, attempts + 1):
            right = rng.randint(2, 5)
            at = datetime.now(UTC).isoformat(timespec="seconds")
            quizzes[lesson.id] = QuizTries(
                attempt, right, right, right > 2, rng.randint(60, 400), at
            )
            details = course(module.lessons, done + 1, module.shape, quizzes, 120)
            yield Written(module.id, "InProgress", None, details, False, 100 * done // count)
        details = course(module.lessons, done + 1, module.shape, quizzes, 0)
        is_end = done + 1 == count
        status = "Completed" if is_end else "InProgress"
        yield Written(module.id, status, None, details, is_end, 100 * (done + 1) // count)


def _other(module: DemoModule, rng: Random) -> Iterator[Written]:
    yield Written(module.id, "InProgress", None, None, False, 0)
    now = datetime.now(UTC)
    began, ended = (at.isoformat(timespec="seconds") for at in (now - timedelta(hours=1), now))
    if module.kind == "project":
        details = project(module.name, 70, "0f2b", ended[:10])
        yield Written(module.id, "Completed", 70, details, True, 100)
        return
    paper = Paper(10, rng.randint(4, 10), began, ended, 3000)
    details = assessment(paper, module.shape, rng)
    yield Written(module.id, "Completed", paper.score, details, True, 100)


class Platform:
    """Writers of the students' work: every other student's writes are their own, the rest the platform's."""

    def __init__(self, owner_url: str, students: list[Any]) -> None:
        self._url = owner_url
        self._work = [
            (one, number % 2, work(Random(number))) for number, one in enumerate(students)
        ]
        self.is_over = threading.Event()

    def begin(self) -> None:
        """Each is somewhere in a module, of which nothing is counted."""
        rng = Random("begin")
        for _student, _is_own, written in self._work:
            for _ in range(rng.randrange(40)):
                next(written)
        self._write(self._work)

    def _write(self, students: list[tuple[Any, int, Iterator[Written]]], each: float = 0) -> int:
        """One write of every student; `each`: seconds from one to the next."""
        done, began = 0, time.monotonic()
        with psycopg.connect(self._url) as connection:
            connection.execute("set synchronous_commit = off")
            for student, is_own, written in students:
                if self.is_over.is_set():
                    break
                if is_own:
                    connection.execute(AS_STUDENT, (json.dumps({"sub": str(student)}),))
                connection.execute(WRITE, next(written).bound(student))
                connection.commit()
                done += 1
                self.is_over.wait(max(0, began + done * each - time.monotonic()))
        return done

    def run(self, share: int, of: int, seed: int, between: float) -> int:
        """Until it is over, the students of a share; how many writes there were. So many work at once that a
        million writes take a school day if each of them writes every so many seconds (`between`); at 0 it is as
        fast as it can be, with a few writes of each in a row."""
        rng, mine, done = Random(seed), self._work[share::of], 0
        while not self.is_over.is_set():
            if not between:
                done += self._write([one for one in rng.choices(mine, k=200) for _ in range(5)])
                continue
            working = rng.sample(mine, round(A_DAY * between / SCHOOL_DAY.total_seconds() / of))
            for _ in range(WRITES_IN_A_ROW):
                done += self._write(working, between / len(working))
        return done


def fill(owner: Connection) -> list[Any]:
    """A school in which nothing was done; its students' ids."""
    with owner.transaction():
        for number, module in enumerate(MODULES, 1):
            owner.execute(
                "insert into public.modules (id, type, name, sequence) values (%s, %s, %s, %s)",
                (module.id, module.written_type, module.name, number),
            )
        for statement in SCHOOL:
            owner.execute(statement.format(**{"students": STUDENTS, "class": CLASS}).encode())
    return [one for (one,) in owner.execute("select id from school.student order by id")]
