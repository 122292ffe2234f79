"""That something needs attention: what PostgreSQL tells of it, and what is said about it. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from data.rules.attention_figures import ClassFigures
from data.rules.cell import MatrixCell
from data.rules.details import CourseDetails, Lesson, parse
from data.rules.details.types.course import Quiz
from data.rules.progress import Status, in_range


@dataclass(frozen=True)
class StuckQuiz:
    """A quiz that only staff can clear; `lesson` is None where the catalogue does not know it (any more)."""

    lesson: Lesson | None
    quiz: Quiz


@dataclass(frozen=True)
class Facts:
    """A module that a flag speaks of, with what its sentence says of it. `stuck_quizzes` (see
    `stuck_quizzes()`) name the lessons, as far as the details can be read."""

    module_id: UUID
    module: str
    shown_score: Decimal | None
    pass_mark: Decimal
    stuck_quizzes: Sequence[StuckQuiz] = ()


@dataclass(frozen=True)
class Flag:
    """That a rule (its key) holds of a student in a class, as dashboard.flags tells it: the gravity, in how
    many modules, since when, and figures that the rule's words explain."""

    class_id: UUID
    rule: str
    weight: int
    modules: int | None = None
    since: datetime | None = None
    figure: int | None = None
    beside: int | None = None


@dataclass(frozen=True)
class Reason:
    """One sentence of a flag, of a module or (None) of a whole class."""

    rule: str
    class_id: UUID
    module_id: UUID | None
    sentence: str


@dataclass(frozen=True)
class FlagFacts:
    """What a flag's sentences are made of: its modules in order, the class's name, and where its days begin."""

    flag: Flag
    modules: Sequence[Facts]
    class_name: str
    here: tzinfo


class InOneModule(Protocol):
    """A student as the page of one module has them, from the matrix's row of this one column."""

    @property
    def status(self) -> Status: ...
    @property
    def cell(self) -> MatrixCell: ...
    @property
    def idle_since(self) -> datetime | None: ...


def _by_name(_: InOneModule) -> tuple[object, ...]:
    return ()


@dataclass(frozen=True)
class AmongStudents:
    """A rule on the page of one module: whom it `fits` by a class's figures, and how that goes on from a number
    (`pressing`). `title` and `sentence` stand above them, the sentence with the `figure` of this key, where it
    has one; `order` sorts them and `first` says how, where that is not by name."""

    fits: Callable[[InOneModule, ClassFigures, datetime], bool]
    pressing: str
    title: str
    sentence: Callable[[str], str]
    figure: str = ""
    order: Callable[[InOneModule], tuple[object, ...]] = _by_name
    first: str = ""


def is_failed(shown_score: Decimal | None, pass_mark: Decimal) -> bool:
    """Is the shown score below the pass mark? One that cannot be (-1 for "absent", 140, no number) tells
    neither: it is shown as it is, as a data problem."""
    return shown_score is not None and in_range(shown_score) and shown_score < pass_mark


def is_inactive(one: InOneModule, by: ClassFigures, now: datetime) -> bool:
    """In progress, and known to be without work for so many days: what staff write moves it neither way."""
    return (
        one.status is Status.IN_PROGRESS
        and one.idle_since is not None
        and by.days(one.idle_since, now)[0] >= by.figures["inactive_days"]
    )


def stuck_quizzes(
    details: object, lessons: Sequence[Lesson], after: int | None
) -> tuple[StuckQuiz, ...]:
    """The quizzes in a course's details (any JSON value) that are not passed after so many attempts, in the
    order of the lessons."""
    read = parse("course", details)
    if not isinstance(read, CourseDetails):
        return ()
    known = {lesson.id: at for at, lesson in enumerate(lessons)}
    stuck = [(lesson, quiz) for lesson, quiz in read.quizzes.items() if quiz.is_stuck(after)]
    stuck.sort(key=lambda found: (known.get(found[0], len(known)), str(found[0])))
    return tuple(
        StuckQuiz(lessons[known[lesson]] if lesson in known else None, quiz)
        for lesson, quiz in stuck
    )
