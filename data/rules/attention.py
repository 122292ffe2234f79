"""What needs attention, and why: the words of each rule, one row a rule in RULES. Pure.

Whom a rule flags, PostgreSQL decides for a whole school at once (internal.raised in
data/database/sql/attention.sql, a row under the same key). Here stands how that is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Final
from uuid import UUID

from data.i18n.dates import day
from data.i18n.formats import count, figure, figure_beside, listed
from data.rules.details import Lesson
from data.rules.details.types.course import STUCK_AFTER
from data.rules.flags import (
    INACTIVE_AFTER,
    AmongStudents,
    Facts,
    Flag,
    FlagFacts,
    Reason,
    StuckQuiz,
    is_inactive,
)

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


Sentences = Iterator[tuple[UUID | None, str]]


@dataclass(frozen=True)
class AttentionRule:
    """One rule. `sentence` says when it holds, `short` a flag of it in a few words, `explain` in sentences with
    the facts, each with the module that it is about. Where the database marks a cell by it, `mark` is the
    letter (data.rules.cell). `among` is the same rule on the page of one module."""

    key: str
    title: str
    sentence: str
    short: Callable[[Flag], str]
    explain: Callable[[FlagFacts], Sentences]
    among: AmongStudents | None = None
    mark: str = ""


def _each(sentence: Callable[[Facts, FlagFacts], str]) -> Callable[[FlagFacts], Sentences]:
    """A rule that says something of each module by itself."""
    return lambda told: ((one.module_id, sentence(one, told)) for one in told.modules)


def _of_class(sentence: Callable[[FlagFacts], str]) -> Callable[[FlagFacts], Sentences]:
    """A rule that says one thing of the class; it leads to the first module that it names."""

    def explain(told: FlagFacts) -> Sentences:
        yield told.modules[0].module_id if told.modules else None, sentence(told)

    return explain


def _stuck(told: FlagFacts) -> Sentences:
    for one in told.modules:
        for quiz in one.stuck_quizzes or (None,):
            yield one.module_id, _stuck_sentence(one.module, quiz, told.here)


def _stuck_sentence(module: str, stuck: StuckQuiz | None, here: tzinfo) -> str:
    if stuck is None:
        return f"Stuck in a lesson's quiz ({module}): {STUCK_AFTER} attempts or more, not passed."
    best = f", best {stuck.quiz.best.words}" if stuck.quiz.best else ""
    at = stuck.quiz.last_attempt
    last = f", last on {day(at, here)}" if isinstance(at, datetime) else ""
    return (
        f"Stuck in the quiz of {_lesson(stuck.lesson)} ({module}): "
        f"{stuck.quiz.attempts} attempts{best}{last}, not passed."
    )


def _lesson(lesson: Lesson | None) -> str:
    if lesson is None:
        return "a lesson that is no longer in this module"
    number = "" if lesson.sequence is None else f" {lesson.sequence}"
    return f"lesson{number} “{lesson.title}”"


def _failed(one: Facts, _: FlagFacts) -> str:
    score = "none" if one.shown_score is None else figure_beside(one.shown_score, one.pass_mark)
    return f"Below the pass mark in {one.module}: score {score}, pass mark {figure(one.pass_mark)}."


def _slipped(one: Facts, told: FlagFacts) -> str:
    since = f" since {day(told.flag.since, told.here)}" if len(told.modules) == 1 else ""
    return f"{one.module} was completed, and is not any more{since}."


def _not_begun(told: FlagFacts) -> str:
    begun, students = told.flag.figure, told.flag.beside
    return f"Has not begun in {told.class_name}, where {begun} of {students} students have."


def _inactive(told: FlagFacts) -> str:
    return f"No activity for {_days(told.flag)}{_in_progress(told)}."


def _stalled(told: FlagFacts) -> str:
    return f"Active, but came no further for {_days(told.flag)}{_in_progress(told)}."


def _days(flag: Flag) -> str:
    return count(flag.figure or 0, "day", "days")


def _in_progress(told: FlagFacts) -> str:
    """Whoever was flagged may have finished them since: then none is named."""
    names = [one.module for one in told.modules]
    return f", with {listed(names, 'other modules')} in progress" if names else ""


def _far_behind(told: FlagFacts) -> str:
    done = count(told.flag.figure or 0, "module", "modules")
    return f"{done} completed in {told.class_name}; half of its students have {told.flag.beside} or more."


RULES: Final = (
    AttentionRule(
        "stuck",
        "Stuck in a quiz",
        f"A lesson's quiz was tried {STUCK_AFTER} times or more and is not passed. Only staff can clear it.",
        lambda flag: "stuck in a quiz" if flag.modules == 1 else f"stuck in {flag.modules} modules",
        _stuck,
        AmongStudents(lambda one, now: "s" in one.cell.marks, "stuck in a quiz"),
        mark="s",
    ),
    AttentionRule(
        "slipped",
        "No longer completed",
        "A module was completed and is not any more, and it was not staff who changed that.",
        lambda flag: f"{flag.modules} no longer completed",
        _each(_slipped),
    ),
    AttentionRule(
        "not_begun",
        "Not begun",
        "Nothing is begun in the class, while at least half of its students have begun.",
        lambda flag: "not begun",
        _of_class(_not_begun),
    ),
    AttentionRule(
        "failed",
        "Below a pass mark",
        "The score that is shown is below the module's pass mark.",
        lambda flag: f"{flag.modules} below the mark",
        _each(_failed),
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
        lambda flag: f"inactive {_days(flag)}",
        _of_class(_inactive),
        AmongStudents(
            lambda one, now: is_inactive(one.status, one.idle_since, now),
            "inactive",
            "Inactive here",
            f"In progress, and no activity in this module for {INACTIVE_AFTER.days} days or more.",
            lambda one: (one.idle_since or LONG_AGO,),
            "The longest come first.",
        ),
    ),
    AttentionRule(
        "far_behind",
        "Far behind",
        "Completed less than half of what half of the class has, and is 4 modules or more behind that.",
        lambda flag: f"far behind ({flag.figure} of {flag.beside})",
        _of_class(_far_behind),
    ),
    AttentionRule(
        "stalled",
        "Without progress",
        "Something is in progress and worked on, but nothing came further for 14 days or more.",
        lambda flag: f"no progress for {_days(flag)}",
        _of_class(_stalled),
    ),
    AttentionRule(
        "doubtful",
        "With a data problem",
        "A value is stored that cannot be right, such as a date to come or a score above 100.",
        lambda flag: count(flag.modules or 0, "data problem", "data problems"),
        _each(lambda one, told: f"A stored value in {one.module} cannot be right."),
        mark="p",
    ),
)

RULES_BY_KEY: Final = {rule.key: rule for rule in RULES}


def short(flags: Sequence[Flag]) -> str:
    """Why, in a few words, the gravest first: 'stuck in a quiz · inactive 12 days'; '' for none."""
    return " · ".join(RULES_BY_KEY[flag.rule].short(flag) for flag in flags)


def urgency(flags: Sequence[Flag]) -> tuple[int, datetime]:
    """How much a student needs somebody, as dashboard.urgent_flags has it: how grave together, then how new."""
    newest = max((flag.since for flag in flags if flag.since), default=LONG_AGO)
    return sum(flag.weight for flag in flags), newest


def explained(told: FlagFacts) -> list[Reason]:
    """A flag in sentences."""
    flag = told.flag
    return [
        Reason(flag.rule, flag.class_id, module, sentence)
        for module, sentence in RULES_BY_KEY[flag.rule].explain(told)
    ]
