"""What a history can be asked for: by whom, from when to when, of whom."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

# Not roster.student: that would read all there are.
MINE: Final = "select distinct internal.my_students() as id"
OF_CLASS: Final = "select student_id as id from roster.class_student where class_id = :class_id"


def whose(connection: Connection, class_id: UUID | None = None) -> str | None:
    """The question for my students (of a class), where these are not all there are: from each of them
    PostgreSQL goes straight to their entries, and looks through nobody else's, however quiet a school was."""
    if class_id is not None:
        return OF_CLASS
    return None if connection.scalar(text("select internal.sees_everybody()")) else MINE


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
    mine = whose(connection)
    first, last = (
        connection.scalar(
            text(
                "select at from dashboard.history" + order
                if mine is None
                else "select at from (" + mine + ") as mine cross join lateral (select at "
                "from dashboard.history where student_id = mine.id" + order + ") as entry" + order
            )
        )
        for order in (" order by at limit 1", " order by at desc limit 1")
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
