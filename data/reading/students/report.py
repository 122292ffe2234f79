"""What a report tells of students: one question for all of them, and nothing but what is printed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.catalogue import Module
from data.reading.classes.as_of import first_day
from data.reading.students.namesakes import labelled, told_apart
from data.reading.students.standing import Completion
from data.rules.attention_figures import USUAL
from data.rules.flags import is_failed
from data.rules.progress import Status


@dataclass(frozen=True)
class ReportedModule:
    """One module of a student. `completed_at_text` is what is stored, readable as a date or not. `stuck` is
    after how many attempts at a quiz they are stuck, None where they are not."""

    module: Module
    in_class: bool
    status: Status
    percentage: int | None
    shown_score: Decimal | None
    completed_at: datetime | None
    completed_at_text: str | None
    stuck: int | None

    @property
    def is_failed(self) -> bool:
        return is_failed(self.shown_score, self.module.pass_mark)


@dataclass(frozen=True)
class Reported:
    """A student as reports need them: `name` with what tells them from others of the same name. `known_since`
    is when the history begins, None without one."""

    id: UUID
    name: str
    organisation: str | None
    classes: tuple[str, ...]
    modules: tuple[ReportedModule, ...]
    completions: tuple[Completion, ...]
    known_since: datetime | None


def reported(
    connection: Connection, student_ids: Sequence[UUID], class_id: UUID | None = None
) -> list[Reported]:
    """These students in this order, those that I may see. With a class only its modules, in its order;
    without one those of all classes, and then what was begun in others."""
    asked = {
        "students": list(student_ids),
        "class_id": class_id,
        "usual": USUAL["stuck_attempts"],
    }
    modules, completions = _modules(connection, asked), _completions(connection, asked)
    since = first_day(connection)
    rows = connection.execute(text(_STUDENTS), asked).all()
    beside = told_apart(connection, [(row.id, row.full_name) for row in rows])
    found = {
        row.id: Reported(
            row.id,
            labelled(row.full_name, beside.get(row.id)),
            row.organisation,
            tuple(row.classes),
            tuple(modules[row.id]),
            tuple(completions[row.id]),
            since,
        )
        for row in rows
    }
    return [found[one] for one in student_ids if one in found]


_STUDENTS = """
select
    student.id,
    student.full_name,
    organisation.name as organisation,
    array(
        select class.name
        from roster.class_student
        join roster.class on class.id = class_student.class_id
        where class_student.student_id = student.id
            and case
                when cast(:class_id as uuid) is null then class.archived_at is null
                else class.id = :class_id
            end
        order by class.name
    ) as classes
from roster.student
left join roster.organisation on organisation.id = student.organisation_id
where student.id = any(cast(:students as uuid[]))
"""

_MODULES = """
with held as materialized (
    select class_id, (figures ->> 'stuck_attempts')::integer as stuck_after
    from dashboard.attention_figures(
        array(
            select class_id
            from roster.class_student
            where student_id = any(cast(:students as uuid[]))
        )
    )
    where figures ->> 'stuck' = '1'
),

eligible as (
    select
        class_student.student_id,
        class_module.module_id,
        min(class_module.position) as position,
        min(held.stuck_after) as stuck_after
    from roster.class_student
    join roster.class on class.id = class_student.class_id
    join roster.class_module using (class_id)
    left join held using (class_id)
    where class_student.student_id = any(cast(:students as uuid[]))
        and case
            when cast(:class_id as uuid) is null then class.archived_at is null
            else class_id = :class_id
        end
    group by class_student.student_id, class_module.module_id
),

progress as (
    select student_id, module_id, status, progress_percentage, completed_at
    from dashboard.progress
    where student_id = any(cast(:students as uuid[]))
),

fact as (
    select student_id, module_id, shown_score, attempts
    from dashboard.fact
    where student_id = any(cast(:students as uuid[]))
)

select
    student_id,
    module.id,
    module.name,
    module.type,
    module.pass_mark,
    eligible.position is not null as in_class,
    coalesce(progress.status, 'NotStarted') as status,
    progress.progress_percentage,
    progress.completed_at,
    progress.completed_at::text as completed_at_text,
    fact.shown_score,
    case
        when fact.attempts >= case
                when eligible.module_id is null then cast(:usual as integer)
                else eligible.stuck_after
            end
        then fact.attempts
    end as stuck
from eligible
full join progress using (student_id, module_id)
join roster.module on module.id = module_id
left join fact using (student_id, module_id)
where cast(:class_id as uuid) is null or eligible.position is not null
order by eligible.position nulls last, module.name, module.id
"""


def _modules(connection: Connection, asked: dict[str, Any]) -> dict[UUID, list[ReportedModule]]:
    found: dict[UUID, list[ReportedModule]] = defaultdict(list)
    for row in connection.execute(text(_MODULES), asked):
        found[row.student_id].append(
            ReportedModule(
                Module(row.id, row.name, row.type, row.pass_mark),
                row.in_class,
                Status(row.status),
                row.progress_percentage,
                row.shown_score,
                row.completed_at,
                row.completed_at_text,
                row.stuck,
            )
        )
    return found


def _completions(connection: Connection, asked: dict[str, Any]) -> dict[UUID, list[Completion]]:
    rows = connection.execute(
        text("""
            select student_id, at, module_id, change, is_first
            from dashboard.completion
            where student_id = any(cast(:students as uuid[]))
            order by at, module_id, change
        """),
        asked,
    )
    found: dict[UUID, list[Completion]] = defaultdict(list)
    for student, *completion in rows:
        found[student].append(Completion(*completion))
    return found
