"""What is there of one organisation, for a file to be compared with: as far as whoever asks manages it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from data.roster.files.given import Kind

HERE: Final = {"is_active", "left_on"}

SourceKey = tuple[str, str, str]
"""A source, what it is of (student, staff, class, module), and the id there."""


@dataclass(frozen=True)
class Known:
    """Somebody who is here, or was. Students may have a `number`; staff have a `role`, and who is of all
    organisations is `everywhere`."""

    id: UUID
    kind: Kind
    full_name: str
    email: str | None = None
    number: str | None = None
    is_active: bool = True
    left_on: date | None = None
    merged_into: UUID | None = None
    role: str | None = None
    everywhere: bool = False

    @property
    def is_above_files(self) -> bool:
        """Is theirs an account that no organisation's file changes?"""
        return self.everywhere or self.role in ("coordinator", "admin")


@dataclass(frozen=True)
class KnownClass:
    """A class that is here."""

    id: UUID
    name: str
    year: str | None = None
    is_archived: bool = False


@dataclass(frozen=True)
class Present:
    """The roster of one organisation. `members` are of students, `teachers` of staff: class and person.

    `name` is the organisation's, `locked` what staff corrected, `me` who asks, `now` the database's clock.
    """

    organisation: UUID
    me: UUID
    now: datetime
    people: Mapping[UUID, Known] = field(default_factory=dict)
    classes: Mapping[UUID, KnownClass] = field(default_factory=dict)
    members: frozenset[tuple[UUID, UUID]] = frozenset()
    teachers: frozenset[tuple[UUID, UUID]] = frozenset()
    ids: Mapping[SourceKey, UUID] = field(default_factory=dict)
    locked: frozenset[tuple[UUID, str]] = frozenset()
    modules: Mapping[UUID, str] = field(default_factory=dict)
    name: str = ""

    def texts(self) -> list[str]:
        """What a file may well say: every name."""
        return [one.full_name for one in self.people.values()]

    @cached_property
    def _locks(self) -> Mapping[UUID, set[str]]:
        found: dict[UUID, set[str]] = {}
        for our_id, name in self.locked:
            found.setdefault(our_id, set()).add(name)
        return found

    def brought(self, source: str | None, kind: str) -> set[UUID]:
        """What of ours another system brought."""
        return {our_id for key, our_id in self.ids.items() if key[:2] == (source, kind)}

    def ours(self, source: str | None, kind: str, source_id: str | None) -> UUID | None:
        """What it is here that another system calls so."""
        return self.ids.get((source, kind, source_id)) if source and source_id else None

    def locks_of(self, our_id: UUID) -> set[str]:
        """Columns that a file leaves alone. Whether somebody is here is one thing, in two columns."""
        found = self._locks.get(our_id, set())
        return found | HERE if found & HERE else found


def present_roster(connection: Connection, organisation: UUID) -> Present:
    """All of it; nothing of an organisation that I do not manage."""

    def asked(question: str) -> Sequence[Any]:
        return connection.execute(text(question), {"organisation": organisation}).all()

    (now,) = asked(_NOW)
    students = (Known(row[0], "student", *row[1:]) for row in asked(_STUDENTS))
    staff = (
        Known(
            *(row.id, "staff", row.full_name, row.email),
            is_active=row.is_active,
            role=row.role,
            everywhere=row.everywhere,
        )
        for row in asked(_STAFF)
    )
    return Present(
        organisation,
        now.me,
        now.now,
        {one.id: one for one in (*students, *staff)},
        {row.id: KnownClass(*row) for row in asked(_CLASSES)},
        frozenset((row.class_id, row.student_id) for row in asked(_MEMBERS)),
        frozenset((row.class_id, row.staff_id) for row in asked(_TEACHERS)),
        {(row.source, row.kind, row.source_id): row.our_id for row in asked(_IDS)},
        frozenset((row.locked_id, row.field) for row in asked(_LOCKS)),
        {row.id: row.name for row in asked("select id, name from roster.module")},
        now.name or "",
    )


_NOW = """
select
    internal.me() as me,
    now() as now,
    (select name from public.organisations where id = :organisation) as name
"""

_STUDENTS = """
select id, full_name, email, number, is_active, left_on, merged_into
from school.student
where organisation_id = :organisation
"""

# Of every organisation that I manage: an address is one person's everywhere.
_STAFF = """
select id, full_name, email, is_active, role, organisation_id is null as everywhere
from school.staff
"""

_CLASSES = """
select id, name, school_year, archived_at is not null
from school.class
where organisation_id = :organisation
"""

_MEMBERS = """
select class_id, student_id
from school.class_student
where class_id in (select id from school.class where organisation_id = :organisation)
"""

_TEACHERS = """
select class_id, staff_id
from school.class_teacher
where class_id in (select id from school.class where organisation_id = :organisation)
"""

_IDS = """
select source, kind, source_id, our_id
from school.source_id
where organisation_id = :organisation
"""

_LOCKS = """
select locked_id, field
from school.roster_lock
where organisation_id = :organisation
"""
