"""What the module page's sections ask for when they are opened: of the students that it shows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.classes.matrix import MatrixStudent
from data.reading.durations import Moved, sitting, took
from data.reading.modules.assessment_results import Sittings, sittings
from data.reading.modules.funnel import Funnel, funnel
from data.reading.modules.other_facts import Summed, summed
from data.reading.modules.page import ModulePage, module_details
from data.reading.modules.times import TimesTaken, times_taken
from data.rules.attention_figures import stuck_after
from data.rules.progress import Status


def module_funnel(connection: Connection, page: ModulePage) -> Funnel:
    """How far the students come in a course."""
    students = page.found.students
    found = module_details(connection, page.module.id, _ids(students))
    statuses = {one.id: one.status_of_one for one in students}
    stuck = {student: stuck_after(held) for student, held in page.judged_by.items()}
    return funnel(found.lessons, statuses, found.details, found.too_large, stuck)


def module_sittings(connection: Connection, page: ModulePage) -> Sittings:
    """What the details of an assessment tell."""
    found = module_details(connection, page.module.id, _ids(page.found.students))
    return sittings(found.details.values(), found.too_large)


def module_recorded(connection: Connection, page: ModulePage) -> Summed:
    """What the details of any other type tell."""
    found = module_details(connection, page.module.id, _ids(page.found.students))
    return summed(found.details.values(), found.too_large)


def module_times(connection: Connection, page: ModulePage) -> TimesTaken:
    """How long those who completed it took, as the page of each of them says."""
    completed = _ids([one for one in page.found.students if one.completed])
    return times_taken(len(completed), times_of(connection, page.module.id, completed))


def times_of(
    connection: Connection, module_id: UUID, students: Sequence[UUID]
) -> dict[UUID, timedelta | None]:
    """How long each of these took, who completed it; None where that is not known."""
    asked = {"module_id": module_id, "student_ids": list(students)}
    moves = _moves(connection, asked)
    return {
        row.student_id: took(
            moves.get(row.student_id, ()),
            row.completed_at,
            *sitting(row.type, row.started, row.submitted),
        )
        for row in connection.execute(text(_SITTINGS), asked)
    }


_SITTINGS: Final = """
select
    progress.student_id,
    module.type,
    progress.completed_at,
    progress.progress_details -> 'started_at' as started,
    progress.progress_details -> 'submitted_at' as submitted
from dashboard.progress as progress
join roster.module on module.id = progress.module_id
where progress.module_id = :module_id and progress.student_id = any(:student_ids)
"""


def _moves(connection: Connection, asked: dict[str, Any]) -> dict[UUID, list[Moved]]:
    """The students' changes of status in the module, oldest first."""
    rows = connection.execute(
        text("""
            select
                student_id,
                at,
                before ->> 'status' as was,
                after ->> 'status' as became
            from dashboard.change
            where module_id = :module_id
                and student_id = any(:student_ids)
                and before ->> 'status' is distinct from after ->> 'status'
            order by id
        """),
        asked,
    )
    moves: defaultdict[UUID, list[Moved]] = defaultdict(list)
    for row in rows:
        was, became = (Status(one) if one else None for one in (row.was, row.became))
        moves[row.student_id].append(Moved(row.at, was, became))
    return moves


def _ids(students: Sequence[MatrixStudent]) -> list[UUID]:
    return [one.id for one in students]
