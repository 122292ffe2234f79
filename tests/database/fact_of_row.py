"""A student's fact, of a row written anew."""

import json
from typing import Any
from uuid import UUID

from tests.clusters import Scratch
from tests.database.rows_as_owner import ask
from tests.people import ANN, COURSE


def fact(school: Scratch, student: UUID = ANN, module: UUID = COURSE) -> dict[str, Any]:
    found = ask(
        school,
        "select * from dashboard.fact where student_id = %s and module_id = %s",
        student,
        module,
    )
    assert len(found) == 1
    return found[0]


def fact_of(school: Scratch, details: Any = None, **columns: Any) -> dict[str, Any]:
    """Ann's course written anew, old and plain but for what is given; and the fact of it."""
    row = {
        "status": "InProgress",
        "score": None,
        "last_updated": "2026-01-01T00:00Z",
        "completed_at": None,
        "progress_percentage": None,
    } | columns
    ask(school, "delete from public.student_module_progress where student_id = %s", ANN)
    ask(
        school,
        f"insert into public.student_module_progress (student_id, module_id, progress_details, "
        f"{', '.join(row)}) values (%s, %s, %s::jsonb{', %s' * len(row)})",
        ANN,
        COURSE,
        None if details is None else json.dumps(details),
        *row.values(),
    )
    return fact(school)
