"""Colleagues in the organisations that I manage."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class StaffEntry:
    """A colleague as the roster has them; without an organisation they belong to all. `classes` are the names
    of the classes they teach, `class_ids`. `is_from_file` and `locked` as of students."""

    id: UUID
    organisation_id: UUID | None
    organisation: str | None
    full_name: str
    email: str
    role: str
    is_active: bool
    class_ids: tuple[UUID, ...]
    classes: tuple[str, ...]
    is_from_file: bool = False
    locked: tuple[str, ...] = ()


def staff_entries(connection: Connection) -> tuple[StaffEntry, ...]:
    """All of them, by name; those who were switched off too."""
    rows = connection.execute(
        text("""
            select
                staff.id,
                staff.organisation_id,
                organisation.name as organisation,
                staff.full_name,
                staff.email,
                staff.role,
                staff.is_active,
                taught.class_ids,
                taught.classes,
                exists (
                    select from school.source_id where source_id.our_id = staff.id
                ) as is_from_file,
                array(
                    select roster_lock.field
                    from school.roster_lock
                    where roster_lock.locked_id = staff.id
                    order by roster_lock.field
                ) as locked
            from school.staff
            left join public.organisations as organisation on organisation.id = staff.organisation_id
            cross join lateral (
                select
                    coalesce(array_agg(class.id order by class.name, class.id), '{}') as class_ids,
                    coalesce(
                        array_agg(
                            concat_ws(', ', class.name, class.school_year) order by class.name, class.id
                        ),
                        '{}'
                    ) as classes
                from school.class_teacher
                join school.class on class.id = class_teacher.class_id
                where class_teacher.staff_id = staff.id and class.archived_at is null
            ) as taught
            order by lower(staff.full_name), staff.id
        """)
    )
    many = ("class_ids", "classes", "locked")
    return tuple(
        StaffEntry(**{**row._mapping, **{name: tuple(row._mapping[name]) for name in many}})
        for row in rows
    )
