"""Who may see and change whose progress, told from the host's tables alone and in plain Python.

It is what the proof holds against what the database lets people do (proof.py), so nothing here asks a rule,
view or table of ours: the roster comes from the adapter's own questions, and the rules are said once more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID


class Colleague(NamedTuple):
    """Somebody of the staff, as the school's tables have them; `role` is ours."""

    id: UUID
    organisation_id: UUID | None
    role: str
    is_active: bool


class Learner(NamedTuple):
    """A student."""

    id: UUID
    organisation_id: UUID
    is_active: bool


@dataclass(frozen=True)
class HostRoster:
    """Who is who, and who is in which class."""

    staff: Mapping[UUID, Colleague]
    students: Mapping[UUID, Learner]
    taught: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)
    """By teacher, the students of their classes."""

    def seen_by(self, person: UUID) -> frozenset[UUID]:
        """The students whose progress this person may see."""
        own = self.students.get(person)
        mine = frozenset([person]) if own and own.is_active else frozenset[UUID]()
        match self._role(person):
            case "teacher":
                return mine | self.taught.get(person, frozenset())
            case None:
                return mine
            case _:
                return mine | self._of_whom(self.staff[person]) - {person}

    def changed_by(self, person: UUID) -> frozenset[UUID]:
        """The students whose progress this person may change: nobody corrects their own."""
        if self._role(person) not in ("coordinator", "admin"):
            return frozenset()
        return self._of_whom(self.staff[person]) - {person}

    def _role(self, person: UUID) -> str | None:
        found = self.staff.get(person)
        return found.role if found and found.is_active else None

    def _of_whom(self, one: Colleague) -> frozenset[UUID]:
        if one.role == "admin" or one.organisation_id is None:
            return frozenset(self.students)
        return frozenset(
            student.id
            for student in self.students.values()
            if student.organisation_id == one.organisation_id
        )


def taught(
    teachers: Sequence[tuple[UUID, UUID]], members: Sequence[tuple[UUID, UUID]]
) -> Mapping[UUID, frozenset[UUID]]:
    """By teacher, the students of their classes; both are given as pairs with the class first."""
    of_class = defaultdict(set)
    for class_id, student in members:
        of_class[class_id].add(student)
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for class_id, teacher in teachers:
        found[teacher] |= of_class[class_id]
    return {teacher: frozenset(students) for teacher, students in found.items()}
