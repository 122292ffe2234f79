"""Who and what a file may name: the students and modules that one person may see. Pure data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Final, Generic, TypeVar
from uuid import UUID

from data.files.importing.folding import fold, visible
from data.files.importing.meanings import Meaning
from data.rules.ids import as_uuid


@dataclass(frozen=True)
class KnownStudent:
    """A student I may see."""

    id: UUID
    name: str
    email: str | None = None


@dataclass(frozen=True)
class KnownModule:
    """A module of the catalogue; `type` in small letters."""

    id: UUID
    name: str
    type: str


One = TypeVar("One", KnownStudent, KnownModule)

NOBODY: Final = UUID(int=0)

MOST_SUGGESTIONS: Final = 3
MOST_LOOKED_UP: Final = 200  # names of one file that near misses are sought for: each costs
LIKENESS: Final = 0.75
LIKENESS_OF_MAILS: Final = 0.88  # a school's addresses all end alike


@dataclass(frozen=True)
class Roster:
    """Students and modules, found by id, e-mail or name, however it is typed.

    `student_ids` and `module_ids` are what another system calls them: its roster brought those ids.
    """

    students: tuple[KnownStudent, ...]
    modules: tuple[KnownModule, ...]
    student_ids: Mapping[str, UUID] = field(default_factory=dict)
    module_ids: Mapping[str, UUID] = field(default_factory=dict)

    def texts(self) -> list[str]:
        """What a file may well say: every name."""
        return [*(one.name for one in self.students), *(one.name for one in self.modules)]

    @cached_property
    def student_by_id(self) -> Mapping[UUID, KnownStudent]:
        return {student.id: student for student in self.students}

    @cached_property
    def module_by_id(self) -> Mapping[UUID, KnownModule]:
        return {module.id: module for module in self.modules}

    @cached_property
    def _by_email(self) -> Mapping[str, list[KnownStudent]]:
        known = [student for student in self.students if student.email]
        return _grouped(known, lambda student: address(student.email or ""))

    @cached_property
    def _students_by_name(self) -> Mapping[str, list[KnownStudent]]:
        return _grouped(self.students, lambda student: fold(student.name))

    @cached_property
    def _modules_by_name(self) -> Mapping[str, list[KnownModule]]:
        return _grouped(self.modules, lambda module: fold(module.name))

    def students_with_email(self, written: str) -> list[KnownStudent]:
        """Everybody with this address; several where a school gave it twice."""
        return self._by_email.get(address(written), [])

    @cached_property
    def _by_username(self) -> Mapping[str, list[KnownStudent]]:
        known = [student for student in self.students if student.email]
        return _grouped(known, lambda student: address(student.email or "").partition("@")[0])

    def students_with_username(self, written: str) -> list[KnownStudent]:
        """Everybody whose address is this, or has this before its @; Brightspace writes # before it."""
        name = written.removeprefix("#")
        found = self.students_with_email(name)
        return found or self._by_username.get(address(name), [])

    def students_named(self, written: str) -> list[KnownStudent]:
        """Everybody of this name; "Surname, First name" is understood."""
        found = self._students_by_name.get(fold(written), [])
        if not found and written.count(",") == 1:
            surname, _, first = written.partition(",")
            found = self._students_by_name.get(fold(f"{first} {surname}"), [])
        if not found and written.endswith(")"):  # a class or a number of the school's
            return self.students_named(written.rpartition("(")[0])
        return found

    @cached_property
    def _students_by_surname(self) -> Mapping[str, list[KnownStudent]]:
        """By the name with its last word, or last words, first."""
        found: dict[str, list[KnownStudent]] = {}
        for student in self.students:
            words = fold(student.name).split()
            for at in range(1, len(words)):
                found.setdefault(" ".join(words[at:] + words[:at]), []).append(student)
        return found

    def students_surname_first(self, written: str) -> list[KnownStudent]:
        """Everybody who is called so where the surname is written first, without a comma."""
        return self._students_by_surname.get(fold(written), [])

    def module_with_id(self, written: str) -> KnownModule | None:
        """The module of our id, or of another system's."""
        return self._with_id(written, self.module_by_id, self.module_ids)

    @staticmethod
    def _with_id(written: str, ours: Mapping[UUID, One], theirs: Mapping[str, UUID]) -> One | None:
        found = ours.get(as_uuid(written) or NOBODY)
        return found or ours.get(theirs.get(visible(written), NOBODY))

    def modules_named(self, written: str) -> list[KnownModule]:
        """Every module of this name."""
        return self._modules_by_name.get(fold(written), [])

    def students_by(self, meaning: Meaning, written: str) -> list[KnownStudent]:
        """Everybody whom a key of this meaning names."""
        if meaning is Meaning.STUDENT_ID:
            known = self._with_id(written, self.student_by_id, self.student_ids)
            return [known] if known else []
        if meaning is Meaning.EMAIL:
            return self.students_with_email(written)
        if meaning is Meaning.USERNAME:
            return self.students_with_username(written)
        return self.students_named(written)

    @cached_property
    def _likely_students(self) -> Likely[KnownStudent]:
        names = [(fold(student.name), student) for student in self.students]
        mails = [
            (address(student.email), student) for student in self.students if student.email
        ]  # fmt: skip
        return Likely([*names, *mails])

    @cached_property
    def _likely_modules(self) -> Likely[KnownModule]:
        return Likely([(fold(module.name), module) for module in self.modules])

    def students_like(self, written: str) -> list[KnownStudent]:
        """At most three whose name or e-mail is nearly this, the nearest first."""
        key = address(written) if "@" in written else fold(written)
        return self._likely_students.find(key)

    def modules_like(self, written: str) -> list[KnownModule]:
        """At most three whose name is nearly this, the nearest first."""
        return self._likely_modules.find(fold(written))


def address(written: str) -> str:
    """An e-mail address as it is compared."""
    return visible(written).removeprefix("mailto:").casefold()


def _grouped(known: Iterable[One], key: Callable[[One], str]) -> dict[str, list[One]]:
    groups: dict[str, list[One]] = {}
    for one in known:
        groups.setdefault(key(one), []).append(one)
    groups.pop("", None)
    return groups


class Likely(Generic[One]):
    """Near misses. difflib alone compares with everybody: 40 ms a name in a school of 5,000."""

    def __init__(self, known: Iterable[tuple[str, One]]) -> None:
        self._known: list[tuple[str, One]] = list(known)
        self._with: dict[str, list[int]] = {}
        for place, (key, _) in enumerate(self._known):
            for part in _parts(key):
                self._with.setdefault(part, []).append(place)

    def find(self, key: str) -> list[One]:
        """The nearest few, none twice."""
        shared = Counter(place for part in _parts(key) for place in self._with.get(part, ()))
        nearest: dict[str, One] = {}
        for place, _ in shared.most_common(20):
            nearest.setdefault(self._known[place][0], self._known[place][1])
        likeness = LIKENESS_OF_MAILS if "@" in key else LIKENESS
        found = get_close_matches(key, nearest, MOST_SUGGESTIONS, likeness)
        return list({nearest[one].id: nearest[one] for one in found}.values())


def _parts(key: str) -> set[str]:
    """Its runs of three letters, an edge counted as one."""
    edged = f" {key[:100]} "
    return {edged[at : at + 3] for at in range(len(edged) - 2)}
