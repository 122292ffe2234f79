"""The four correctable fields of a stored row."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row

from data.rules.progress import Field, Status, Value

_STATUSES: Final = {status.value: status for status in Status}


def values_of_row(row: Row[Any]) -> dict[Field, Value]:
    """Of a row that has them as columns."""
    return as_values(row.status, row.progress_percentage, row.score, row.completed_at)


def as_values(
    status: str, percentage: int | None, score: Decimal | None, completed_at: datetime | None
) -> dict[Field, Value]:
    """The same, of thousands of rows: a row's columns by name cost more than all the rest."""
    return {
        Field.STATUS: _STATUSES[status],
        Field.PERCENTAGE: percentage,
        Field.SCORE: score,
        Field.COMPLETED_AT: completed_at,
    }
