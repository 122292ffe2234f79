"""Classes of the organisations that I manage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

# Asked once for all: within the question below, who may see them would be asked again for each part of it.
FROM_FILES: Final = "select our_id from school.source_id where kind = 'class'"
LOCKED: Final = """
    select locked_id as id, array_agg(field order by field) as fields
    from school.roster_lock
    where kind = 'class'
    group by locked_id
"""


@dataclass(frozen=True)
class ClassEntry:
    """A class as the roster has it: who teaches it (ids and names, in the order of the names), its modules in
    their order with the place that is stored, and its students. `is_from_file` and `locked` as of students."""

    id: UUID
    organisation_id: UUID
    organisation: str
    name: str
    school_year: str | None
    archived_at: datetime | None
    teacher_ids: tuple[UUID, ...]
    teachers: tuple[str, ...]
    places: tuple[tuple[UUID, int], ...]
    student_ids: tuple[UUID, ...]
    is_from_file: bool = False
    locked: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """'7B, 2026/27'."""
        return ", ".join(filter(None, (self.name, self.school_year)))

    @property
    def module_ids(self) -> tuple[UUID, ...]:
        """In their order."""
        return tuple(module for module, _ in self.places)


def class_entries(connection: Connection) -> tuple[ClassEntry, ...]:
    """All of them, archived ones last, by year (newest first) and name."""
    from_files = set(connection.execute(text(FROM_FILES)).scalars())
    locked = {row.id: tuple(row.fields) for row in connection.execute(text(LOCKED))}
    rows = connection.execute(
        text("""
            select
                class.id,
                class.organisation_id,
                organisation.name as organisation,
                class.name,
                class.school_year,
                class.archived_at,
                taught.teacher_ids,
                taught.teachers,
                learnt.module_ids,
                learnt.positions,
                array(
                    select class_student.student_id
                    from school.class_student
                    where class_student.class_id = class.id
                    order by class_student.student_id
                ) as student_ids
            from school.class
            join public.organisations as organisation on organisation.id = class.organisation_id
            cross join lateral (
                select
                    coalesce(
                        array_agg(staff.id order by lower(staff.full_name), staff.id), '{}'
                    ) as teacher_ids,
                    coalesce(
                        array_agg(staff.full_name order by lower(staff.full_name), staff.id), '{}'
                    ) as teachers
                from school.class_teacher
                join school.staff on staff.id = class_teacher.staff_id
                where class_teacher.class_id = class.id
            ) as taught
            cross join lateral (
                select
                    coalesce(array_agg(module_id order by position, module_id), '{}') as module_ids,
                    coalesce(array_agg(position order by position, module_id), '{}') as positions
                from school.class_module
                where class_module.class_id = class.id
            ) as learnt
            order by
                class.archived_at desc nulls first,
                class.school_year desc nulls last,
                lower(class.name),
                class.id
        """)
    )
    return tuple(
        ClassEntry(
            row.id,
            row.organisation_id,
            row.organisation,
            row.name,
            row.school_year,
            row.archived_at,
            tuple(row.teacher_ids),
            tuple(row.teachers),
            tuple(zip(row.module_ids, row.positions, strict=True)),
            tuple(row.student_ids),
            row.id in from_files,
            locked.get(row.id, ()),
        )
        for row in rows
    )
