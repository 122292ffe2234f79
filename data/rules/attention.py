"""What needs attention, and why: one row a rule in RULES. Nothing here reads or writes.

A rule looks at a student's modules (or at one of them) and says in a sentence what it sees, with the facts.
What PostgreSQL decides for thousands of cells at once (dashboard.fact, dashboard.class_rows) is held to the
same rules by tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, Protocol
from uuid import UUID

from data.i18n.formats import figure, figure_beside, listed
from data.rules.activity import idle_since
from data.rules.cell import MatrixCell
from data.rules.details import CourseDetails, Lesson, parse
from data.rules.details.types.course import STUCK_AFTER, Quiz
from data.rules.progress import Status, in_range

INACTIVE_AFTER: Final = timedelta(days=7)
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class StuckQuiz:
    """A quiz that only staff can clear; `lesson` is None where the catalogue does not know it (any more)."""

    lesson: Lesson | None
    quiz: Quiz


@dataclass(frozen=True)
class Facts:
    """What the rules look at: one module of one student. `is_stuck` is what the database says;
    `stuck_quizzes` (see `stuck_quizzes()`) name the lessons, as far as the details can be read."""

    module_id: UUID
    module: str
    status: Status
    shown_score: Decimal | None
    pass_mark: Decimal
    last_activity: datetime | None
    is_stuck: bool
    stuck_quizzes: Sequence[StuckQuiz] = ()
    unexplained_change: datetime | None = None

    @property
    def idle_since(self) -> datetime | None:
        """Since when nothing of the student's work is known."""
        return idle_since(self.last_activity, self.unexplained_change)


@dataclass(frozen=True)
class Flag:
    """One thing that needs attention: by which rule (its key), in which module, and its sentence."""

    rule: str
    module_id: UUID
    sentence: str


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
    """A rule on the page of one module: whom it `fits`, and how that goes on from a number (`pressing`).
    `title` and `sentence` stand above them, where the rule's own would not do; `order` sorts them and `first`
    says how, where that is not by name."""

    fits: Callable[[InOneModule, datetime], bool]
    pressing: str
    title: str = ""
    sentence: str = ""
    order: Callable[[InOneModule], tuple[object, ...]] = _by_name
    first: str = ""


@dataclass(frozen=True)
class AttentionRule:
    """One rule. `sentence` says when it holds; `find` looks for it in modules of one student, given the
    database's clock. Where the database marks a cell by it, `mark` is the letter (data.rules.cell), and the
    pages of classes count it. `among` is the same rule on the page of one module."""

    key: str
    title: str
    sentence: str
    find: Callable[[Sequence[Facts], datetime], Iterator[tuple[UUID, str]]]
    among: AmongStudents | None = None
    mark: str = ""


def _each(
    holds: Callable[[Facts, datetime], bool], sentence: Callable[[Facts], str]
) -> Callable[[Sequence[Facts], datetime], Iterator[tuple[UUID, str]]]:
    """A rule that looks at each module by itself."""

    def find(modules: Sequence[Facts], now: datetime) -> Iterator[tuple[UUID, str]]:
        return ((one.module_id, sentence(one)) for one in modules if holds(one, now))

    return find


def is_failed(shown_score: Decimal | None, pass_mark: Decimal) -> bool:
    """Is the shown score below the pass mark? One that cannot be (-1 for "absent", 140, no number) tells
    neither: it is shown as it is, as a data problem."""
    return shown_score is not None and in_range(shown_score) and shown_score < pass_mark


def is_inactive(status: Status, idle_since: datetime | None, now: datetime) -> bool:
    """In progress, and known to be without work for a week: what staff write moves it neither way."""
    return (
        status is Status.IN_PROGRESS
        and idle_since is not None
        and now - idle_since >= INACTIVE_AFTER
    )


def stuck_quizzes(details: object, lessons: Sequence[Lesson]) -> tuple[StuckQuiz, ...]:
    """The stuck quizzes in a course's details (any JSON value), in the order of the lessons."""
    read = parse("course", details)
    if not isinstance(read, CourseDetails):
        return ()
    known = {lesson.id: at for at, lesson in enumerate(lessons)}
    stuck = [(lesson, quiz) for lesson, quiz in read.quizzes.items() if quiz.is_stuck]
    stuck.sort(key=lambda found: (known.get(found[0], len(known)), str(found[0])))
    return tuple(
        StuckQuiz(lessons[known[lesson]] if lesson in known else None, quiz)
        for lesson, quiz in stuck
    )


def _stuck(modules: Sequence[Facts], _now: datetime) -> Iterator[tuple[UUID, str]]:
    for one in modules:
        if one.is_stuck:
            for quiz in one.stuck_quizzes or (None,):
                yield one.module_id, _stuck_sentence(one.module, quiz)


def _stuck_sentence(module: str, stuck: StuckQuiz | None) -> str:
    if stuck is None:
        return f"Stuck in a lesson's quiz ({module}): {STUCK_AFTER} attempts or more, not passed."
    best = f", best {stuck.quiz.best.words}" if stuck.quiz.best else ""
    return (
        f"Stuck in the quiz of {_lesson(stuck.lesson)} ({module}): "
        f"{stuck.quiz.attempts} attempts{best}, not passed."
    )


def _lesson(lesson: Lesson | None) -> str:
    if lesson is None:
        return "a lesson that is no longer in this module"
    number = "" if lesson.sequence is None else f" {lesson.sequence}"
    return f"lesson{number} “{lesson.title}”"


def _failed_sentence(one: Facts) -> str:
    score = "none" if one.shown_score is None else figure_beside(one.shown_score, one.pass_mark)
    return f"Below the pass mark in {one.module}: score {score}, pass mark {figure(one.pass_mark)}."


def _inactive(modules: Sequence[Facts], now: datetime) -> Iterator[tuple[UUID, str]]:
    """Of the student, not of a module: who works on something else meanwhile is not inactive."""
    begun = [one for one in modules if one.status is Status.IN_PROGRESS]
    newest = max((one.idle_since for one in modules if one.idle_since), default=None)
    if newest and any(is_inactive(one.status, newest, now) for one in begun):
        days, names = (now - newest).days, listed([one.module for one in begun], "other modules")
        seen = "activity" if newest in [one.last_activity for one in modules] else "recorded work"
        yield begun[0].module_id, f"No {seen} for {days} days, with {names} in progress."


RULES: Final = (
    AttentionRule(
        "stuck",
        "Stuck in a quiz",
        f"A lesson's quiz was tried {STUCK_AFTER} times or more and is not passed. Only staff can clear it.",
        _stuck,
        AmongStudents(lambda one, now: "s" in one.cell.marks, "stuck in a quiz"),
        mark="s",
    ),
    AttentionRule(
        "failed",
        "Below a pass mark",
        "The score that is shown is below the module's pass mark.",
        _each(lambda one, now: is_failed(one.shown_score, one.pass_mark), _failed_sentence),
        AmongStudents(
            lambda one, now: "f" in one.cell.marks,
            "below the pass mark",
            "Below the pass mark",
            "The score that is shown is below the pass mark.",
            lambda one: (one.cell.score if one.cell.score is not None else Decimal(0),),
            "The lowest come first.",
        ),
        mark="f",
    ),
    AttentionRule(
        "inactive",
        "Inactive",
        f"Something is in progress, and there was no activity for {INACTIVE_AFTER.days} days or more.",
        _inactive,
        AmongStudents(
            lambda one, now: is_inactive(one.status, one.idle_since, now),
            "inactive",
            "Inactive here",
            f"In progress, and no activity in this module for {INACTIVE_AFTER.days} days or more.",
            lambda one: (one.idle_since or LONG_AGO,),
            "The longest come first.",
        ),
    ),
)

RULES_BY_KEY: Final = {rule.key: rule for rule in RULES}

COUNTED: Final = " or ".join(rule.title.lower() for rule in RULES if rule.mark)
"""What the pages of classes count, in words: 'stuck in a quiz or below a pass mark'."""


def flags(modules: Sequence[Facts], now: datetime) -> list[Flag]:
    """Everything that needs attention in these modules of one student, the most pressing rule first."""
    return [
        Flag(rule.key, module, sentence)
        for rule in RULES
        for module, sentence in rule.find(modules, now)
    ]
