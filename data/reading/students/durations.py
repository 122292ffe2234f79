"""How long a student's modules took."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.durations import Moved, sitting, took
from data.reading.students.students import StudentModule
from data.rules.progress import Status


def durations(
    connection: Connection, student_id: UUID, modules: Sequence[StudentModule]
) -> dict[UUID, timedelta]:
    """How long each completed module of a student took, for those of which it is known."""
    completed = [one for one in modules if one.status is Status.COMPLETED]
    moves = _moves(connection, student_id) if completed else {}
    found = {
        one.module.id: took(
            moves.get(one.module.id, ()),
            one.completed_at,
            *sitting(one.module.type, one.started, one.submitted),
        )
        for one in completed
    }
    return {module: time for module, time in found.items() if time is not None}


def _moves(connection: Connection, student_id: UUID) -> dict[UUID, list[Moved]]:
    """The changes of status in a student's modules, oldest first."""
    rows = connection.execute(
        text("""
            select
                change.module_id,
                change.at,
                change.before ->> 'status' as was,
                change.after ->> 'status' as became
            from dashboard.change
            where change.student_id = :student_id
                and change.before ->> 'status' is distinct from change.after ->> 'status'
            order by change.id
        """),
        {"student_id": student_id},
    )
    found: defaultdict[UUID, list[Moved]] = defaultdict(list)
    for row in rows:
        found[row.module_id].append(Moved(row.at, _status(row.was), _status(row.became)))
    return found


def _status(written: str | None) -> Status | None:
    return Status(written) if written else None
