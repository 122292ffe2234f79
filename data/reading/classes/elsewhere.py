"""What another system knows the people and modules of a class by, and what changed since it was last told."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.rules.progress import Key


@dataclass(frozen=True)
class KnownBy:
    """By what another system may know a student."""

    email: str | None = None
    number: str | None = None


@dataclass(frozen=True)
class KnownElsewhere:
    """A class as other systems know it: its students, and the ids that the system called `source` has.

    `ids` is of students, modules and the class; `several` are those that it has more than one id of.
    """

    class_id: UUID
    people: Mapping[UUID, KnownBy]
    source: str | None = None
    ids: Mapping[UUID, str] = field(default_factory=dict)
    several: frozenset[UUID] = frozenset()


def known_elsewhere(connection: Connection, class_id: UUID) -> KnownElsewhere:
    """Of several systems the one that knows most of the class; only who manages people sees its ids."""
    bound = {"class_id": class_id}
    people = {
        row.id: KnownBy(row.email, row.number) for row in connection.execute(text(_PEOPLE), bound)
    }
    by_source: defaultdict[str, list[tuple[UUID, str]]] = defaultdict(list)
    for row in connection.execute(text(_IDS), bound):
        by_source[row.source].append((row.our_id, row.source_id))
    if not by_source:
        return KnownElsewhere(class_id, people)
    source = max(sorted(by_source), key=lambda one: len(by_source[one]))
    counts = Counter(ours for ours, _ in by_source[source])
    several = frozenset(ours for ours, count in counts.items() if count > 1)
    ids = {ours: theirs for ours, theirs in by_source[source] if ours not in several}
    return KnownElsewhere(class_id, people, source, ids, several)


def file_came_in(connection: Connection, class_id: UUID) -> datetime | None:
    """When the newest file with progress of this class was saved; None where none was."""
    found: datetime | None = connection.scalar(text(_FILE), {"class_id": class_id})
    return found


def changed_since(
    connection: Connection, since: datetime, class_id: UUID | None = None
) -> frozenset[Key]:
    """The cells of this class, or of everybody I may see, that anybody changed after that moment."""
    rows = connection.execute(text(_CHANGED), {"class_id": class_id, "since": since})
    return frozenset((row.student_id, row.module_id) for row in rows)


_PEOPLE: Final = """
select student.id, student.email, student.number
from roster.student
where student.id in (select student_id from roster.class_student where class_id = :class_id)
"""

_IDS: Final = """
select source, source_id, our_id
from school.source_id
where (kind = 'class' and our_id = :class_id)
    or (
        kind = 'student'
        and our_id in (select student_id from roster.class_student where class_id = :class_id)
    )
    or (
        kind = 'module'
        and our_id in (select module_id from roster.class_module where class_id = :class_id)
    )
order by source, source_id
"""

_FILE: Final = """
select max(at)
from dashboard.history
where source in ('file', 'command line')
    and student_id in (select student_id from roster.class_student where class_id = :class_id)
    and module_id in (select module_id from roster.class_module where class_id = :class_id)
"""

_CHANGED: Final = """
select distinct student_id, module_id
from dashboard.history
where at > :since
    and (
        cast(:class_id as uuid) is null
        or (
            student_id in (select student_id from roster.class_student where class_id = :class_id)
            and module_id in (select module_id from roster.class_module where class_id = :class_id)
        )
    )
"""
