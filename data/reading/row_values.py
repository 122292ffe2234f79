"""The four correctable fields of a stored row, and the score that pages show where it has none."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, Row, text

from data.access import arrays
from data.rules.progress import Field, Key, Status, Value

_KNOWN: Final = {status.value: status for status in Status}


def values_of_row(row: Row[Any]) -> dict[Field, Value]:
    """Of a row that has them as columns."""
    return as_values(row.status, row.progress_percentage, row.score, row.completed_at)


def as_values(
    status: str, percentage: int | None, score: Decimal | None, completed_at: datetime | None
) -> dict[Field, Value]:
    """The same, of thousands of rows: a row's columns by name cost more than all the rest."""
    return {
        Field.STATUS: _KNOWN.get(status) or Status(status),
        Field.PERCENTAGE: percentage,
        Field.SCORE: score,
        Field.COMPLETED_AT: completed_at,
    }


def scores_in_details(connection: Connection, keys: Iterable[Key]) -> dict[Key, Decimal]:
    """The scores in the details of these rows: what pages show of a row without a score of its own."""
    rows = connection.execute(
        text("""
            select student_id, module_id, internal.score_in(progress_details) as score
            from unnest(cast(:students as uuid[]), cast(:modules as uuid[]))
                as wanted (student_id, module_id)
            join dashboard.progress using (student_id, module_id)
        """),
        arrays.keys(keys),
    )
    return {(row.student_id, row.module_id): row.score for row in rows if row.score is not None}
