"""Whom a file may name, and what is stored of them."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.access import arrays
from data.files.importing.judging.verdicts import CurrentRow
from data.files.importing.roster import KnownModule, KnownStudent, Roster
from data.files.importing.template import FilledRow
from data.reading.row_values import as_values, values_of_row
from data.rules.progress import Key


def roster(connection: Connection, class_id: UUID | None = None) -> Roster:
    """The students and modules I may see, or those of one class; by name."""
    students = connection.execute(
        text("""
            select student.id, student.full_name, student.email
            from roster.student
            where cast(:class_id as uuid) is null
                or student.id in (
                    select student_id
                    from roster.class_student
                    where class_id = :class_id
                )
            order by student.full_name, student.id
        """),
        {"class_id": class_id},
    )
    modules = connection.execute(
        text("""
            select module.id, module.name, module.type
            from roster.module
            where cast(:class_id as uuid) is null
                or module.id in (
                    select module_id
                    from roster.class_module
                    where class_id = :class_id
                )
            order by module.name, module.id
        """),
        {"class_id": class_id},
    )
    return Roster(
        tuple(KnownStudent(row.id, row.full_name, row.email) for row in students),
        tuple(KnownModule(row.id, row.name, row.type) for row in modules),
        _ids_elsewhere(connection, "student"),
        _ids_elsewhere(connection, "module"),
    )


def _ids_elsewhere(connection: Connection, kind: str) -> dict[str, UUID]:
    """Of other systems whose roster was taken, for whoever manages it; none that means two of ours."""
    rows = connection.execute(
        text("""
            select source_id, min(our_id::text)::uuid as our_id
            from school.source_id
            where kind = :kind
            group by source_id
            having count(distinct our_id) = 1
        """),
        {"kind": kind},
    )
    return {row.source_id: row.our_id for row in rows}


def current_values(connection: Connection, keys: Iterable[Key]) -> dict[Key, CurrentRow]:
    """What is stored for each of these students and modules; every key is in the answer.

    Eligible is what is in one of the student's classes or has a row: what save() takes.
    """
    wanted = list(keys)
    rows = connection.execute(
        text("""
            select
                coalesce(progress.status, 'NotStarted'),
                progress.progress_percentage,
                progress.score,
                progress.completed_at,
                progress.student_id is not null or mine.student_id is not null as eligible,
                progress.score_in_details
            from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
                with ordinality as wish (student_id, module_id, place)
            left join (
                select
                    student_id,
                    module_id,
                    status,
                    progress_percentage,
                    score,
                    completed_at,
                    case when score is null then internal.score_in(progress_details) end as score_in_details
                from dashboard.progress
                where student_id = any(cast(:among as uuid[]))
            ) as progress using (student_id, module_id)
            left join (
                select distinct class_student.student_id, class_module.module_id
                from roster.class_student
                join roster.class_module using (class_id)
                where class_student.student_id = any(cast(:among as uuid[]))
            ) as mine using (student_id, module_id)
            order by wish.place
        """),
        arrays.keys(wanted) | {"among": arrays.ids({student for student, _ in wanted})},
    ).all()
    return {
        key: CurrentRow(as_values(*values), is_eligible, score)
        for key, (*values, is_eligible, score) in zip(wanted, rows, strict=True)
    }


def stored_rows(connection: Connection, class_id: UUID | None = None) -> list[FilledRow]:
    """Every module of every student of a class, or of all I may see, as stored; by student and module."""
    rows = connection.execute(
        text(_STORED),
        {"class_id": class_id},
    )
    return [
        FilledRow(
            KnownStudent(row.student_id, row.full_name, row.email),
            KnownModule(row.module_id, row.name, row.type),
            values_of_row(row),
        )
        for row in rows
    ]


_STORED: Final = """
with mine as (
    select
        class_student.student_id,
        class_module.module_id,
        min(class_module.position) as position
    from roster.class_student
    join roster.class_module using (class_id)
    where cast(:class_id as uuid) is null or class_id = :class_id
    group by class_student.student_id, class_module.module_id
)
select
    mine.student_id,
    student.full_name,
    student.email,
    mine.module_id,
    module.name,
    module.type,
    coalesce(progress.status, 'NotStarted') as status,
    progress.progress_percentage,
    progress.score,
    progress.completed_at
from mine
join roster.student on student.id = mine.student_id
join roster.module on module.id = mine.module_id
left join (
    select student_id, module_id, status, progress_percentage, score, completed_at
    from dashboard.progress
) as progress using (student_id, module_id)
order by student.full_name, mine.student_id, mine.position, module.name, mine.module_id
"""
