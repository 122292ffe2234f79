"""Students × modules of one class, one string a student."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.attention import read_flags
from data.reading.catalogue import Module, class_modules
from data.reading.filters import Chosen, Relation, narrows, parameters, where
from data.rules.activity import idle_since
from data.rules.cell import OTHER, letters, parse_cell, split_cells
from data.rules.flags import Flag
from data.rules.progress import Status

ROWS: Final = """(
    select
        row.*,
        null::jsonb as flags
    from dashboard.class_rows(:class, :modules, :pass_marks, :with_cells) as row
)"""

_FLAGGED_ROWS: Final = """(
    select
        row.*,
        flagged.flags
    from dashboard.class_rows(:class, :modules, :pass_marks, :with_cells) as row
    left join (
        select
            flag.student_id,
            jsonb_agg(
                to_jsonb(flag) - 'student_id' order by flag.weight desc, flag.since desc nulls last, flag.rule
            ) as flags
        from dashboard.flags(array[cast(:class as uuid)], now()) as flag
        group by flag.student_id
    ) as flagged using (student_id)
)"""

ROW: Final = Relation("row", frozenset({"full_name", "last_activity", "flags"}))
"""A student's row, as the filters speak of it."""

CELLS: Final = "unnest(row.statuses, row.shown_scores) as cell (status, shown_score)"
CELL: Final = Relation("cell", frozenset({"status", "shown_score"}))
"""A student's cells as the filters speak of them."""


@dataclass(frozen=True)
class MatrixModule:
    """A column: the module, and the shown students' cells by status."""

    module: Module
    completed: int
    in_progress: int
    not_started: int
    other: int = 0


@dataclass(frozen=True)
class MatrixStudent:
    """A row. `cells` holds one cell a module, as data.rules.cell reads them. Where no activity is
    known, `last_change` is, and `unexplained_change` may have been the student's. `flags` are of the class page
    of today, the gravest first."""

    id: UUID
    name: str
    cells: str
    completed: int
    in_progress: int
    not_started: int
    last_activity: datetime | None
    last_change: datetime | None = None
    unexplained_change: datetime | None = None
    other: int = 0
    flags: tuple[Flag, ...] = ()

    @property
    def status_of_one(self) -> Status:
        """Of a table of one module: also where the rest of its cell cannot be read."""
        if self.completed:
            return Status.COMPLETED
        if self.other:
            return parse_cell(self.cells).status or Status("Other")
        return Status.IN_PROGRESS if self.in_progress else Status.NOT_STARTED

    @property
    def idle_since(self) -> datetime | None:
        """Since when nothing of their work is known."""
        return idle_since(self.last_activity, self.unexplained_change)


@dataclass(frozen=True)
class Matrix:
    """Students × modules of a class, filtered; sorted by name."""

    modules: tuple[MatrixModule, ...]
    students: tuple[MatrixStudent, ...]

    @property
    def completed(self) -> int:
        return sum(student.completed for student in self.students)

    @property
    def in_progress(self) -> int:
        return sum(student.in_progress for student in self.students)

    @property
    def cells(self) -> int:
        """Students × modules: what the buckets sum to."""
        return len(self.students) * len(self.modules)

    @property
    def not_started(self) -> int:
        return self.cells - self.completed - self.in_progress - self.other

    @property
    def other(self) -> int:
        """In a status of the platform's own."""
        return sum(student.other for student in self.students)


def matrix(
    connection: Connection, chosen: Chosen, class_has: Sequence[Module] | None = None
) -> Matrix:
    """The class page's table. `chosen` must hold a class; `class_has` are its modules, if already known."""
    return matrix_of(connection, chosen, _FLAGGED_ROWS, {}, class_has)


def matrix_of(
    connection: Connection,
    chosen: Chosen,
    rows_of_class: str,
    bound: Mapping[str, Any],
    class_has: Sequence[Module] | None = None,
) -> Matrix:
    """The table of these rows: SQL of a relation like ROWS, with its further parameters."""
    narrowed = class_has is None or narrows(chosen, "module")
    modules = class_modules(connection, chosen["class"], chosen) if narrowed else class_has or ()
    if not modules:
        return Matrix((), ())
    in_one_cell = where(chosen, "cell", CELL)
    question = f"{_STUDENTS} from {rows_of_class} as row where true" + where(chosen, "student", ROW)
    if in_one_cell:
        # Status and score must hold in the same cell.
        question += f" and exists (select from {CELLS} where true {in_one_cell})"
    asked = {
        **parameters(chosen),
        **bound,
        "modules": [module.id for module in modules],
        "pass_marks": [module.pass_mark for module in modules],
        "with_cells": bool(in_one_cell),
    }
    found = connection.execute(text(question), asked)
    students = [_student(len(modules), *row) for row in found]
    students.sort(key=lambda student: (sort_key(student.name), str(student.id)))
    return Matrix(_columns(modules, students), tuple(students))


_STUDENTS: Final = """
select
    row.student_id,
    row.full_name,
    row.cells,
    row.completed,
    row.in_progress,
    row.last_activity,
    row.last_change,
    row.unexplained_change,
    row.other,
    row.flags
"""


def _student(modules: int, *row: Any) -> MatrixStudent:
    student, name, cells, completed, in_progress, active, changed, unexplained, other, flags = row
    return MatrixStudent(
        *(student, name, cells),
        *(completed, in_progress, modules - completed - in_progress - other),
        *(active, changed, unexplained),
        other,
        read_flags(flags),
    )


def sort_key(name: str) -> str:
    """A name as a register sorts it: accents, capitals and the width of letters do not matter (the embedded
    server has no ICU)."""
    folded = name.casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _columns(
    modules: Sequence[Module], students: Sequence[MatrixStudent]
) -> tuple[MatrixModule, ...]:
    rows = [letters(split_cells(student.cells)) for student in students]
    counts = [Counter(column) for column in zip(*rows, strict=True)] or [Counter() for _ in modules]
    return tuple(
        MatrixModule(module, count["C"], count["I"], count["N"], count[OTHER])
        for module, count in zip(modules, counts, strict=True)
    )
