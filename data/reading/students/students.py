"""One student, and finding one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.reading.catalogue import Module
from data.reading.classes.matrix import sort_key
from data.reading.row_values import as_values
from data.rules.attention import is_failed
from data.rules.progress import Status, Values


@dataclass(frozen=True)
class Student:
    """Who: `classes` are the names of those I may see, `class_ids` the same classes."""

    id: UUID
    name: str
    email: str | None
    organisation: str | None
    is_active: bool
    classes: tuple[str, ...]
    class_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class StudentModule:
    """One module of one student, and the classes of theirs that have it. `completed_at_text` tells what an
    unreadable date is; `started` and `submitted` are those of the details, as they were stored, and
    `score_in_details` is what is shown where there is no `score`."""

    module: Module
    class_ids: tuple[UUID, ...]
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
    is_locked: bool
    details: Any
    started: Any = None
    submitted: Any = None
    score_in_details: Decimal | None = None

    @property
    def in_class(self) -> bool:
        """Is it of a class of the student's, and not only begun elsewhere?"""
        return bool(self.class_ids)

    @property
    def values(self) -> Values:
        """The four correctable fields."""
        return as_values(self.status, self.percentage, self.score, self.completed_at)

    @property
    def is_failed(self) -> bool:
        return is_failed(self.shown_score, self.module.pass_mark)


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
        text(_STUDENTS + condition + " order by student.full_name, student.id limit :limit"), bound
    )
    found = [
        Student(
            row.id,
            row.full_name,
            row.email,
            row.organisation,
            row.is_active,
            tuple(one[37:] for one in row.classes),
            tuple(UUID(one[:36]) for one in row.classes),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (sort_key(one.name), str(one.id)))


_STUDENTS: Final = """
select
    student.id,
    student.full_name,
    student.email,
    student.is_active,
    organisation.name as organisation,
    array(
        select class.id || ' ' || class.name
        from roster.class_student
        join roster.class on class.id = class_student.class_id
        where class_student.student_id = student.id
        order by class.name, class.id
    ) as classes
from roster.student
left join roster.organisation on organisation.id = student.organisation_id
"""


def student_modules(
    connection: Connection,
    student_id: UUID,
    module_id: UUID | None = None,
    *,
    details_of: Collection[UUID] | None = None,
) -> list[StudentModule]:
    """A student's modules in order: those of the classes, then those with progress from elsewhere.

    Details may be long: with `details_of` only these modules' come along, and those that tell of a stuck quiz.
    """
    rows = connection.execute(
        text(_MODULES),
        {
            "student_id": student_id,
            "module_id": module_id,
            "details_of": None if details_of is None else list(details_of),
        },
    )
    return [_as_module(row) for row in rows]


_MODULES: Final = """
with mine as (
    select
        class_module.module_id,
        min(class_module.position) as position,
        array_agg(class_module.class_id) as class_ids
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
    coalesce(mine.class_ids, '{}') as class_ids,
    progress.student_id is not null as has_row,
    coalesce(progress.status, 'NotStarted') as status,
    progress.progress_percentage,
    progress.score,
    progress.completed_at,
    progress.completed_at::text as completed_at_text,
    case
        when cast(:details_of as uuid[]) is null
            or module.id = any(cast(:details_of as uuid[]))
            or fact.is_stuck
        then progress.progress_details
    end as progress_details,
    progress.progress_details -> 'started_at' as started,
    progress.progress_details -> 'submitted_at' as submitted,
    internal.score_in(progress.progress_details) as score_in_details,
    fact.shown_score,
    fact.score_source,
    fact.last_activity,
    coalesce(fact.is_stuck, false) as is_stuck,
    coalesce(fact.has_problem, false) as has_problem,
    coalesce(fact.edited_by_staff, false) as edited_by_staff,
    locked.id is not null as is_locked
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
left join dashboard.lock as locked
    on locked.student_id = progress.student_id
    and locked.module_id = progress.module_id
    and locked.unlocked_at is null
where cast(:module_id as uuid) is null or module.id = :module_id
order by mine.position nulls last, module.name, module.id
"""


def _as_module(row: Row[Any]) -> StudentModule:
    return StudentModule(
        module=Module(row.id, row.name, row.type, row.pass_mark),
        class_ids=tuple(row.class_ids),
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
        is_locked=row.is_locked,
        details=row.progress_details,
        started=row.started,
        submitted=row.submitted,
        score_in_details=row.score_in_details,
    )
