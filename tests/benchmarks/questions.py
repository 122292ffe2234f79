"""What the works need to know of the kept database, and the bare SQL that each work cannot do without.

All as the owner: no policy, no view, only the table of progress and who is in which class.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

import psycopg

from data.reading.classes.matrix import sort_key
from tests.benchmarks import plan
from tests.benchmarks.plan import Plan

Connection = psycopg.Connection[tuple[Any, ...]]

# The fastest of seven ways that were tried (a plain join takes 75 ms for the cohort where this takes 20).
MATRIX: Final = """
select student.id, student.full_name, row.cells
from school.class_student
join school.student on student.id = class_student.student_id
cross join lateral (
    select
        string_agg(
            left(progress.status::text, 1)
            || coalesce(progress.progress_percentage::text, '')
            || coalesce('/' || progress.score, ''),
            ';'
        ) as cells,
        bool_or(progress.status = 'NotStarted') as is_wanted
    from public.student_module_progress as progress
    where progress.student_id = class_student.student_id
        and progress.module_id in (
            select module_id
            from school.class_module
            where class_id = class_student.class_id
        )
) as row
where class_student.class_id = %(class)s
"""
FILTERED: Final = MATRIX + " and row.is_wanted"
SAVE: Final = """
update public.student_module_progress
set progress_percentage = %(percentage)s, last_updated = clock_timestamp()
where student_id = %(student)s and module_id = %(module)s
"""
STUDENT: Final = """
select
    modules.name, modules.type, progress.status, progress.progress_percentage, progress.score,
    progress.last_updated, progress.completed_at, progress.progress_details
from public.student_module_progress as progress
join public.modules on modules.id = progress.module_id
where progress.student_id = %(student)s
order by modules.sequence
"""
OVERVIEW: Final = """
select class.name, sum(row.completed), sum(row.in_progress), sum(row.modules)
from school.class
join school.class_student on class_student.class_id = class.id
cross join lateral (
    select
        count(*) filter (where progress.status = 'Completed') as completed,
        count(*) filter (where progress.status = 'InProgress') as in_progress,
        count(*) as modules
    from public.student_module_progress as progress
    where progress.student_id = class_student.student_id
        and progress.module_id in (
            select module_id
            from school.class_module
            where class_id = class_student.class_id
        )
) as row
where class.organisation_id = %(organisation)s
group by class.id
"""
OF_ALL: Final = OVERVIEW.replace("class.organisation_id = %(organisation)s", "true")
CLASSES: Final = """
select class.name, count(*), count(*) filter (where progress.status = 'Completed')
from school.class_module
join school.class on class.id = class_module.class_id
join school.class_student on class_student.class_id = class.id
left join public.student_module_progress as progress
    on progress.student_id = class_student.student_id and progress.module_id = class_module.module_id
where class_module.module_id = %(module)s
group by class.id
order by class.name, class.id
"""
ASTRAY: Final = """
select count(*)
from public.student_module_progress as progress
join school.student on student.id = progress.student_id and student.organisation_id = %(organisation)s
where not exists (
    select
    from school.class_student
    join school.class_module using (class_id)
    where class_student.student_id = progress.student_id and class_module.module_id = progress.module_id
)
"""
NEWEST: Final = """
select history.id, history.before, history.after
from school.student
join dashboard.history on history.student_id = student.id
where student.organisation_id = %(organisation)s
order by history.id desc
limit 100
"""


class Cell(NamedTuple):
    """A course in progress of a class's student, as near the matrix's top left as there is one."""

    student: UUID
    module: UUID
    name: str
    module_name: str


@dataclass(frozen=True)
class Known:
    """Of the first organisation: who, which classes, and what the pages must show."""

    teacher: UUID
    coordinator: UUID
    admin: UUID
    quiet: UUID
    small: UUID
    cohort: UUID
    names: Mapping[UUID, str]
    classes: int
    students_with: Mapping[str, int]
    in_small: Cell
    in_cohort: Cell
    in_further: Cell


def known(owner: Connection, wanted: Plan) -> Known:
    """Asked once, before anything is timed."""
    groups = wanted.groups()
    small, cohort, further = (plan.class_id(0, group) for group in groups[:3])
    counts = owner.execute(
        """
        select progress.status::text, count(distinct progress.student_id)
        from school.class_student
        join public.student_module_progress as progress using (student_id)
        where class_student.class_id = %s
        group by 1
        """,
        (cohort,),
    ).fetchall()
    return Known(
        plan.teacher(0),
        plan.coordinator(0),
        plan.admin(),
        plan.quiet_coordinator(),
        small,
        cohort,
        {plan.class_id(0, group): group.name for group in groups},
        len(groups),
        {str(status): count for status, count in counts},
        *(_cell(owner, class_id) for class_id in (small, cohort, further)),
    )


def _cell(owner: Connection, class_id: UUID) -> Cell:
    found = owner.execute(
        """
        select student.id, modules.id, student.full_name, modules.name, class_module.position,
            count(*) over (partition by student.id)
        from school.class_student
        join school.student on student.id = class_student.student_id
        join school.class_module on class_module.class_id = class_student.class_id
        join public.modules on modules.id = class_module.module_id
        join public.student_module_progress as progress
            on progress.student_id = student.id and progress.module_id = modules.id
        where class_student.class_id = %s
            and progress.status = 'InProgress'
            and modules.type = 'course'
        """,
        (class_id,),
    ).fetchall()
    # With two, one status more or less does not move the student into or out of what W3 filters by.
    fits = [row for row in found if row[5] > 1]
    first = min(fits, key=lambda row: (row[4] > 5, sort_key(row[2]), str(row[0])))
    return Cell(*first[:4])


def study(owner: Connection, cell: Cell, run: int) -> None:
    """What the platform does while a student works: one row gets another percentage and status.

    Every run's values are others than those of the run before; after an odd run it is in progress.
    """
    owner.execute(
        """
        update public.student_module_progress
        set progress_percentage = %s, status = %s, last_updated = clock_timestamp()
        where student_id = %s and module_id = %s
        """,
        (5 + run % 90, ("Completed", "InProgress")[run % 2], cell.student, cell.module),
    )


def advance(owner: Connection) -> None:
    """Another version of the database, with nothing changed in it: some other school's write."""
    owner.execute("select pg_current_xact_id()")


def sql_ms(owner: Connection, known: Known, work: str, runs: int) -> list[float]:
    """Milliseconds of a work's bare SQL over the wire, `runs` times after one to warm up."""
    organisation = {"organisation": plan.organisation(0)}
    cohort = {"class": known.cohort}
    student = {"student": known.in_cohort.student}

    def save() -> None:
        owner.execute(
            SAVE,
            {
                "percentage": 40,
                "student": known.in_cohort.student,
                "module": known.in_cohort.module,
            },
        )
        owner.execute(MATRIX, cohort).fetchall()

    asked: dict[str, Callable[[], object]] = {
        "W1": lambda: owner.execute(MATRIX, {"class": known.small}).fetchall(),
        "W2": lambda: owner.execute(MATRIX, cohort).fetchall(),
        "W3": lambda: owner.execute(FILTERED, cohort).fetchall(),
        "W4": save,
        "W5": lambda: owner.execute(STUDENT, student).fetchall(),
        "W6": lambda: owner.execute(OVERVIEW, organisation).fetchall(),
        "W6A": lambda: owner.execute(OF_ALL).fetchall(),
        "W7": lambda: owner.execute(CLASSES, {"module": known.in_small.module}).fetchall(),
        "W8": lambda: owner.execute(
            "select rule, sum(rows) from internal.doubt group by 1"
        ).fetchall(),
        "W8C": lambda: owner.execute(ASTRAY, organisation).fetchall(),
        "W9": lambda: owner.execute(NEWEST, {"organisation": plan.quiet_organisation()}).fetchall(),
        "W10": lambda: owner.execute(
            "select id from school.student where full_name = %s limit 6", (known.in_cohort.name,)
        ).fetchall(),
    }
    return _timed(asked[work], runs)


def _timed(ask: Callable[[], object], runs: int) -> list[float]:
    taken = []
    for _ in range(1 + runs):
        began = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - began))
    return taken[1:]
