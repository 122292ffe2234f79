"""How a student stands beside their class, and how they came there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, text

from data.i18n.formats import share
from data.reading.classes.as_of import first_day
from data.rules.progress import HIGHEST, LOWEST


@dataclass(frozen=True)
class ClassMedian:
    """The middle student of a class: so many of its `modules` completed, half a module between two students."""

    completed: float
    modules: int

    @property
    def share(self) -> str:
        """'36 %'."""
        return share(self.completed, self.modules)


def class_median(connection: Connection, class_id: UUID) -> ClassMedian | None:
    """None for an empty class, one without modules, and one that is not mine to see whole."""
    row = connection.execute(
        text("""
            select
                cardinality(wanted.modules) as modules,
                percentile_cont(0.5) within group (order by row.completed) as completed
            from (
                select array_agg(module.id) as modules, array_agg(module.pass_mark) as pass_marks
                from roster.class_module
                join roster.module on module.id = class_module.module_id
                where class_module.class_id = :class_id
            ) as wanted
            cross join lateral dashboard.class_rows(
                :class_id, wanted.modules, wanted.pass_marks, false
            ) as row
            group by wanted.modules
        """),
        {"class_id": class_id},
    ).one_or_none()
    return ClassMedian(row.completed, row.modules) if row and row.modules else None


@dataclass(frozen=True)
class Completion:
    """A module became completed (+1), or ceased to be (-1). `is_first` is a record that began as completed:
    the work was done by then, nobody knows since when."""

    at: datetime
    module_id: UUID
    change: int
    is_first: bool


@dataclass(frozen=True)
class CompletionHistory:
    """Every completion of a student that a day is known of, oldest first. Recording began at `since`."""

    since: datetime | None
    completions: Sequence[Completion]


def completions(connection: Connection, student_id: UUID) -> CompletionHistory:
    """When a student's modules were completed, and ceased to be."""
    rows = connection.execute(
        text("""
            select at, module_id, change, is_first
            from dashboard.completion
            where student_id = :student_id
            order by at, module_id, change
        """),
        {"student_id": student_id},
    )
    return CompletionHistory(first_day(connection), [Completion(*row) for row in rows])


@dataclass(frozen=True)
class ClassScores:
    """What a class scored in a module: every score that can be, ascending, without names."""

    class_name: str
    scores: tuple[Decimal, ...]


def class_scores(connection: Connection, student_id: UUID) -> Mapping[UUID, Sequence[ClassScores]]:
    """For each module in which the student has a score that can be: what each of their classes scored in it."""
    rows = connection.execute(
        text("""
            select
                cell.module_id,
                class.name,
                array_agg(cell.shown_score order by cell.shown_score) as scores
            from dashboard.class_cell as cell
            join roster.class on class.id = cell.class_id
            where cell.class_id = any(
                    array(select class_id from roster.class_student where student_id = :student_id)
                )
                and cell.module_id = any(
                    array(
                        select module_id
                        from dashboard.fact
                        where student_id = :student_id and shown_score between :lowest and :highest
                    )
                )
                and cell.shown_score between :lowest and :highest
                and class.archived_at is null
            group by cell.module_id, class.id, class.name
            order by class.name, class.id
        """),
        {"student_id": student_id, "lowest": LOWEST, "highest": HIGHEST},
    )
    found: dict[UUID, list[ClassScores]] = {}
    for row in rows:
        found.setdefault(row.module_id, []).append(ClassScores(row.name, tuple(row.scores)))
    return found
