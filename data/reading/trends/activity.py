"""How many students worked, week by week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.trends.weeks import Counted

MOST: Final = 20_000
"""So many weeks of students are looked at one by one: of two thousand students ten."""


def weekly_activity(
    connection: Connection, classes: Sequence[UUID], first: date, last: date, *, by_class: bool
) -> Counted:
    """Students of these classes of whose own work, in whichever module, anything is on record in a week, from
    one day to another; who is in two of the classes counts in both."""
    rows = connection.execute(
        text("""
            select case when :by_class then class_id end as class_id, monday, sum(students)::int as many
            from dashboard.active_weeks(:classes, :first, :last)
            group by 1, 2
        """),
        {"classes": list(classes), "first": first, "last": last, "by_class": by_class},
    )
    return {(row.class_id, row.monday): row.many for row in rows}
