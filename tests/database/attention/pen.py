"""Rows as they are written: by the platform, by students and by staff, past the app and through it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import psycopg

from data.access.session import Actor
from data.rules.progress import Edit, Field, Status, Values
from data.writing.save import Source, save
from tests.database.attention.clock import Clock
from tests.database.attention.oracle import School
from tests.database.attention.record import Key, Who
from tests.database.attention.row import Row

COLUMNS: Final = (
    *("status", "progress_percentage", "score", "progress_details"),
    *("last_updated", "completed_at"),
)
TABLE: Final = "public.student_module_progress"
GIVEN: Final = f"jsonb_populate_recordset(null::{TABLE}, %s)"
ALL: Final = ", ".join(("student_id", "module_id", *COLUMNS))
SET: Final = ", ".join(f"{one} = given.{one}" for one in COLUMNS)
KEPT: Final = ", ".join(f"{one} = excluded.{one}" for one in COLUMNS)
SAME: Final = "it.student_id = given.student_id and it.module_id = given.module_id"

INSERT: Final = f"insert into {TABLE} ({ALL}) select {ALL} from {GIVEN}"
UPSERT: Final = f"{INSERT} on conflict (student_id, module_id) do update set {KEPT}"
UPDATE: Final = f"update {TABLE} as it set {SET} from {GIVEN} as given where {SAME}"
DELETE: Final = f"delete from {TABLE} as it using {GIVEN} as given where {SAME}"
MOVE: Final = f"update {TABLE} set module_id = %s where student_id = %s and module_id = %s"

Rows = Mapping[Key, Row]


@dataclass
class Pen:
    """Writes into the database, and into the record of what was written."""

    clock: Clock
    school: School

    @property
    def now(self) -> datetime:
        return self.clock.now

    @property
    def connection(self) -> psycopg.Connection[tuple[object, ...]]:
        """The owner's, whom no policy binds."""
        return self.clock.connection

    def put(self, author: UUID | None, rows: Rows, *, at_once: bool = False) -> None:
        """Each as given, new or changed: an insert and an update, or `at_once`."""
        if at_once:
            self._write(author, UPSERT, rows)
            return
        new = {key: row for key, row in rows.items() if self.school.record.of(*key).row is None}
        self._write(author, INSERT, new)
        self._write(author, UPDATE, {key: row for key, row in rows.items() if key not in new})

    def delete(self, author: UUID | None, keys: Sequence[Key]) -> None:
        self._write(author, DELETE, dict.fromkeys(keys))

    def move(self, author: UUID | None, key: Key, module: UUID) -> None:
        """A row of one module becomes that of another, where there is none."""
        student, old = key
        row = self.school.record.of(*key).row
        self._execute(author, MOVE, (module, student, old))
        self._note(author, key, None)
        self._note(author, (student, module), row)

    def save(self, person: UUID, changes: Mapping[Key, Values], source: Source) -> int:
        """Through the app; returns how many rows it changed."""
        edits = [Edit(*key, wish, self._seen(key)) for key, wish in changes.items()]
        actor = Actor(person, "", "coordinator", database=self.clock.scratch.database)
        outcome = save(actor, edits, "Because.", source=source)
        assert not outcome.problems, outcome
        for one in outcome.saved:
            key = one.student_id, one.module_id
            self._note(person, key, self._stored(key))
        return len(outcome.saved)

    def choose(self, author: UUID, of: UUID, figure: str, value: int | None) -> None:
        """A figure for a class or an organisation; None takes it back."""
        place = "class_id" if of in self.school.classes else "organisation_id"
        self.connection.execute(
            f"insert into dashboard.attention_change ({place}, figure, value, follows, author_id) "
            f"select %(of)s, %(figure)s, %(value)s, max(number), %(author)s from dashboard.attention_change "
            f"where {place} = %(of)s and figure = %(figure)s".encode(),
            {"of": of, "figure": figure, "value": value, "author": author},
        )
        chosen = self.school.chosen.setdefault(of, {})
        chosen.pop(figure, None)
        self.school.changes.setdefault((of, figure), []).append(self.now)
        if value is not None:
            chosen[figure] = value

    def have_off(self, author: UUID, organisation: UUID, days: list[tuple[date, date]]) -> None:
        """These days, and no others."""
        if self.school.days_off.get(organisation, []) == days:
            return
        self.connection.execute(
            "update dashboard.holiday set removed_by = %s, removed_at = now() "
            "where organisation_id = %s and removed_at is null",
            (author, organisation),
        )
        for first, last in days:
            self.connection.execute(
                "insert into dashboard.holiday (id, organisation_id, name, first_day, last_day, author_id) "
                "values (gen_random_uuid(), %s, 'Off', %s, %s, %s)",
                (organisation, first, last, author),
            )
        self.school.days_off[organisation] = days
        self.school.changes.setdefault((organisation, "holidays"), []).append(self.now)

    def _seen(self, key: Key) -> Values:
        row = self.school.record.of(*key).row or Row()
        assert not isinstance(row.completed_at, str)
        return {
            Field.STATUS: Status(row.status),
            Field.PERCENTAGE: row.percentage,
            Field.SCORE: row.score,
            Field.COMPLETED_AT: row.completed_at,
        }

    def _stored(self, key: Key) -> Row:
        found = self.connection.execute(
            f"select {', '.join(COLUMNS)} from {TABLE} where student_id = %s and module_id = %s".encode(),
            key,
        ).fetchone()
        assert found is not None
        known: Any = found
        return Row(*known)

    def _write(self, author: UUID | None, statement: str, rows: Mapping[Key, Row | None]) -> None:
        if rows:
            self._execute(author, statement, (json.dumps([as_json(*one) for one in rows.items()]),))
            for key, row in rows.items():
                self._note(author, key, row)

    def _execute(self, author: UUID | None, statement: str, bound: Sequence[object]) -> None:
        claims = json.dumps({"sub": str(author)}) if author else ""
        with self.connection.transaction():
            self.connection.execute("select set_config('request.jwt.claims', %s, true)", (claims,))
            self.connection.execute(statement.encode(), bound)

    def _note(self, author: UUID | None, key: Key, row: Row | None) -> None:
        who = Who.PLATFORM if author is None else Who.STUDENT if author == key[0] else Who.STAFF
        self.school.record.write(who, self.now, key, row)


def plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID | Decimal | datetime) else value


def as_json(key: Key, row: Row | None) -> dict[str, Any]:
    """A row as PostgreSQL reads one."""
    row = row or Row()
    values = (
        row.status,
        row.percentage,
        row.score,
        row.details,
        row.last_updated,
        row.completed_at,
    )
    names = ("student_id", "module_id", *COLUMNS)
    return {name: plain(one) for name, one in zip(names, (*key, *values), strict=True)}
