"""How far classes are in their modules, counted for many of them at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.modules.sections import times_of
from data.reading.trends.outliers import Tally


def module_tallies(
    connection: Connection, classes: Sequence[UUID], module_id: UUID | None
) -> list[Tally]:
    """One for each of these classes and each of its modules (of one of them, with the days that it took)."""
    rows = connection.execute(
        text("""
            select tally.*, module.name
            from dashboard.module_tallies(:classes, cast(:module_id as uuid)) as tally
            join roster.module on module.id = tally.module_id
            order by module.name, tally.module_id, tally.class_id
        """),
        {"classes": list(classes), "module_id": module_id},
    ).all()
    days = _days(connection, module_id, {row.class_id: row.completed_by or () for row in rows})
    return [
        Tally(
            row.class_id,
            row.module_id,
            row.name,
            row.begun,
            row.completed,
            row.failed,
            tuple(days[row.class_id]),
        )
        for row in rows
    ]


def _days(
    connection: Connection, module_id: UUID | None, completed: Mapping[UUID, Sequence[UUID]]
) -> Mapping[UUID, list[timedelta]]:
    """How long the module took in each class, of whom it is known."""
    found: defaultdict[UUID, list[timedelta]] = defaultdict(list)
    if module_id is None:
        return found
    took = times_of(
        connection, module_id, sorted({one for each in completed.values() for one in each})
    )
    for class_id, students in completed.items():
        found[class_id] = [time for one in students if (time := took.get(one)) is not None]
    return found
