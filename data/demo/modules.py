"""Classes, modules and lessons of the demo data, made from the curriculum."""

from functools import cache
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID

from data.demo.curriculum import CONFIGURATIONS, LESSONS, SYLLABUS
from data.demo.ids import INSTITUTE, SCHOOL, TEACHER_ONE, TEACHER_TWO, identity, seeded

# The type as it is written in the table: letter case varies from author to author.
KINDS: Final = {
    "C": ("course", ("Course", "course", "Course", "COURSE")),
    "A": ("assessment", ("Assessment", "assessment", "Assessment", "ASSESSMENT", "Assessment")),
    "P": ("project", ("project",)),
    "E": ("expert session", ("expert session",)),
}

NEWER: Final = "newer"
OLDER: Final = "older"
COUNTS: Final = "counts"


class DemoLesson(NamedTuple):
    """A row of lessons."""

    id: str
    title: str
    sequence: int
    has_quiz: bool


class DemoModule(NamedTuple):
    """A row of modules with its lessons. `shape` is how the platform of its day wrote progress_details."""

    id: str
    kind: str
    written_type: str
    name: str
    sequence: int
    configuration: dict[str, Any] | None
    lessons: tuple[DemoLesson, ...]
    shape: str


class Pace(NamedTuple):
    """How a class gets on: begun so many days ago, the share of the modules an average student has behind
    them today, and whether the class speeds up (above 1) or slows down (below 1)."""

    days: float
    share: float
    curve: float


class DemoClass(NamedTuple):
    """A row of school.class with its size, teacher and pace."""

    id: UUID
    organisation: UUID
    name: str
    size: int
    teacher: UUID
    pace: Pace

    @property
    def modules(self) -> tuple[DemoModule, ...]:
        """In the order they are taught."""
        return _modules(self.organisation, self.name)


def _class(
    organisation: UUID, name: str, size: int, days: float, share: float, curve: float
) -> DemoClass:
    teacher = TEACHER_ONE if organisation == SCHOOL else TEACHER_TWO
    pace = Pace(days, share, curve)
    return DemoClass(identity(f"class: {name}"), organisation, name, size, teacher, pace)


CLASSES: Final = (
    _class(SCHOOL, "Mathematics 9A", 28, 84, 0.68, 1.0),
    _class(SCHOOL, "Science 9B", 24, 77, 0.50, 1.25),
    _class(SCHOOL, "History 10C", 31, 98, 0.80, 0.85),
    _class(INSTITUTE, "Web development, evening group", 26, 70, 0.42, 1.4),
    _class(INSTITUTE, "Business English B2", 34, 56, 0.58, 1.1),
    _class(INSTITUTE, "Bookkeeping 2", 29, 90, 0.74, 0.75),
    _class(INSTITUTE, "Foundation year", 500, 105, 0.55, 1.5),
)


@cache
def _modules(organisation: UUID, name: str) -> tuple[DemoModule, ...]:
    lines = [line.strip() for line in SYLLABUS[name].strip().splitlines()]
    return tuple(
        _module(organisation, line[0], line[2:], sequence) for sequence, line in enumerate(lines, 1)
    )


@cache
def _shared(organisation: UUID, letter: str, name: str) -> DemoModule:
    """A module apart from its place, so that two classes that share it mean the same one."""
    label = f"module: {organisation} {name}"
    rng = seeded(label)
    kind, spellings = KINDS[letter]
    shape = rng.choices((NEWER, OLDER, COUNTS), (60, 25, 15))[0]
    lessons = _lessons(label, rng) if kind == "course" else ()
    configuration = rng.choice(CONFIGURATIONS)
    return DemoModule(
        str(identity(label)), kind, rng.choice(spellings), name, 0, configuration, lessons, shape
    )


def _module(organisation: UUID, letter: str, name: str, sequence: int) -> DemoModule:
    return _shared(organisation, letter, name)._replace(sequence=sequence)


def _lessons(label: str, rng: Random) -> tuple[DemoLesson, ...]:
    count = rng.choice((4, 4, 5, 5, 6, 6, 7, 8, 10))
    chosen = sorted(rng.sample(range(len(LESSONS)), count))
    return tuple(
        DemoLesson(
            str(identity(f"{label} lesson {number}")), LESSONS[place], number, rng.random() < 0.4
        )
        for number, place in enumerate(chosen, 1)
    )


def all_modules() -> dict[str, DemoModule]:
    """Every module once, by id, with its place in the first class that teaches it."""
    found: dict[str, DemoModule] = {}
    for demo_class in CLASSES:
        for module in demo_class.modules:
            found.setdefault(module.id, module)
    return found
