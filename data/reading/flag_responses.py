"""What staff responded to what is flagged of a student."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class GivenResponse:
    """What was responded last to a rule in a class, and not taken back. `author` is None where the name is not
    mine to know; `text` is what was noted with it, as it reads by now."""

    id: UUID
    class_id: UUID
    rule: str
    response: str
    author: str | None
    at: datetime
    text: str | None


def flag_responses(connection: Connection, student_id: UUID) -> list[GivenResponse]:
    """Those of this student in the classes that I staff, the newest first."""
    rows = connection.execute(
        text("""
            select
                last.id, last.class_id, last.rule, last.response, staff.full_name, last.at,
                note.text
            from (
                select distinct on (class_id, rule) *
                from dashboard.flag_response
                where student_id = :student_id
                order by class_id, rule, number desc
            ) as last
            left join roster.staff on staff.id = last.author_id
            left join lateral (
                select version.text
                from dashboard.note as version
                where version.student_id = :student_id and version.note_id = last.note_id
                order by version.number desc
                limit 1
            ) as note on true
            where last.response <> 'taken_back'
            order by last.number desc
        """),
        {"student_id": student_id},
    )
    return [GivenResponse(*row) for row in rows]
