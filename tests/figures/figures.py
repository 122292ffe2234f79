"""Figures over many cells: of a class, a student, a module."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from uuid import UUID

from tests.figures import lessons, moments, rules, sittings
from tests.figures.rules import Cell
from tests.figures.stored import Key, Row, Stored

Buckets = tuple[int, int, int, int]
"""Completed, in progress, not started, and in a status of the platform's own."""


def buckets(cells: Iterable[Cell]) -> Buckets:
    counted = Counter(cell.status for cell in cells)
    return counted["Completed"], counted["InProgress"], counted["NotStarted"], counted["Paused"]


@dataclass(frozen=True)
class OfClass:
    """A class: cells by student and module."""

    id: UUID
    name: str
    students: dict[UUID, str]
    modules: list[UUID]
    cells: dict[tuple[UUID, UUID], Cell]

    def row(self, student: UUID) -> list[Cell]:
        return [self.cells[student, module] for module in self.modules]

    def column(self, module: UUID) -> list[Cell]:
        return [self.cells[student, module] for student in self.students]

    @property
    def buckets(self) -> Buckets:
        return buckets(self.cells.values())

    @property
    def median(self) -> float:
        """How many modules the middle student has completed."""
        return float(median(buckets(self.row(student))[0] for student in self.students))


class Oracle:
    """Every figure, from the stored rows."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self.classes = {one: self._of_class(one) for one in stored.classes}
        self.history: defaultdict[Key, list[Row]] = defaultdict(list)
        for entry in stored.history:
            self.history[entry["student_id"], entry["module_id"]].append(entry)

    def cell(self, student: UUID, module: UUID) -> Cell:
        return rules.cell(self.stored.progress.get((student, module)), self.stored.modules[module])

    def pass_mark(self, module: UUID) -> Decimal:
        return rules.pass_mark(self.stored.modules[module])

    def marks(self, key: Key, now: datetime) -> str:
        """Everything that a cell is marked with, the most pressing first."""
        row, cell = self.stored.progress.get(key), self.cell(*key)
        found = {
            "p": rules.has_problem(row, cell, now),
            "s": cell.stuck,
            "f": cell.failed,
            "k": key in self.stored.locked,
            "e": moments.is_of_staff(row, self.history[key]),
        }
        return "".join(mark for mark, is_so in found.items() if is_so)

    def idle_since(self, key: Key, now: datetime) -> datetime | None:
        return moments.idle_since(self.stored.progress.get(key), self.history[key], now)

    def took(self, key: Key) -> timedelta | None:
        is_assessment = rules.is_scored(self.stored.modules[key[1]])
        return sittings.took(self.stored.progress.get(key), self.history[key], is_assessment)

    def details(self, module: UUID, students: Iterable[UUID]) -> list[Row]:
        """Those that are objects, of a module's students."""
        rows = (self.stored.progress.get((one, module)) for one in students)
        found = [row["progress_details"] for row in rows if row]
        return [one for one in found if isinstance(one, dict)]

    def funnel(self, of_class: OfClass, module: UUID) -> list[lessons.Step]:
        cells = {one: of_class.cells[one, module] for one in of_class.students}
        rows = {
            one: row
            for one in cells
            if (row := self.stored.progress.get((one, module))) is not None
        }
        return lessons.funnel(self.stored.lessons[module], cells, rows)

    def last_activity(self, key: Key, now: datetime) -> datetime | None:
        return moments.last_activity(self.stored.progress.get(key), self.history[key], now)

    def completed_since(self, key: Key, now: datetime) -> datetime | None:
        return moments.completed_since(self.stored.progress.get(key), self.history[key], now)

    def completed_at(self, keys: Iterable[Key], now: datetime, then: datetime) -> int:
        """How many of these cells were completed at a moment of the past."""
        rows = self.stored.progress
        return sum(
            moments.was_completed(rows.get(key), self.history[key], now, then) for key in keys
        )

    def _of_class(self, one: UUID) -> OfClass:
        stored = self.stored
        students = {
            each: stored.students[each]["full_name"] for each in stored.students_of.get(one, [])
        }
        modules = stored.modules_of.get(one, [])
        cells = {(s, m): self.cell(s, m) for s in students for m in modules}
        return OfClass(one, stored.classes[one]["name"], students, modules, cells)

    def of_classes(self, student: UUID) -> list[UUID]:
        """The modules of a student's classes, each once."""
        found = (
            m
            for one in self.stored.classes_of(student)
            for m in self.stored.modules_of.get(one, [])
        )
        return list(dict.fromkeys(found))

    def elsewhere(self, student: UUID) -> set[UUID]:
        """The modules that were begun in no class of the student's."""
        rows = {module for who, module in self.stored.progress if who == student}
        return rows - set(self.of_classes(student))
