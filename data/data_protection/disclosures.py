"""Who looked at or exported a student's data: read for an administrator, and as a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.files.exporting.delimited import as_delimited
from data.i18n.formats import local

KINDS: Final = {
    "look": "Looked at",
    "file": "Exported a file",
    "report": "Made a report",
    "record": "Exported all stored data",
    "mail": "Got a digest by mail",
}

HEADINGS: Final = ("When", "Who", "Role then", "What", "Class")

MOST_ROWS: Final = 100_000
"""In one file."""


@dataclass(frozen=True)
class Disclosure:
    """One line of the record: `role` is the person's then, `kind` one of KINDS; `class_name` says that it was a
    page or a file of a class. Of whoever is no longer there is no name."""

    id: int
    at: datetime
    person: str | None
    role: str
    kind: str
    class_name: str | None

    @property
    def who(self) -> str:
        return self.person or "Somebody who is no longer there"


def disclosures(
    connection: Connection, student_id: UUID, before_id: int | None = None, limit: int = MOST_ROWS
) -> list[Disclosure]:
    """The lines about this student, newest first; none for anybody but administrators."""
    rows = connection.execute(
        text("select * from dashboard.disclosures(:student_id, :before_id, :limit)"),
        {"student_id": student_id, "before_id": before_id, "limit": limit},
    )
    return [
        Disclosure(row.id, row.at, row.name_of_person, row.role, row.kind, row.name_of_class)
        for row in rows
    ]


def disclosures_csv(lines: Iterable[Disclosure], zone: tzinfo) -> bytes:
    """The same as a table; moments are of `zone`."""
    rows = (
        (
            local(one.at, zone).replace(microsecond=0, tzinfo=None),
            one.who,
            one.role.capitalize(),
            KINDS[one.kind],
            one.class_name,
        )
        for one in lines
    )
    return as_delimited([HEADINGS, *rows])
