"""The rules of attention in plain Python: who is flagged by which rule, for whoever asks."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil
from statistics import median
from typing import Final
from uuid import UUID

from tests.database.attention.record import Known, Record
from tests.database.attention.row import DAY, FIRST, is_score, newest

WEIGHTS: Final = {
    "stuck": 5,
    "slipped": 4,
    "not_begun": 4,
    "inactive": 3,
    "far_behind": 3,
    "stalled": 2,
    "failed": 2,
    "doubtful": 1,
}
SINCE: Final[dict[str, Callable[[Known], datetime | None]]] = {
    "stuck": lambda one: one.changed_at,
    "slipped": lambda one: one.slipped_at,
    "failed": lambda one: one.completion_at or one.changed_at,
    "doubtful": lambda _: None,
}
"""Since when a module is as a rule sees it."""

Figures = dict[str, int]

USUAL: Final[Figures] = {
    **dict.fromkeys(WEIGHTS, 1),
    "stuck_attempts": 3,
    "slipped_modules": 1,
    "failed_modules": 1,
    "doubtful_modules": 1,
    "not_begun_share": 50,
    "far_behind_share": 50,
    "far_behind_modules": 4,
    "inactive_days": 7,
    "stalled_days": 14,
}
"""What holds where nobody chose; under a rule's own name: is it on?"""


@dataclass
class Student:
    organisation: UUID
    is_active: bool = True


@dataclass
class Staff:
    role: str
    organisation: UUID | None
    is_active: bool = True


@dataclass
class Class:
    organisation: UUID
    students: set[UUID] = field(default_factory=set)
    modules: list[UUID] = field(default_factory=list)
    teachers: set[UUID] = field(default_factory=set)
    is_archived: bool = False


@dataclass
class School:
    """Who is who; `modules` are the pass marks."""

    students: dict[UUID, Student] = field(default_factory=dict)
    staff: dict[UUID, Staff] = field(default_factory=dict)
    classes: dict[UUID, Class] = field(default_factory=dict)
    modules: dict[UUID, Decimal] = field(default_factory=dict)
    chosen: dict[UUID, Figures] = field(default_factory=dict)
    """By organisations, and by classes."""
    days_off: dict[UUID, list[tuple[date, date]]] = field(default_factory=dict)
    """Of organisations: from the first day to the last."""
    changes: dict[tuple[UUID, str], list[datetime]] = field(default_factory=dict)
    """When a figure, or the "holidays", of an organisation or a class changed."""
    record: Record = field(default_factory=Record)

    def figures(self, class_id: UUID) -> Figures:
        """A class's own go before its organisation's."""
        of_organisation = self.chosen.get(self.classes[class_id].organisation, {})
        return USUAL | of_organisation | self.chosen.get(class_id, {})

    def is_off(self, class_: Class) -> set[date]:
        """The days that do not count."""
        return {
            first + timedelta(days=day)
            for first, last in self.days_off.get(class_.organisation, [])
            for day in range((last - first).days + 1)
        }

    def active(self, person: UUID) -> Staff | None:
        found = self.staff.get(person)
        return found if found and found.is_active else None

    def staffs(self, person: UUID, class_: Class) -> bool:
        """May they see its students as staff?"""
        me = self.active(person)
        if me is None:
            return False
        if me.role == "teacher":
            return person in class_.teachers
        return me.role == "admin" or me.organisation in (None, class_.organisation)

    def sees_guests(self, person: UUID) -> bool:
        me = self.active(person)
        return me is not None and (me.role in ("teacher", "admin") or me.organisation is None)

    def population(self, person: UUID, class_: Class) -> list[UUID]:
        """Whom a class is judged by. Never staff, nor oneself."""
        guests = self.sees_guests(person)
        return [
            one
            for one in class_.students
            if self.students[one].is_active
            and (guests or self.students[one].organisation == class_.organisation)
            and self.active(one) is None
            and one != person
        ]


@dataclass(frozen=True)
class Flag:
    """What a rule says of a student: in how many modules, since when, and its figures."""

    modules: int | None = None
    since: datetime | None = None
    figure: int | None = None
    beside: int | None = None


Flags = dict[tuple[UUID, UUID, str], Flag]
"""By class, student and rule."""


def flags(school: School, person: UUID, moment: datetime) -> Flags:
    """Of the classes that this person staffs, but for those that are archived."""
    of_all = everything(school.record)
    return {
        (class_id, student, rule): flag
        for class_id, class_ in school.classes.items()
        if school.staffs(person, class_) and not class_.is_archived
        for student, rule, flag in of_class(school, person, class_id, of_all, moment)
        if school.figures(class_id)[rule]
    }


@dataclass(frozen=True)
class Everywhere:
    """Of one student, over all modules."""

    idle_since: datetime | None = None
    progressed_at: datetime | None = None


def everything(record: Record) -> dict[UUID, Everywhere]:
    found: dict[UUID, Everywhere] = {}
    for (student, _), known in record.known.items():
        before = found.get(student, Everywhere())
        found[student] = Everywhere(
            newest(before.idle_since, known.activity),
            newest(before.progressed_at, known.progressed_at),
        )
    return found


def of_class(
    school: School, person: UUID, class_id: UUID, of_all: dict[UUID, Everywhere], moment: datetime
) -> Iterator[tuple[UUID, str, Flag]]:
    class_, by = school.classes[class_id], school.figures(class_id)
    is_off = school.is_off(class_)
    known = {
        student: [(school.record.of(student, one), school.modules[one]) for one in class_.modules]
        for student in school.population(person, class_)
    }
    begun = {student for student, modules in known.items() if has_begun(modules)}
    if not begun:
        return
    completed = {
        student: sum(one.status == "Completed" for one, _ in modules)
        for student, modules in known.items()
    }
    middle = median(completed.values())
    for student, modules in known.items():
        for rule, flag in of_modules(modules, by):
            yield student, rule, flag
        work = of_all.get(student, Everywhere())
        for rule, flag in of_work(modules, work, by, is_off, moment):
            yield student, rule, flag
        if student not in begun and 100 * len(begun) >= by["not_begun_share"] * len(known):
            yield student, "not_begun", Flag(figure=len(begun), beside=len(known))
        mine = completed[student]
        is_little = 100 * mine < by["far_behind_share"] * middle
        if student in begun and is_little and middle - mine >= by["far_behind_modules"]:
            yield (
                *(student, "far_behind"),
                Flag(since=work.progressed_at, figure=mine, beside=ceil(middle)),
            )


Modules = list[tuple[Known, Decimal]]


def has_begun(modules: Modules) -> bool:
    return any(one.status != "NotStarted" or one.activity is not None for one, _ in modules)


def of_modules(modules: Modules, by: Figures) -> Iterator[tuple[str, Flag]]:
    """The rules that look at each module by itself."""
    rules = {
        "stuck": [one for one, _ in modules if one.attempts >= by["stuck_attempts"]],
        "slipped": [one for one, _ in modules if one.slipped_at],
        "failed": [one for one, mark in modules if is_failed(one.score, mark)],
        "doubtful": [one for one, _ in modules if one.has_problem],
    }
    for rule, found in rules.items():
        if len(found) >= by.get(f"{rule}_modules", 1):
            since = newest(*(SINCE[rule](one) for one in found))
            figure = by["stuck_attempts"] if rule == "stuck" else None
            yield rule, Flag(modules=len(found), since=since, figure=figure)


def is_failed(score: Decimal | None, mark: Decimal) -> bool:
    return score is not None and is_score(score) and score < mark


def of_work(
    modules: Modules, of_all: Everywhere, by: Figures, is_off: set[date], moment: datetime
) -> Iterator[tuple[str, Flag]]:
    """The rules that look at when the student last worked, and last came further."""
    busy = sum(one.status == "InProgress" for one, _ in modules)
    if not busy or of_all.idle_since is None:
        return
    if school_time(of_all.idle_since, moment, is_off) >= by["inactive_days"] * DAY:
        yield "inactive", days_since(of_all.idle_since, moment, is_off, busy)
    elif (
        of_all.progressed_at is not None
        and school_time(of_all.progressed_at, moment, is_off) >= by["stalled_days"] * DAY
    ):
        yield "stalled", days_since(of_all.progressed_at, moment, is_off, busy)


def days_since(since: datetime, moment: datetime, is_off: set[date], busy: int) -> Flag:
    days = school_time(since, moment, is_off) // DAY
    off = (moment - since) // DAY - days
    return Flag(modules=busy, since=since, figure=days, beside=off or None)


def school_time(since: datetime, until: datetime, is_off: set[date]) -> timedelta:
    """Day by day, but for those that are off; a day is one of UTC's."""
    together = timedelta()
    day = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < until:
        if day.date() not in is_off:
            together += min(day + DAY, until) - max(day, since)
        day += DAY
    return together


def most_urgent(found: Flags, most: int) -> list[UUID]:
    """The students of these flags by the weights of their rules together, then by what is newest. A rule counts
    once, in however many classes it holds."""
    rules: dict[UUID, set[str]] = defaultdict(set)
    news: dict[UUID, datetime] = {}
    for (_, student, rule), flag in found.items():
        rules[student].add(rule)
        news[student] = newest(flag.since, news.get(student)) or FIRST
    order = sorted(
        rules,
        key=lambda one: (-sum(WEIGHTS[rule] for rule in rules[one]), FIRST - news[one], one.int),
    )
    return order[:most]


def counted(found: Flags) -> dict[UUID, tuple[int, Counter[str]]]:
    """By class: how many students are flagged at all, and how many by each rule."""
    students: dict[UUID, set[UUID]] = defaultdict(set)
    rules: dict[UUID, Counter[str]] = defaultdict(Counter)
    for class_id, student, rule in found:
        students[class_id].add(student)
        rules[class_id][rule] += 1
    return {one: (len(students[one]), rules[one]) for one in students}
