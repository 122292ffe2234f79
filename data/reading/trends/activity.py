"""How many students worked, week by week."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.trends.weeks import Counted

_OF_CLASSES: Final = """
    select class_id, day as monday, active as students
    from dashboard.class_completion
    where class_id = any(:classes) and day between date_trunc('week', cast(:first as timestamp)) and :last
"""
_OF_MODULE: Final = "select * from dashboard.active_weeks(:classes, :module, :first, :last)"


def weekly_activity(
    connection: Connection,
    classes: Sequence[UUID],
    module_id: UUID | None,
    first: date,
    last: date,
    *,
    by_class: bool,
) -> Counted:
    """Students of these classes of whose own work, in one module or whichever, anything is on record in a week,
    from that of one day to another's; who is in two of the classes counts in both."""
    counted = _OF_CLASSES if module_id is None else _OF_MODULE
    rows = connection.execute(
        text(
            "select case when :by_class then class_id end as class_id, monday, sum(students)::int as many "
            "from (" + counted + ") as known group by 1, 2 having sum(students) <> 0"
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
