"""Who looks at or exports whose data: recorded by the database, in the transaction of whoever does."""

from collections.abc import Iterable
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from data.access.errors import DataError, as_problem
from data.access.session import Actor, acting_as

Kind = Literal["look", "file", "report", "record", "mail"]
"""A page that shows it; and what is exported: a table, a report to hand out, all stored data, a mail."""

NOT_RECORDED: Final = (
    "Whose data is exported must be recorded, and that was not possible just now. So there is no file: load "
    "the page again and try once more."
)


class NotRecorded(DataError):
    """It could not be recorded: nothing may be handed out."""


def disclosed(
    connection: Connection, kind: Kind, students: Iterable[UUID], class_id: UUID | None = None
) -> None:
    """Record that whoever acts here looks at these students' data or exports it, of this class where it is
    one's. A look is recorded once a day.

    Raises NotRecorded where they may not see one of the students, or others hold the record for too long.
    """
    try:
        connection.execute(
            text("select dashboard.disclose(:kind, :students, :class_id)"),
            {"kind": kind, "students": list(students), "class_id": class_id},
        )
    except DBAPIError as error:
        if as_problem(error) is None:
            raise
        raise NotRecorded(NOT_RECORDED) from error


def disclosed_by(
    actor: Actor, kind: Kind, students: Iterable[UUID], class_id: UUID | None = None
) -> None:
    """The same in a transaction of its own, for what was read before. Raises DatabaseAway or DatabaseNotReady
    too."""
    with acting_as(actor) as connection:
        disclosed(connection, kind, students, class_id)
