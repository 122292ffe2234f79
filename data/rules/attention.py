"""What needs attention, and why: one row a rule. Nothing here reads or writes.

A rule looks at a student's modules (or at one of them) and says in a sentence what it found, with the facts.
What PostgreSQL decides for thousands of cells at once (dashboard.fact, dashboard.class_rows) is held to the
same rules by tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from data.i18n.formats import figure
from data.rules.details import CourseDetails, Lesson, parse
from data.rules.details.types.course import STUCK_AFTER, Quiz
from data.rules.progress import Status

INACTIVE_AFTER: Final = timedelta(days=7)
FEW_NAMES: Final = 3


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


@dataclass(frozen=True)
class Need:
    """One thing that needs attention: by which rule, in which module, and the sentence that says it."""

    rule: str
    module_id: UUID
    sentence: str


@dataclass(frozen=True)
class Rule:
    """One rule. `rule` says in words when it holds; `find` looks for it in modules of one student, given
    the database's clock."""

    key: str
    title: str
    rule: str
    find: Callable[[Sequence[Facts], datetime], Iterator[Need]]


def is_failed(shown_score: Decimal | None, pass_mark: Decimal) -> bool:
    """Is the shown score below the pass mark? One that is no number is neither below nor above."""
    return shown_score is not None and not shown_score.is_nan() and shown_score < pass_mark


def is_inactive(status: Status, last_activity: datetime | None, now: datetime) -> bool:
    """In progress, and known to be without activity for a week."""
    return (
        status is Status.IN_PROGRESS
        and last_activity is not None
        and now - last_activity >= INACTIVE_AFTER
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


def _stuck(modules: Sequence[Facts], _now: datetime) -> Iterator[Need]:
    for one in modules:
        if one.is_stuck:
            quizzes = one.stuck_quizzes or (None,)
            for found in quizzes:
                yield Need("stuck", one.module_id, _stuck_sentence(one.module, found))


def _stuck_sentence(module: str, found: StuckQuiz | None) -> str:
    if found is None:
        return f"Stuck in a lesson's quiz ({module}): {STUCK_AFTER} attempts or more, not passed."
    best = f", best {found.quiz.best.words}" if found.quiz.best else ""
    return (
        f"Stuck in the quiz of {_lesson(found.lesson)} ({module}): "
        f"{found.quiz.attempts} attempts{best}, not passed."
    )


def _lesson(lesson: Lesson | None) -> str:
    if lesson is None:
        return "a lesson that is no longer in this module"
    number = "" if lesson.sequence is None else f" {lesson.sequence}"
    return f"lesson{number} “{lesson.title}”"


def _failed(modules: Sequence[Facts], _now: datetime) -> Iterator[Need]:
    for one in modules:
        if one.shown_score is not None and is_failed(one.shown_score, one.pass_mark):
            yield Need(
                "failed",
                one.module_id,
                f"Below the pass mark in {one.module}: {_scored(one.shown_score, one.pass_mark)}.",
            )


def _scored(score: Decimal, pass_mark: Decimal) -> str:
    shown, mark = figure(score), figure(pass_mark)
    # 59.96 would be shown as 60.
    return f"score {score if shown == mark else shown}, pass mark {mark}"


def _inactive(modules: Sequence[Facts], now: datetime) -> Iterator[Need]:
    """Of the student, not of a module: who works on something else meanwhile is not inactive."""
    open_ones = [one for one in modules if one.status is Status.IN_PROGRESS]
    newest = max((one.last_activity for one in modules if one.last_activity), default=None)
    if newest and any(is_inactive(one.status, newest, now) for one in open_ones):
        days = (now - newest).days
        yield Need(
            "inactive",
            open_ones[0].module_id,
            f"No activity for {days} days, with {_names([one.module for one in open_ones])} in progress.",
        )


def _names(names: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and 3 other modules'."""
    if len(names) > FEW_NAMES:
        names = [*names[:2], f"{len(names) - 2} other modules"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


RULES: Final = (
    Rule(
        "stuck",
        "Stuck in a quiz",
        f"A lesson's quiz was tried {STUCK_AFTER} times or more and is not passed. Only staff can clear it.",
        _stuck,
    ),
    Rule(
        "failed",
        "Below a pass mark",
        "The score that is shown is below the module's pass mark.",
        _failed,
    ),
    Rule(
        "inactive",
        "Inactive",
        f"Something is in progress, and there was no activity for {INACTIVE_AFTER.days} days or more.",
        _inactive,
    ),
)

RULES_BY_KEY: Final = {rule.key: rule for rule in RULES}


def needs(modules: Sequence[Facts], now: datetime) -> list[Need]:
    """Everything that needs attention in these modules of one student, the most pressing rule first."""
    return [need for rule in RULES for need in rule.find(modules, now)]
