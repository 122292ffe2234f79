"""The stored rows, as they are."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
from psycopg.adapt import Loader
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

Row = dict[str, Any]
Key = tuple[UUID, UUID]
UNREADABLE = datetime.max.replace(tzinfo=UTC)


class MomentLoader(Loader):
    """A moment; UNREADABLE for one that no calendar has."""

    def load(self, data: Any) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:
            return UNREADABLE


@dataclass(frozen=True)
class Stored:
    """Rows by their keys; students of a class by id, modules of a class and lessons of a module in their order,
    history oldest first."""

    progress: dict[Key, Row]
    students: dict[UUID, Row]
    classes: dict[UUID, Row]
    modules: dict[UUID, Row]
    lessons: dict[UUID, list[Row]]
    students_of: dict[UUID, list[UUID]]
    modules_of: dict[UUID, list[UUID]]
    history: list[Row]
    locked: set[Key]

    def classes_of(self, student: UUID) -> list[UUID]:
        """The classes that a student is in."""
        return [one for one, students in self.students_of.items() if student in students]


def read(owner_url: str) -> Stored:
    """Everything, read once."""
    with psycopg.connect(owner_url, options="-c timezone=UTC", row_factory=dict_row) as connection:
        connection.adapters.register_loader("timestamptz", MomentLoader)
        set_json_loads(partial(json.loads, parse_float=Decimal), connection)

        def rows(table: str) -> list[Row]:
            return connection.execute(f"select * from {table}".encode()).fetchall()

        students_of, modules_of = defaultdict(list), defaultdict(list)
        for row in rows("school.class_student"):
            students_of[row["class_id"]].append(row["student_id"])
        for row in sorted(rows("school.class_module"), key=lambda row: row["position"]):
            modules_of[row["class_id"]].append(row["module_id"])
        lessons = defaultdict(list)
        for row in sorted(rows("public.lessons"), key=lambda row: (row["sequence"], row["title"])):
            lessons[row["module_id"]].append(row)
        return Stored(
            {
                (row["student_id"], row["module_id"]): row
                for row in rows("public.student_module_progress")
            },
            {row["id"]: row for row in rows("school.student")},
            {row["id"]: row for row in rows("school.class")},
            {row["id"]: row for row in rows("public.modules")},
            lessons,
            students_of,
            modules_of,
            sorted(rows("dashboard.history"), key=lambda row: row["id"]),
            {
                (row["student_id"], row["module_id"])
                for row in rows("dashboard.lock")
                if row["unlocked_at"] is None
            },
        )
