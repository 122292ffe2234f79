"""What a history can be asked for: by whom, from when to when, of whom."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

FEW: Final = 200  # students


def few_students(connection: Connection, class_id: UUID | None = None) -> list[UUID] | None:
    """My students (of a class), where they are few: told by name, PostgreSQL goes straight to their entries
    and does not look through everybody's. None where they are many."""
    question = "select id from roster.student"
    if class_id is not None:
        question = "select student_id from roster.class_student where class_id = :class_id"
    found = connection.scalars(
        text(question + " limit :few"), {"class_id": class_id, "few": FEW + 1}
    ).all()
    return list(found) if len(found) <= FEW else None


def history_people(connection: Connection) -> dict[UUID, str]:
    """Staff who changed something I may see, by name."""
    rows = connection.execute(
        text("""
            select staff.id, staff.full_name
            from roster.staff
            cross join lateral (
                select history.id
                from dashboard.history
                where history.author_id = staff.id
                    and history.source not in ('student', 'platform')
                order by history.id desc
                limit 1
            ) as newest
            order by staff.full_name, staff.id
        """)
    )
    return {row.id: row.full_name for row in rows}


def history_span(connection: Connection) -> tuple[datetime, datetime] | None:
    """When the first and the last of the entries I may see happened; None where there is none."""
    students = few_students(connection)
    question = "select at from dashboard.history where true"
    if students is not None:
        question += " and student_id = any(cast(:students as uuid[]))"
    first, last = (
        connection.scalar(text(question + order + " limit 1"), {"students": students})
        for order in (" order by at, id", " order by at desc, id desc")
    )
    return (first, last) if first and last else None


def history_cut(connection: Connection) -> datetime | None:
    """Before this moment entries of students I may see are missing: removed, as a period said, or never
    recorded, as the platform was not attached yet. None where none are."""
    found: datetime | None = connection.scalar(text("select dashboard.history_cut()"))
    return found


def history_modules(connection: Connection, class_id: UUID | None = None) -> dict[UUID, str]:
    """The modules of a class of mine, or of all of them, by name."""
    rows = connection.execute(
        text("""
            select module.id, module.name
            from roster.module
            where module.id in (
                select module_id
                from roster.class_module
                where cast(:class_id as uuid) is null or class_id = :class_id
            )
            order by module.name, module.id
        """),
        {"class_id": class_id},
    )
    return {row.id: row.name for row in rows}
