"""A class as rows that can be corrected: one a student and module, with what is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.access import arrays
from data.reading.catalogue import MODULE
from data.reading.classes.matrix import sort_key
from data.reading.filters import Chosen, Relation, parameters, where
from data.reading.row_values import as_values
from data.rules.progress import Key, Values

STUDENT: Final = Relation("student", frozenset({"full_name"}))
CELL: Final = Relation("cell", frozenset({"status"}))
"""What the filters of this page narrow: one that asks for anything else is not among them."""


@dataclass(frozen=True)
class GridRow:
    """A student in a module. `unreadable_date` is a stored completed date that no calendar has,
    `score_in_details` what pages show where the row has no score of its own."""

    student_id: UUID
    student_name: str
    module_id: UUID
    module_name: str
    module_type: str
    values: Values
    unreadable_date: str | None
    score_in_details: Decimal | None = None

    @property
    def key(self) -> Key:
        return self.student_id, self.module_id


def grid_rows(connection: Connection, chosen: Chosen, also: Iterable[Key] = ()) -> list[GridRow]:
    """The class's rows that fit the filters class, name, module type, module and status, by student and
    module; and these `also`, whatever the filters say and whether or not they are of the class still. Of
    staff who learn in the class all but their own."""
    wanted = list(also)
    fits = (
        where(chosen, "student", STUDENT)
        + where(chosen, "module", MODULE)
        + where(chosen, "cell", CELL)
    )
    rows = connection.execute(
        text(_ROWS + fits),
        {
            **parameters(chosen),
            **arrays.keys(wanted),
            "only_module": chosen.get("module"),
        },
    ).all()
    return [_row(*row) for row in _ordered(rows)]


def learns_in(connection: Connection, class_id: UUID) -> bool:
    """Is whoever asks a student of this class, too?"""
    found: bool = connection.execute(
        text("""
            select exists (
                select
                from roster.class_student
                where class_id = :class_id and student_id = (select internal.me())
            )
        """),
        {"class_id": class_id},
    ).scalar_one()
    return found


def _row(
    student: UUID,
    name: str,
    module: UUID,
    module_name: str,
    kind: str,
    _place: int | None,
    *held: Any,
) -> GridRow:
    status, percentage, score, completed_at, written, in_details = held
    values = as_values(status, percentage, score, completed_at)
    unreadable = written if completed_at is None else None
    return GridRow(student, name, module, module_name, kind, values, unreadable, in_details)


_ROWS: Final = """
with wanted as (
    select student_id, module_id
    from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
        as wish (student_id, module_id)
),
concerned as (
    select student_id, module_id, position, true as in_class
    from roster.class_student
    join roster.class_module using (class_id)
    where class_id = :class
        -- As the filter says below, said before thousands of rows are joined.
        and (cast(:only_module as uuid) is null or module_id = :only_module)
    union all
    select student_id, module_id, null, false
    from wanted
),
cell as (
    select
        student_id,
        module_id,
        min(position) as position,
        bool_or(in_class) as in_class,
        not bool_and(in_class) as is_wanted,
        progress.status,
        progress.progress_percentage,
        progress.score,
        progress.completed_at,
        progress.completed_at::text as completed_at_text
    from concerned
    left join (
        select student_id, module_id, status, progress_percentage, score, completed_at
        from dashboard.progress
    ) as progress using (student_id, module_id)
    group by 1, 2, 6, 7, 8, 9
)
select
    cell.student_id,
    student.full_name,
    cell.module_id,
    module.name,
    module.type,
    cell.position,
    coalesce(cell.status, 'NotStarted') as status,
    cell.progress_percentage,
    cell.score,
    cell.completed_at,
    cell.completed_at_text,
    case when fact.score_source = 'details' then fact.shown_score end as score_in_details
from cell
join roster.student
    on student.id = cell.student_id
    and student.id <> (select internal.me())
join roster.module on module.id = cell.module_id
left join dashboard.fact
    on fact.student_id = cell.student_id and fact.module_id = cell.module_id
where cell.is_wanted or cell.in_class
"""


def _ordered(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """By the student's name, then by the module's place in the class; what is not in it comes last."""
    students = {row[0]: (sort_key(row[1]), str(row[0])) for row in rows}
    modules = {row[2]: (row[3], str(row[2])) for row in rows}
    return sorted(
        rows,
        key=lambda row: (students[row[0]], row[5] is None, row[5] or 0, modules[row[2]]),
    )
