"""What the panel of one cell is made of, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.catalogue import lessons_of
from data.reading.history.changes import Change, changes
from data.reading.students.students import Student, StudentModule, student, student_modules
from data.rules.details import Lesson


@dataclass(frozen=True)
class CellPage:
    """One module of one student, its lessons in order, and what changed lately."""

    student: Student
    one: StudentModule
    lessons: Sequence[Lesson]
    changes: Sequence[Change]


def cell_page(
    connection: Connection, student_id: UUID, module_id: UUID, class_id: UUID
) -> CellPage | None:
    """None where there is no such cell that I may see. The class's figures say whether it is stuck."""
    found = student(connection, student_id)
    modules = student_modules(connection, student_id, module_id, class_id=class_id)
    if found is None or not modules:
        return None
    return CellPage(
        found,
        modules[0],
        lessons_of(connection, [module_id]).get(module_id, ()),
        changes(connection, student_id, module_id),
    )


def cell_text(
    connection: Connection, student_id: UUID, module_id: UUID, class_id: UUID
) -> str | None:
    """The cell as this class's matrix writes it; None where there is no such module."""
    found: str | None = connection.scalar(
        text("""
            select dashboard.cell_with_marks(
                fact.cell,
                locked.id is not null,
                dashboard.is_failed(fact.shown_score, module.pass_mark),
                fact.attempts >= (
                    select (figures ->> 'stuck_attempts')::integer
                    from dashboard.attention_figures(array[cast(:class_id as uuid)])
                    where figures ->> 'stuck' = '1'
                )
            )
            from roster.module
            left join dashboard.fact
                on fact.module_id = module.id and fact.student_id = :student_id
            left join dashboard.lock as locked
                on locked.student_id = fact.student_id
                and locked.module_id = fact.module_id
                and locked.unlocked_at is null
            where module.id = :module_id
        """),
        {"student_id": student_id, "module_id": module_id, "class_id": class_id},
    )
    return found
