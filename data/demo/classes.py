"""Who got how far: a class's pace, each student's habits, and the rows that follow from both."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import NamedTuple
from uuid import UUID

from data.demo.clock import Clock
from data.demo.ids import INSTITUTE, SCHOOL, seeded
from data.demo.modules import CLASSES, DemoClass, DemoModule, Pace
from data.demo.people import DemoStudent, students
from data.demo.work import NOT_STARTED, Event, State, Work, WorkRow, row_of

FORMER = {SCHOOL: 512, INSTITUTE: 820}

# The Science class begins with the last students of the Mathematics class: one student, two classes.
IN_BOTH = 4


class Habits(NamedTuple):
    """How a student works. `last_active` in days ago; `diligence` times the class's pace is the student's."""

    ability: float
    diligence: float
    last_active: float
    gets_stuck: bool


class Group(NamedTuple):
    """A class with its students and the rows they have."""

    demo_class: DemoClass
    students: list[DemoStudent]
    rows: list[WorkRow]


def groups(clock: Clock) -> list[Group]:
    """The seven classes."""
    found: list[Group] = []
    for demo_class in CLASSES:
        rng = seeded(demo_class.name)
        members = _members(demo_class, found[0].students if found else [], rng)
        known = {(row.student, row.module.id) for group in found for row in group.rows}
        rows = [
            row
            for seat, student in enumerate(members, 1)
            for row in _rows(student, demo_class, seat == len(members), clock, rng)
            if (row.student, row.module.id) not in known
        ]
        found.append(Group(demo_class, members, rows))
    return found


def _members(
    demo_class: DemoClass, first_class: list[DemoStudent], rng: Random
) -> list[DemoStudent]:
    also = first_class[-IN_BOTH - 2 : -2] if demo_class is CLASSES[1] else []
    count = demo_class.size - len(also)
    return [*also, *students(count, demo_class.organisation, demo_class.name, rng)]


def _rows(
    student: DemoStudent, demo_class: DemoClass, never_began: bool, clock: Clock, rng: Random
) -> Iterator[WorkRow]:
    habits = _habits(rng)
    if never_began or rng.random() < 0.03:
        return
    yield from _rows_at_pace(student, demo_class.modules, demo_class.pace, habits, clock, rng)


def _habits(rng: Random) -> Habits:
    ability = min(max(rng.gauss(74, 13), 30), 98)
    diligence = rng.lognormvariate(0, 0.25) * (0.6 + ability / 185)
    if rng.random() < 0.14:
        return Habits(ability, diligence * 0.6, rng.uniform(9.5, 32), rng.random() < 0.3)
    return Habits(ability, diligence, min(rng.expovariate(0.6), 6.0) + 0.02, rng.random() < 0.03)


def _rows_at_pace(
    student: DemoStudent,
    modules: Sequence[DemoModule],
    pace: Pace,
    habits: Habits,
    clock: Clock,
    rng: Random,
) -> Iterator[WorkRow]:
    """Module after module, some left out, some left unfinished; beyond that, a few only opened."""
    reach = pace.share * len(modules) * habits.diligence
    begun = pace.days + rng.uniform(-3, 3)

    def age_at(place: float) -> float:
        worked: float = min(place / reach, 1.0) ** (1 / pace.curve)
        return begun - (begun - habits.last_active) * worked

    for place, module in enumerate(modules):
        if place >= reach:
            if place < reach + 4 and rng.random() < 0.12:
                yield _only_listed(student, module, habits.last_active, clock)
        elif rng.random() > 0.04:
            effort = rng.uniform(0.4, 1.0)
            share = min((reach - place) / effort, 1.0)
            stuck = habits.gets_stuck and share < 1 and module.kind == "course"
            if rng.random() < 0.09:
                share *= rng.uniform(0.2, 0.9)
            work = Work(
                student.id,
                module,
                age_at(place),
                age_at(place + effort),
                min(share, 0.9) if stuck else share,
                habits.ability + rng.gauss(0, 6),
                stuck,
            )
            row = row_of(work, clock, rng)
            if row.events:
                yield row


def _only_listed(student: DemoStudent, module: DemoModule, age: float, clock: Clock) -> WorkRow:
    """A row the platform made when it showed the module: nothing was done yet."""
    age = min(age + 1, 59)
    state = State(NOT_STARTED, None, None, clock.at(age), None, 0)
    return WorkRow(student.id, module, [Event(age, state)])


def former(clock: Clock) -> list[tuple[DemoStudent, list[WorkRow]]]:
    """Students who left: in no class, most switched off, with what they did on their first modules."""
    return [pair for organisation in FORMER for pair in _former(organisation, clock)]


def _former(organisation: UUID, clock: Clock) -> Iterator[tuple[DemoStudent, list[WorkRow]]]:
    rng = seeded(f"former students of {organisation}")
    courses = [known for known in CLASSES if known.organisation == organisation]
    for student in students(FORMER[organisation], organisation, f"former {organisation}", rng, 0.3):
        modules = rng.choice(courses).modules[: rng.randint(4, 12)]
        days = rng.uniform(120, 400)
        recent = rng.random() < 0.15
        left = rng.uniform(12, 58) if recent else rng.uniform(62, days - 20)
        habits = _habits(rng)._replace(last_active=left)
        pace = Pace(days, rng.uniform(0.3, 0.9), 0.9)
        yield student, list(_rows_at_pace(student, modules, pace, habits, clock, rng))
