"""A bigger school than the cast: every odd class, name, row and date that pages must take."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from tests import people
from tests.clusters import Scratch
from tests.database.rows_as_owner import ask

NAMES = """Ömer Çelik|omer Celik|Zoë Quinn|zoe quinn|Éva Ångström|Eva Angstrom|Łukasz Żak|Nguyễn Văn An
O'Neill Bríd|Ana-María D'Souza|محمد علي|李小龍|Αλέξης Παπάς|Ivan\u200b Zero|<b>Bold</b>|=cmd()
"Quoted" %s|back\\slash|;drop table|100%|:name|Ann Ågren|ann agren|x""".replace("\n", "|").split(
    "|"
)

FULL, EMPTY, BARE, MIXED = (UUID(int=number) for number in range(1001, 1005))
"""Classes: one with everybody; one without students; one without modules; one that shares students."""

HISTORY_WEEKS = 12

DETAILS: tuple[Any, ...] = (
    None,
    {},
    {"score": 44},
    {"score_percentage": "91.5", "submitted_at": "2026-02-03T10:00Z"},
    {"lesson_quiz_results": {"a": {"attempts": 3, "passed": False}, "b": 5}},
    [1],
    "text",
    {"score": 10**300},
)
POISON = ("infinity", "-infinity", "0044-03-15 BC", "12026-01-01")


@dataclass
class Town:
    """What was put in, to be compared with what comes out."""

    students: dict[UUID, str] = field(default_factory=dict)
    modules: dict[UUID, tuple[str, str, int]] = field(default_factory=dict)
    class_students: dict[UUID, list[UUID]] = field(default_factory=dict)
    class_modules: dict[UUID, list[UUID]] = field(default_factory=dict)
    facts: dict[tuple[UUID, UUID], dict[str, Any]] = field(default_factory=dict)
    history: list[tuple[UUID, UUID, datetime, int]] = field(default_factory=list)


def build(school: Scratch) -> Town:
    """Fill a school that holds the cast, and tell what it holds then."""
    rng = random.Random(7)
    town = Town()
    _people(school, town, rng)
    _progress(school, town, rng)
    # The cast's own rows were written now.
    for row in ask(school, "select student_id, module_id, at, completions from dashboard.history"):
        town.history.append(tuple(row.values()))
    for fact in ask(school, "select * from dashboard.fact"):
        town.facts[fact["student_id"], fact["module_id"]] = fact
    for row in ask(school, "select class_id, student_id from school.class_student"):
        if row["student_id"] not in town.class_students.setdefault(row["class_id"], []):
            town.class_students[row["class_id"]].append(row["student_id"])
    for row in ask(
        school, "select class_id, module_id from school.class_module order by class_id, position"
    ):
        town.class_modules.setdefault(row["class_id"], []).append(row["module_id"])
    for row in ask(school, "select id, full_name from school.student"):
        town.students[row["id"]] = row["full_name"]
    for row in ask(school, "select id, name, type, pass_mark from school.module"):
        town.modules[row["id"]] = (row["name"], row["type"], row["pass_mark"])
    return town


def _people(school: Scratch, town: Town, rng: random.Random) -> None:
    students = {UUID(int=2000 + number): name for number, name in enumerate(NAMES)}
    modules = {
        UUID(int=3000 + number): (f"Module {number}", kind)
        for number, kind in enumerate(["Course", "course", "Assessment", "Interview", "PROJECT"])
    }
    with school.owner() as connection, connection.cursor() as cursor:
        cursor.executemany("insert into auth.users (id) values (%s)", [(one,) for one in students])
        cursor.executemany(
            "insert into school.student (id, organisation_id, full_name, email) values (%s, %s, %s, %s)",
            [
                (one, people.NORTH, name, f"S{one.int}@Example.org")
                for one, name in students.items()
            ],
        )
        cursor.executemany(
            "insert into public.modules (id, name, type, configuration) values (%s, %s, %s, %s)",
            [
                (one, name, kind, Jsonb(rng.choice([None, {"pass_threshold": 50}, {"x": 1}])))
                for one, (name, kind) in modules.items()
            ],
        )
        cursor.executemany(
            "insert into school.class (id, organisation_id, name) values (%s, %s, %s)",
            [(FULL, people.NORTH, "Full"), (EMPTY, people.NORTH, "Empty"),
             (BARE, people.NORTH, "Bare"), (MIXED, people.NORTH, "South 1")],
        )  # fmt: skip
        cursor.executemany(
            "insert into school.class_student values (%s, %s)",
            [(FULL, one) for one in students]
            + [(BARE, one) for one in list(students)[:3]]
            + [(MIXED, one) for one in [*list(students)[:6], people.ANN]],
        )
        cursor.executemany(
            "insert into school.class_module values (%s, %s, %s)",
            [(FULL, one, place) for place, one in enumerate(modules)]
            + [(EMPTY, one, place) for place, one in enumerate(modules)]
            + [
                (MIXED, one, -place)
                for place, one in enumerate([*list(modules)[:3], people.COURSE])
            ],
        )


def _progress(school: Scratch, town: Town, rng: random.Random) -> None:
    """About two rows in three; one student has none; some are outside the student's classes."""
    now = datetime.now(UTC)
    rows, entries = [], []
    for student in (UUID(int=2000 + number) for number in range(1, len(NAMES))):
        for module in [*(UUID(int=3000 + number) for number in range(5)), people.UNUSED]:
            if rng.random() < 0.35:
                continue
            status = rng.choice(["NotStarted", "InProgress", "Completed"])
            began = now - timedelta(weeks=HISTORY_WEEKS, hours=1)
            rows.append(
                (student, module, status,
                 rng.choice([None, None, 20, 59, Decimal("66.6666666666666667"), 100, 140,
                             Decimal("NaN"), Decimal(-3)]),
                 rng.choice([None, 0, 40, 100]),
                 rng.choice([None, now - timedelta(days=3), *POISON]),
                 rng.choice([now - timedelta(days=rng.randint(0, 200)), *POISON]),
                 Jsonb(rng.choice(DETAILS)))
            )  # fmt: skip
            entries.append(
                (student, module, "insert", began, None, Jsonb({"status": "NotStarted"}))
            )
            for _ in range(rng.choice([0, 1]) if status == "Completed" else 0):
                # Completed once before, and taken back.
                at = now - timedelta(days=rng.uniform(40, 80))
                entries.append(_entry(student, module, at, "InProgress", "Completed"))
                entries.append(
                    _entry(student, module, at + timedelta(days=9), "Completed", "InProgress")
                )
            if status == "Completed":
                at = now - timedelta(days=rng.uniform(0.5, 80))
                entries.append(_entry(student, module, at, "InProgress", "Completed"))
    with school.owner() as connection, connection.cursor() as cursor:
        table = "public.student_module_progress"
        connection.execute(f"alter table {table} disable trigger history_of_inserts".encode())
        cursor.executemany(
            "insert into public.student_module_progress (student_id, module_id, status, score, "
            "progress_percentage, completed_at, last_updated, progress_details) "
            "values (%s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )
        connection.execute(f"alter table {table} enable trigger history_of_inserts".encode())
        cursor.executemany(
            "insert into dashboard.history (student_id, module_id, operation, source, at, before, after) "
            "values (%s, %s, %s, 'platform', %s, %s, %s)",
            entries,
        )
        connection.execute("select internal.recall_work()")


def _entry(student: UUID, module: UUID, at: datetime, before: str, after: str) -> tuple[Any, ...]:
    return (student, module, "update", at, Jsonb({"status": before}), Jsonb({"status": after}))
