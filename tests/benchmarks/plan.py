"""What a benchmark's school holds: organisations, people and classes, all with ids that need no look-up."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from data.demo.names import LANGUAGES

NAMESPACE: Final = UUID("1c0a4b1e-90d7-4f0e-8a35-5a0f0b9d7e21")


def identity(name: str) -> UUID:
    """The id of what the benchmark calls by this name."""
    return uuid5(NAMESPACE, name)


class Group(NamedTuple):
    """A class: its students by number within the organisation, and how many modules it has."""

    name: str
    first: int
    size: int
    modules: int

    @property
    def students(self) -> range:
        """Numbers of its students."""
        return range(self.first, self.first + self.size)


@dataclass(frozen=True)
class Plan:
    """How much of everything. An organisation's students are those of its classes together.

    Every organisation has one small class, one cohort and `further` classes; its teacher has the first
    four of these. Every student has a row for every module, also for those that are not in the class.
    """

    organisations: int
    small: int = 30
    small_modules: int = 20
    cohort: int = 500
    further: int = 49
    further_size: int = 30
    modules: int = 50

    @property
    def students(self) -> int:
        """Students in all organisations together."""
        return self.organisations * sum(group.size for group in self.groups())

    @property
    def rows(self) -> int:
        """Rows of student_module_progress."""
        return self.students * self.modules

    def groups(self) -> list[Group]:
        """The classes of one organisation; students are numbered through."""
        groups = [
            Group("Small class", 0, self.small, self.small_modules),
            Group("Cohort", self.small, self.cohort, self.modules),
        ]
        for number in range(self.further):
            first = self.small + self.cohort + number * self.further_size
            groups.append(
                Group(f"Year group {number + 1:02}", first, self.further_size, self.modules)
            )
        return groups


SIZES: Final = {"S": Plan(1), "L": Plan(10), "XL": Plan(100)}
"""S has one organisation of 2,000 students (100,000 rows), L ten (1 million), XL a hundred (10 million)."""


def organisation(number: int) -> UUID:
    """An organisation's id."""
    return identity(f"organisation {number}")


def student(number: int, within: int) -> UUID:
    """A student's id: the `within`-th of the organisation."""
    return identity(f"student {number} {within}")


def module(number: int) -> UUID:
    """A module's id. All organisations share one catalogue."""
    return identity(f"module {number}")


def lesson(number: int, sequence: int) -> UUID:
    """A lesson's id."""
    return identity(f"lesson {number} {sequence}")


def class_id(number: int, group: Group) -> UUID:
    """A class's id."""
    return identity(f"class {number} {group.name}")


def teacher(number: int) -> UUID:
    """The id of an organisation's teacher: of the small class, the cohort and two more."""
    return identity(f"teacher {number}")


def coordinator(number: int) -> UUID:
    """The id of an organisation's coordinator."""
    return identity(f"coordinator {number}")


def admin() -> UUID:
    """The id of the administrator, who sees all organisations."""
    return identity("admin")


QUIET: Final = 300
"""Students of one organisation more, in which nothing was done yet: it has no row and no history."""


def quiet_organisation() -> UUID:
    """Its id."""
    return identity("quiet organisation")


def quiet_coordinator() -> UUID:
    """The id of that organisation's coordinator."""
    return identity("quiet coordinator")


def names(seed: str) -> Iterator[str]:
    """Names without end; two students may have the same."""
    rng = Random(seed)
    weights = [language.weight for language in LANGUAGES]
    while True:
        language = rng.choices(LANGUAGES, weights)[0]
        given, family = rng.choice(language.given), rng.choice(language.family)
        yield language.pattern.format(given=given, family=family).replace("~", " ")
