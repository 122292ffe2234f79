"""What the student page is made of, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from data.reading.attention import Flagged, flags_of
from data.reading.catalogue import lessons_of
from data.reading.notes import note_count
from data.reading.students.durations import durations
from data.reading.students.students import Student, StudentModule, student, student_modules
from data.rules.details import Lesson
from data.rules.progress import Status


@dataclass(frozen=True)
class StudentPage:
    """A student and their modules in order. `took` is how long a module took, where that is known; details and
    lessons come along for the opened module. `flagged` is what needs attention in the student's classes that I
    staff. `note_count` notes stand."""

    student: Student
    modules: Sequence[StudentModule]
    took: Mapping[UUID, timedelta]
    lessons: Mapping[UUID, Sequence[Lesson]]
    note_count: int
    flagged: Flagged

    @property
    def of_classes(self) -> Sequence[StudentModule]:
        """The modules of the student's classes: what their completion is a share of."""
        return [one for one in self.modules if one.in_class]

    @property
    def completed(self) -> int:
        """How many of those are completed."""
        return sum(one.status is Status.COMPLETED for one in self.of_classes)


def student_page(
    connection: Connection, student_id: UUID, opened: UUID | None = None
) -> StudentPage | None:
    """None where there is no such student that I may see. `opened` is the module whose details are shown."""
    found = student(connection, student_id)
    if found is None:
        return None
    modules = student_modules(connection, student_id, details_of=[opened] if opened else [])
    return StudentPage(
        found,
        modules,
        durations(connection, student_id, modules),
        lessons_of(connection, [opened]) if opened else {},
        note_count(connection, student_id),
        flags_of(connection, student_id, found.class_ids),
    )
