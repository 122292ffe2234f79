"""The platform, students and staff writing whatever they like, several at once."""

import json
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from uuid import UUID

import psycopg

from tests import people
from tests.clusters import Scratch
from tests.people import ANN, BEN, CLEO

KEYS: Final = [
    (student, module)
    for student in (ANN, BEN, CLEO)
    for module in (people.COURSE, people.ASSESSMENT, people.PROJECT, people.UNUSED)
]

CHANGES: Final = (
    "status = 'Completed', completed_at = now()",
    "status = 'InProgress', completed_at = null",
    "status = 'NotStarted'",
    "score = round((random() * 100)::numeric, 2), last_updated = clock_timestamp()",
    "score = null",
    "score = 'NaN'",
    "progress_percentage = (random() * 100)::integer",
    "completed_at = 'infinity'",
    "last_updated = '0044-03-15 BC'",
    "last_updated = clock_timestamp()",
    "progress_details = coalesce(progress_details, '{}') || jsonb_build_object('a', random(), 'score', 7)",
    "progress_details = coalesce(progress_details, '{}') "
    "|| jsonb_build_object('b', jsonb_build_object('deep', jsonb_build_array(1, null, random()), 'c', 7))",
    "progress_details = progress_details - 'a'",
    "progress_details = progress_details - 'b' - 'score'",
    "progress_details = '[1, 2]'",
    "progress_details = '\"text\"'",
    "progress_details = null",
    "progress_details = '{}'",
    "status = status",
)
KEY: Final = " where student_id = %(student)s and module_id = %(module)s"
SOME: Final = " where student_id = %(student)s"


def statement(rng: random.Random) -> str:
    """One write; where it names a key twice it may fail, as those of a platform do."""
    change = rng.choice(CHANGES)
    update = f"update public.student_module_progress set {change}"
    insert = (
        "insert into public.student_module_progress (student_id, module_id, status, score) "
        "values (%(student)s, %(module)s, 'InProgress', 5)"
    )
    return rng.choices(
        [
            update + KEY,
            update + SOME,
            insert,
            insert + f" on conflict (student_id, module_id) do update set {change}".replace(
                "coalesce(progress_details", "coalesce(student_module_progress.progress_details"
            ).replace("= progress_details", "= student_module_progress.progress_details").replace(
                "= status", "= student_module_progress.status"
            ),
            "delete from public.student_module_progress" + KEY,
            "update public.student_module_progress set module_id = %(other)s" + KEY,
        ],
        [8, 2, 3, 3, 2, 3],
    )[0]  # fmt: skip


def write(school: Scratch, writes: int, seed: int) -> int:
    """As the platform, the student or staff; returns how many writes went through."""
    rng = random.Random(seed)
    done = 0
    with school.owner() as connection:
        for _ in range(writes):
            student, module = rng.choice(KEYS)
            person: UUID | None = rng.choice([None, student, people.COORDINATOR])
            claims = json.dumps({"sub": str(person)}) if person else ""
            bound = {"student": student, "module": module, "other": rng.choice(KEYS)[1]}
            try:
                with connection.transaction():
                    connection.execute(
                        "select set_config('request.jwt.claims', %s, true)", (claims,)
                    )
                    connection.execute(statement(rng).encode(), bound)
                done += 1
            except (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected):
                continue
            except psycopg.errors.InvalidParameterValue:  # a key taken from details that have none
                continue
    return done


def write_at_once(school: Scratch, writes: int, writers: int) -> int:
    """Shared out among several connections; returns how many writes went through."""
    with ThreadPoolExecutor(writers) as threads:
        done = threads.map(lambda seed: write(school, writes // writers, seed), range(writers))
        return sum(done)


def crowd(school: Scratch, students: int) -> list[UUID]:
    """More students of 1A, without a row."""
    with school.owner() as connection:
        found = connection.execute(
            """
            with made as (
                insert into auth.users (id)
                select gen_random_uuid() from generate_series(1, %s) returning id
            ),
            known as (
                insert into school.student (id, organisation_id, full_name)
                select id, %s, 'Student' from made returning id
            )
            insert into school.class_student select %s, id from known returning student_id
            """,
            (students, people.NORTH, people.CLASS_1A),
        ).fetchall()
    return [one for (one,) in found if isinstance(one, UUID)]


TABLE: Final = "public.student_module_progress"
MANY: Final = (
    f"insert into {TABLE} (student_id, module_id, status, score) "
    "select student_id, module_id, 'InProgress', random() * 100 "
    "from school.class_student join school.class_module using (class_id) "
    "where random() < 0.5 on conflict do nothing",
    f"delete from {TABLE} where random() < 0.05",
    f"update {TABLE} as it set module_id = '{people.UNUSED}' where random() < 0.02 "
    f"and not exists (select from {TABLE} as other where other.student_id = it.student_id "
    f"and other.module_id = '{people.UNUSED}') and module_id = '{people.PROJECT}'",
)


def write_many(
    school: Scratch,
    pupils: list[UUID],
    rng: random.Random,
    after_each: Callable[[], None] = lambda: None,
) -> None:
    """A statement of each kind over many rows, as the platform or staff, and some by the students."""
    writes = [(rng.choice([None, people.COORDINATOR]), statement) for statement in MANY]
    for change in rng.sample(CHANGES, 4):
        somebody = rng.choice([None, people.COORDINATOR])
        writes.append((somebody, f"update {TABLE} set {change} where random() < 0.4"))
    for pupil in rng.sample(pupils, 40):
        change = rng.choice(CHANGES)
        writes.append((pupil, f"update {TABLE} set {change} where student_id = '{pupil}'"))
    with school.owner() as connection:
        for person, statement in writes:
            claims = json.dumps({"sub": str(person)}) if person else ""
            try:
                with connection.transaction():
                    connection.execute(
                        "select set_config('request.jwt.claims', %s, true)", (claims,)
                    )
                    connection.execute(statement.encode())
            except psycopg.errors.InvalidParameterValue:  # a key taken from details that have none
                continue
            after_each()
