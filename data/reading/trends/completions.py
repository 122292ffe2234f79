"""How much was completed week by week, and whose weeks there are to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.classes.overview import told_apart
from data.reading.trends.weeks import Counted


@dataclass(frozen=True)
class TrendClass:
    """A class that I staff, by a name that no other of mine has."""

    id: UUID
    name: str
    organisation_id: UUID
    organisation: str
    students: int


def trend_classes(
    connection: Connection, class_id: UUID | None, module_id: UUID | None
) -> list[TrendClass]:
    """My classes, with this one where it is archived too; of a module those that have it."""
    rows = connection.execute(
        text("""
            select
                class.id,
                class.name,
                class.school_year,
                class.organisation_id,
                organisation.name as organisation,
                coalesce(its.students, 0) as students
            from roster.class
            join roster.organisation on organisation.id = class.organisation_id
            left join (
                select class_id, count(*) as students
                from roster.class_student
                group by class_id
            ) as its on its.class_id = class.id
            where class.id in (select internal.my_staffed_classes())
                and (class.archived_at is null or class.id = :class_id)
                and (
                    cast(:module_id as uuid) is null
                    or class.id in (
                        select class_id from roster.class_module where module_id = :module_id
                    )
                )
            order by organisation.name, class.name, class.school_year desc nulls last, class.id
        """),
        {"class_id": class_id, "module_id": module_id},
    ).all()
    names = told_apart(rows)
    return [
        TrendClass(row.id, names[row.id], row.organisation_id, row.organisation, row.students)
        for row in rows
    ]


_OF_CLASSES: Final = """
    select class_id, day, completions as change
    from dashboard.class_completion
    where class_id = any(:classes) and day >= :first
"""
# The days of one module are not kept: they are those of its completions.
_OF_MODULE: Final = """
    select its.class_id, timezone('UTC', completion.at)::date as day, completion.change
    from dashboard.completion
    join roster.class_student as its on its.student_id = completion.student_id
    where completion.module_id = :module
        and its.class_id = any(:classes)
        and completion.at >= timezone('UTC', cast(:first as timestamp))
"""


def weekly_completions(
    connection: Connection,
    classes: Sequence[UUID],
    module_id: UUID | None,
    first: date,
    last: date,
    *,
    by_class: bool,
) -> Counted:
    """Completions of these classes' modules (of one of them) from one day to another, less what was taken back;
    a student in two of the classes counts in both. A clock that is ahead wrote on the database's own day."""
    counted = _OF_CLASSES if module_id is None else _OF_MODULE
    rows = connection.execute(
        text(
            "select case when :by_class then class_id end as class_id, "
            "day - extract(isodow from day)::int + 1 as monday, sum(change)::int as many "
            "from (select class_id, least(day, timezone('UTC', now())::date) as day, change "
            "from (" + counted + ") as event) as event where day <= :last group by 1, 2"
        ),
        {
            "classes": list(classes),
            "module": module_id,
            "first": first,
            "last": last,
            "by_class": by_class,
        },
    )
    return {(row.class_id, row.monday): row.many for row in rows}
