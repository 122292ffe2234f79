"""One student, and finding one."""

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
from data.reading.students.modules_of_student import MODULES
from data.rules.attention_figures import USUAL
from data.rules.flags import is_failed
from data.rules.progress import Status, Values
from data.rules.texts import is_text


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
    `score_in_details` is what is shown where there is no `score`. `seen_completed` is when the history saw
    it become completed, where no date is stored. `attempts` are the most at a quiz that is not passed;
    somebody is stuck after `stuck_after`, by the classes that have the module (None: the rule is off)."""

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
    attempts: int | None
    stuck_after: int | None
    has_problem: bool
    edited_by_staff: bool
    is_locked: bool
    details: Any
    started: Any = None
    submitted: Any = None
    score_in_details: Decimal | None = None
    last_change: datetime | None = None
    unexplained_change: datetime | None = None
    seen_completed: datetime | None = None

    @property
    def in_class(self) -> bool:
        """Is it of a class of the student's, and not only begun elsewhere?"""
        return bool(self.class_ids)

    @property
    def values(self) -> Values:
        """The four correctable fields."""
        return as_values(self.status, self.percentage, self.score, self.completed_at)

    @property
    def is_stuck(self) -> bool:
        return (
            self.attempts is not None
            and self.stuck_after is not None
            and self.attempts >= self.stuck_after
        )

    @property
    def is_failed(self) -> bool:
        return is_failed(self.shown_score, self.module.pass_mark)


def find_students(connection: Connection, name: str, limit: int = 50) -> list[Student]:
    """Students whose name has these words, or whose e-mail contains the text; at most `limit`."""
    if not is_text(name):
        return []
    return _students(
        connection,
        """
        where student.plain_name like all ((select internal.patterns(:name))::text[])
            or strpos(student.plain_email, (select internal.plain(:name))) > 0
        """,
        {"name": name, "limit": limit},
    )


def has_students(connection: Connection) -> bool:
    """Whether there is any student whom I may see."""
    return bool(connection.scalar(text("select exists (select from roster.student)")))


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
        where class_student.student_id = student.id and class.archived_at is null
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
    class_id: UUID | None = None,
) -> list[StudentModule]:
    """A student's modules in order: those of the classes, then those with progress from elsewhere.

    Details may be long: with `details_of` only these modules' come along. With a class its figures alone say
    who is stuck.
    """
    rows = connection.execute(
        text(MODULES),
        {
            "student_id": student_id,
            "module_id": module_id,
            "class_id": class_id,
            "details_of": None if details_of is None else list(details_of),
        },
    )
    return [_as_module(row) for row in rows]


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
        attempts=row.attempts,
        stuck_after=row.stuck_after if row.class_ids else USUAL["stuck_attempts"],
        has_problem=row.has_problem,
        edited_by_staff=row.edited_by_staff,
        is_locked=row.is_locked,
        details=row.progress_details,
        started=row.started,
        submitted=row.submitted,
        score_in_details=row.score_in_details,
        last_change=row.last_change,
        unexplained_change=row.unexplained_change,
        seen_completed=row.seen_completed,
    )
