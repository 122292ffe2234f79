"""All stored data of a student, for whoever answers the student's request for it.

Coordinators of the student's organisation and admins only: PostgreSQL decides (dashboard.all_stored_data), and
it writes the lines too, so that no digit, date or character is lost on the way.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from data.access import audit
from data.access.session import Actor, acting_as
from data.reading.people import clock
from data.rules.progress import Problem
from data.writing.disclosures import disclosed

NOT_OF_YOUR_SCHOOL: Final = Problem(
    None,
    "refused",
    "This student is not among those you answer for. Only coordinators of the student's own school "
    "and administrators may make a file of all stored data.",
)


class Part(NamedTuple):
    """One kind of rows: its key in the document, its title, and what its rows mean."""

    key: str
    title: str
    meaning: str


PARTS: Final = (
    Part("person", "Person", "The student as the school's list has them."),
    Part("class", "Classes", "The classes the student is in, one row per class."),
    Part(
        "progress",
        "Progress",
        "What is recorded, one row per module: status, percentage, score, dates. "
        "The details are what the learning platform wrote about the work itself, unchanged. "
        "A module without a row was not started.",
    ),
    Part(
        "fact",
        "Worked out",
        "What this program works out from each row of the progress so that pages open quickly: the score "
        "that is shown, the last activity, when it was completed, how often a quiz was tried and not passed. "
        "It says no more than Progress and History.",
    ),
    Part(
        "history",
        "History",
        "Every change of the progress since the history began: the values before and after (changed ones "
        "only; of a list in the details by place, from 0), when, by whom, and from where: the student's own "
        "work, the platform, staff, or a page of this program.",
    ),
    Part(
        "batch",
        "Saves",
        "Edits that were saved together, with the reason, where this student's progress was among them. One "
        "save may concern many students.",
    ),
    Part(
        "lock",
        "Locks",
        "Values that a coordinator locked, so that the platform may not overwrite them: with the reason, and "
        "when they were unlocked.",
    ),
    Part(
        "lock_attempt",
        "Attempts on locked values",
        "What was written over locked values and undone at once, and how often.",
    ),
    Part(
        "dismissal",
        "Left as they are",
        "What the data check found in the student's progress and somebody decided to leave as it is.",
    ),
    Part(
        "flag_response",
        "Responses to what was flagged",
        "What staff responded where a rule said that the student needs attention, and what was taken back.",
    ),
    Part(
        "flag_record",
        "When something was flagged",
        "When it was first seen that a rule said that the student needs attention, until when it was so, and "
        "whether the student then came further within two weeks.",
    ),
    Part(
        "note",
        "Notes",
        "What staff wrote about the student, one row per version, with the row that it corrects or withdraws. "
        "A contact has its channel and its day.",
    ),
    Part(
        "draft",
        "Unsaved draft",
        "Changes of this student's progress that whoever made this document has typed and not saved. Drafts of "
        "others are theirs alone to see.",
    ),
    Part(
        "saved_view",
        "Saved views",
        "Saved views that name the student, as far as whoever made this document sees them.",
    ),
    Part(
        "disclosure",
        "Who saw it",
        "Who of the staff looked at the student's data or exported it, once a day for each page and each "
        "time for a file. Only an administrator's document has it.",
    ),
)


@dataclass(frozen=True)
class RecordLine:
    """One row: whole as JSON text, and its values one by one as text (None where there is none)."""

    json: str
    values: Mapping[str, str | None]


@dataclass(frozen=True)
class StudentRecord:
    """Everything at one moment. `parts` has every key of PARTS; `made_by` is the person's name."""

    student_id: UUID
    made_at: datetime
    made_by: str
    parts: Mapping[str, tuple[RecordLine, ...]]

    @property
    def name(self) -> str:
        return self.parts["person"][0].values.get("full_name") or "Student"


def student_record(actor: Actor, student_id: UUID) -> StudentRecord | Problem:
    """All of it in one moment, or why not. That it was asked for and given is recorded and logged.

    Raises NotRecorded where it cannot be recorded.
    """
    with acting_as(actor) as connection:
        made_at = clock(connection)
        rows = connection.execute(text(EVERYTHING), {"student_id": student_id}).all()
        if rows:
            disclosed(connection, "record", [student_id])
    if not rows:
        audit.record("everything refused", actor, student=student_id)
        return NOT_OF_YOUR_SCHOOL
    audit.record("everything given", actor, student=student_id)
    found: dict[str, list[RecordLine]] = {part.key: [] for part in PARTS}
    for row in rows:
        found[row.part].append(
            RecordLine(row.written, dict(zip(row.names, row.values, strict=True)))
        )
    return StudentRecord(
        student_id, made_at, actor.full_name, {key: tuple(lines) for key, lines in found.items()}
    )


EVERYTHING: Final = """
select record.part, record.line::text as written, each.names, each.values
from dashboard.all_stored_data(:student_id) as record
cross join lateral (
    select
        array_agg(one.key order by one.position) as names,
        array_agg(one.value order by one.position) as values
    from json_each_text(record.line) with ordinality as one (key, value, position)
) as each
order by record.part, record.place
"""


def columns(lines: tuple[RecordLine, ...]) -> tuple[str, ...]:
    """The names of a part's values, in the order in which the rows have them."""
    return tuple(dict.fromkeys(name for line in lines for name in line.values))


def counted(found: StudentRecord) -> Iterator[tuple[Part, int]]:
    """How much of each part there is."""
    for part in PARTS:
        yield part, len(found.parts[part.key])
