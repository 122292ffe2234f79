"""What happened, by whom and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class Change:
    """One entry of the history: changed columns only, before and after."""

    at: datetime
    student_id: UUID
    module_id: UUID
    module_name: str | None
    operation: str
    source: str
    author: str | None
    reason: str | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def changes(
    connection: Connection, student_id: UUID, module_id: UUID | None = None, limit: int = 20
) -> list[Change]:
    """What changed lately, newest first."""
    rows = connection.execute(
        text("""
            select
                change.at,
                change.student_id,
                change.module_id,
                module.name as module_name,
                change.operation,
                change.source,
                change.author_name,
                change.reason,
                change.before,
                change.after
            from dashboard.change
            left join roster.module on module.id = change.module_id
            where change.student_id = :student_id
                and (cast(:module_id as uuid) is null or change.module_id = :module_id)
            order by change.id desc
            limit :limit
        """),
        {"student_id": student_id, "module_id": module_id, "limit": limit},
    )
    return [
        Change(
            row.at,
            row.student_id,
            row.module_id,
            row.module_name,
            row.operation,
            row.source,
            row.author_name,
            row.reason,
            row.before or {},
            row.after or {},
        )
        for row in rows
    ]
