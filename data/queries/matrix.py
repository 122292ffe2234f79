"""Students × modules of one class, one string a student."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from data.filters import Chosen, parameters, where
from data.queries.modules import Module, class_modules


@dataclass(frozen=True)
class MatrixModule:
    """A column: the module, and the shown students' cells by status."""

    module: Module
    completed: int
    in_progress: int
    not_started: int


@dataclass(frozen=True)
class MatrixStudent:
    """A row. `cells` holds one cell a module, joined by ';': status letter, percentage, '/' score, marks
    (s stuck, e edited by staff, p problem, f failed), such as 'C100/45.5ef', 'I40' or 'N'."""

    id: UUID
    name: str
    cells: str
    completed: int
    in_progress: int
    not_started: int
    last_activity: datetime | None
    needs_attention: bool


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
        return len(self.students) * len(self.modules)

    @property
    def not_started(self) -> int:
        return self.cells - self.completed - self.in_progress


def matrix(connection: Connection, chosen: Chosen) -> Matrix:
    """The class page's table. `chosen` must hold a class."""
    return matrix_of(connection, chosen, "dashboard.class_cell", {})


def matrix_of(
    connection: Connection, chosen: Chosen, cells: str, bound: Mapping[str, Any]
) -> Matrix:
    """The table of these cells: SQL of a relation like dashboard.class_cell, with its parameters."""
    modules = class_modules(connection, chosen["class"], chosen)
    rows = connection.execute(
        text(
            """
            with module as materialized (
                select
                    module.id,
                    module.pass_mark,
                    row_number() over (
                        order by class_module.position, module.name, module.id
                    ) as place
                from roster.class_module
                join roster.module on module.id = class_module.module_id
                where class_module.class_id = :class
            """
            + where(chosen, "module")
            + """
            )
            select
                cell.student_id,
                min(cell.full_name) as full_name,
                string_agg(
                    cell.cell || case when cell.shown_score < module.pass_mark then 'f' else '' end,
                    ';' order by module.place
                ) as cells,
                count(*) filter (where cell.status = 'Completed') as completed,
                count(*) filter (where cell.status = 'InProgress') as in_progress,
                count(*) as cells_count,
                max(cell.last_activity) as last_activity,
                coalesce(bool_or(cell.is_stuck or cell.shown_score < module.pass_mark), false)
                    as needs_attention
            from """
            + cells
            + """ as cell
            join module on module.id = cell.module_id
            where cell.class_id = :class
            """
            + where(chosen, "student")
            + """
            group by cell.student_id
            having true
            """
            + where(chosen, "cell")
            + where(chosen, "activity")
        ),
        {**parameters(chosen), **bound},
    )
    students = [
        MatrixStudent(
            row.student_id,
            row.full_name,
            row.cells,
            row.completed,
            row.in_progress,
            row.cells_count - row.completed - row.in_progress,
            row.last_activity,
            row.needs_attention,
        )
        for row in rows
    ]
    students.sort(key=lambda student: (sort_key(student.name), str(student.id)))
    return Matrix(_columns(modules, students), tuple(students))


def sort_key(name: str) -> str:
    """A name as a register sorts it: accents and capitals do not matter (the embedded server has no ICU)."""
    decomposed = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _columns(
    modules: Sequence[Module], students: Sequence[MatrixStudent]
) -> tuple[MatrixModule, ...]:
    rows = [[cell[:1] for cell in student.cells.split(";")] for student in students]
    counts = [Counter(column) for column in zip(*rows, strict=True)] or [Counter() for _ in modules]
    return tuple(
        MatrixModule(module, count["C"], count["I"], count["N"])
        for module, count in zip(modules, counts, strict=True)
    )
