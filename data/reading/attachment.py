"""Whose the roster is: ours, or a platform's that this database was attached to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, text

THE_PLATFORMS: Final = (
    "People, classes and modules are the platform’s here: whatever is to be changed of them is changed there, "
    "and read from it again."
)


@dataclass(frozen=True)
class Attachment:
    """The roster is the platform's and was copied at `refreshed_at`; what happened is known from `known_since`.

    `failed_at` is when it could not be read again, None where the last time went well. Why not (`error`) is
    told to administrators, and who was not taken (`not_taken`, how many by reason) to coordinators too.
    """

    adapter: str
    known_since: datetime | None
    refreshed_at: datetime | None
    failed_at: datetime | None
    error: str | None
    not_taken: Mapping[str, int]
    has_triggers: bool
    """Else what the platform writes is seen only when it is read again, and has no history."""


def attachment(connection: Connection) -> Attachment | None:
    """None where the school is entered here."""
    row = connection.execute(text("select * from dashboard.attachment()")).one_or_none()
    if row is None:
        return None
    return Attachment(**{**row._mapping, "not_taken": row.not_taken or {}})
