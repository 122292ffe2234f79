"""Which modules there are, and for whom."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, text

from data.access import arrays
from data.rules.progress import Edit, Key


def module_types(connection: Connection, modules: Collection[UUID]) -> dict[UUID, str]:
    """The types of these modules, of those that are known."""
    rows = connection.execute(
        text("""
            select id, type
            from roster.module
            where id = any(cast(:modules as uuid[]))
        """),
        {"modules": arrays.ids(modules)},
    ).all()
    return {row.id: row.type for row in rows}


def eligible(connection: Connection, edits: Collection[Edit]) -> set[Key]:
    """Those whose module is in a class of the student."""
    if not edits:
        return set()
    rows = connection.execute(
        text("""
            select wish.student_id, wish.module_id
            from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
                as wish (student_id, module_id)
            where exists (
                select
                from roster.class_student
                join roster.class_module using (class_id)
                where class_student.student_id = wish.student_id
                    and class_module.module_id = wish.module_id
            )
        """),
        arrays.keys((edit.student_id, edit.module_id) for edit in edits),
    ).all()
    return {(student, module) for student, module in rows}
