"""What happened in my classes since a moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.i18n.formats import count

LONGEST: Final = timedelta(days=31)
"""Nobody reads the news of more than a month."""

KINDS: Final = ("stuck", "failed", "slipped", "completed", "changed")
"""What can have happened, the gravest first, as dashboard.news() sorts classes: newly stuck in a quiz, newly
below a pass mark, no longer completed (not by staff), completed, changed by other staff."""


@dataclass(frozen=True)
class ClassNews:
    """What of one kind happened in a class: in how many modules of how many students, and whose they are where
    it is one student."""

    class_id: UUID
    kind: str
    modules: int
    students: int
    student_id: UUID | None
    student_name: str | None

    def words(self, name: str | None) -> str:
        """What happened, and to whom: the student of this name, else how many."""
        modules = count(self.modules, "module", "modules")
        who = name or count(self.students, "student", "students")
        match self.kind:
            case "stuck":
                return f"{who} newly stuck in a quiz"
            case "failed":
                return f"{who} newly below a pass mark"
            case "slipped":
                return f"{modules} of {who} no longer completed"
            case "completed":
                return f"{modules} completed by {who}"
        return f"{modules} of {who} changed by colleagues"


@dataclass(frozen=True)
class GravestNews:
    """How many classes have any; and what is new in the first of them, class by class, the gravest first."""

    classes: int
    first: Sequence[ClassNews]


def news(connection: Connection, since: datetime, most: int) -> GravestNews:
    """What happened after that moment, and still holds, in the classes I staff that are not archived: in `most`
    of them, the gravest first."""
    rows = connection.execute(
        text("select * from dashboard.news(cast(:since as timestamptz), :most)"),
        {"since": since, "most": most},
    ).all()
    rows = sorted(rows, key=lambda row: (row.place, KINDS.index(row.kind)))
    return GravestNews(rows[0].classes if rows else 0, [ClassNews(*row[2:]) for row in rows])
