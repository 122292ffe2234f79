"""One student, and finding one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from data.progress import Status
from data.queries.matrix import sort_key
from data.queries.modules import Module


@dataclass(frozen=True)
class Student:
    """Who: `classes` are the names of those I may see."""

    id: UUID
    name: str
    email: str | None
    organisation: str | None
    is_active: bool
    classes: tuple[str, ...]


@dataclass(frozen=True)
class StudentModule:
    """One module of one student. `completed_at_text` tells what an unreadable date is; `cell` is that of
    a matrix."""

    module: Module
    in_class: bool
    has_row: bool
    status: Status
    percentage: int | None
    score: Decimal | None
    completed_at: datetime | None
    completed_at_text: str | None
    shown_score: Decimal | None
    score_source: str | None
    last_activity: datetime | None
    is_stuck: bool
    has_problem: bool
    edited_by_staff: bool
    is_kept: bool
    cell: str
    details: Any

    @property
    def is_failed(self) -> bool:
        score = self.shown_score
        # A stored score may be NaN, which cannot be compared.
        return score is not None and not score.is_nan() and score < self.module.pass_mark


def find_students(connection: Connection, name: str, limit: int = 50) -> list[Student]:
    """Students whose name or e-mail contains the text, in no particular class; at most `limit`."""
    if "\x00" in name or name.encode("utf-8", "ignore").decode() != name:
        return []  # what no text in a database can contain, and no query either
    return _students(
        connection,
        """
        where strpos(internal.plain(student.full_name), internal.plain(:name)) > 0
            or strpos(lower(student.email), lower(:name)) > 0
        """,
        {"name": name, "limit": limit},
    )


def students_of_class(connection: Connection, class_id: UUID) -> list[Student]:
    """Everybody in a class, by name."""
    return _students(
        connection,
        "where student.id in (select student_id from roster.class_student where class_id = :class_id)",
        {"class_id": class_id, "limit": None},
    )


def student(connection: Connection, student_id: UUID) -> Student | None:
    """One student, or None where there is none that I may see."""
    found = _students(connection, "where student.id = :id", {"id": student_id, "limit": 1})
    return found[0] if found else None


def _students(connection: Connection, condition: str, bound: dict[str, Any]) -> list[Student]:
    rows = connection.execute(
        text(
            """
            select
                student.id,
                student.full_name,
                student.email,
                student.is_active,
                organisation.name as organisation,
                array(
                    select class.name
                    from roster.class_student
                    join roster.class on class.id = class_student.class_id
                    where class_student.student_id = student.id
                    order by class.name
                ) as classes
            from roster.student
            left join roster.organisation on organisation.id = student.organisation_id
            """
            + condition
            + " order by student.full_name, student.id limit :limit"
        ),
        bound,
    )
    found = [
        Student(
            row.id, row.full_name, row.email, row.organisation, row.is_active, tuple(row.classes)
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (sort_key(one.name), str(one.id)))


def student_modules(
    connection: Connection, student_id: UUID, module_id: UUID | None = None
) -> list[StudentModule]:
    """A student's modules in order: those of the classes, then those with progress from elsewhere."""
    rows = connection.execute(
        text("""
            with mine as (
                select class_module.module_id, min(class_module.position) as position
                from roster.class_student
                join roster.class_module using (class_id)
                where class_student.student_id = :student_id
                group by class_module.module_id
            )
            select
                module.id,
                module.name,
                module.type,
                module.pass_mark,
                mine.module_id is not null as in_class,
                progress.student_id is not null as has_row,
                coalesce(progress.status, 'NotStarted') as status,
                progress.progress_percentage,
                progress.score,
                progress.completed_at,
                progress.completed_at::text as completed_at_text,
                progress.progress_details,
                fact.shown_score,
                fact.score_source,
                fact.last_activity,
                coalesce(fact.is_stuck, false) as is_stuck,
                coalesce(fact.has_problem, false) as has_problem,
                coalesce(fact.edited_by_staff, false) as edited_by_staff,
                coalesce(fact.is_kept, false) as is_kept,
                coalesce(fact.cell, 'N')
                || case when fact.is_kept then 'k' else '' end
                || case when fact.shown_score < module.pass_mark then 'f' else '' end as cell
            from (
                select
                    student_id, module_id, status, progress_percentage, score, completed_at,
                    progress_details
                from public.student_module_progress
                where student_id = :student_id
            ) as progress
            full join mine using (module_id)
            join roster.module on module.id = coalesce(mine.module_id, progress.module_id)
            left join dashboard.fact
                on fact.student_id = progress.student_id and fact.module_id = progress.module_id
            where cast(:module_id as uuid) is null or module.id = :module_id
            order by mine.position nulls last, module.name, module.id
        """),
        {"student_id": student_id, "module_id": module_id},
    )
    return [
        StudentModule(
            module=Module(row.id, row.name, row.type, row.pass_mark),
            in_class=row.in_class,
            has_row=row.has_row,
            status=Status(row.status),
            percentage=row.progress_percentage,
            score=row.score,
            completed_at=row.completed_at,
            completed_at_text=row.completed_at_text,
            shown_score=row.shown_score,
            score_source=row.score_source,
            last_activity=row.last_activity,
            is_stuck=row.is_stuck,
            has_problem=row.has_problem,
            edited_by_staff=row.edited_by_staff,
            is_kept=row.is_kept,
            cell=row.cell,
            details=row.progress_details,
        )
        for row in rows
    ]
