"""How far classes are in their modules, counted for many at once, and what of it happened in a period."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.durations import Moved, sitting, took
from data.reading.trends.outliers import Tally
from data.rules.progress import Status

MOST_STUDENTS: Final = 6_000
"""Of more of them in all modules at once nothing is counted."""
MOST_TIMES: Final = 12_000
"""Of more completions at once it is not looked up how long each took."""


def module_tallies(
    connection: Connection, classes: Sequence[UUID], module_id: UUID | None, first: date, last: date
) -> list[Tally]:
    """One for each of these classes and each of its modules (or one): as it is now, and how often it was
    completed from one day to another, with how long it took."""
    asked = {"classes": list(classes), "module": module_id, "first": first, "last": last}
    rows = connection.execute(
        text("""
            select
                class_module.class_id,
                class_module.module_id,
                module.name,
                coalesce(size.students, 0) as students,
                coalesce(known.begun, 0)::int as begun,
                coalesce(known.completed, 0)::int as completed,
                coalesce(known.failed, 0)::int as failed,
                coalesce(lately.completions, 0) as completions
            from roster.class_module
            join roster.module on module.id = class_module.module_id
            left join (
                select class_id, count(*) as students
                from roster.class_student
                where class_id = any(:classes)
                group by class_id
            ) as size using (class_id)
            left join (
                select
                    class_id,
                    module_id,
                    sum(begun + completed) as begun,
                    sum(completed) as completed,
                    sum(failed) as failed
                from dashboard.class_score
                where class_id = any(:classes)
                group by class_id, module_id
            ) as known using (class_id, module_id)
            left join dashboard.module_completions(:classes, cast(:module as uuid), :first, :last) as lately
                using (class_id, module_id)
            where class_module.class_id = any(:classes)
                and class_module.class_id = any(array(select internal.my_staffed_classes()))
                and (cast(:module as uuid) is null or class_module.module_id = :module)
            order by module.name, class_module.module_id, class_module.class_id
        """),
        asked,
    ).all()
    many = sum(row.completions for row in rows)
    times = _times(connection, asked) if many <= MOST_TIMES else {}
    return [
        Tally(
            row.class_id,
            row.module_id,
            row.name,
            row.begun,
            row.completed,
            row.failed,
            tuple(times.get((row.class_id, row.module_id), ())),
            row.completions,
            row.students,
        )
        for row in rows
    ]


def _times(
    connection: Connection, asked: Mapping[str, Any]
) -> Mapping[tuple[UUID, UUID], list[timedelta]]:
    """By class and module how long it took, of whom that is known."""
    found: defaultdict[tuple[UUID, UUID], list[timedelta]] = defaultdict(list)
    for row in connection.execute(
        text("""
            select * from dashboard.completion_times(:classes, cast(:module as uuid), :first, :last)
        """),
        asked,
    ):
        moves = zip(row.moved_at or (), row.was or (), row.became or (), strict=True)
        time = took(
            [
                Moved(at, was and Status(was), became and Status(became))
                for at, was, became in moves
            ],
            row.completed_at,
            *sitting(row.type, row.started, row.submitted),
        )
        if time is not None:
            found[row.class_id, row.module_id].append(time)
    return found
