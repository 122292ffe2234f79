"""What needs attention, and why: the words of each rule, one row a rule in RULES. Pure.

Whom a rule flags, PostgreSQL decides for a whole school at once (internal.raised in
data/database/sql/attention.sql, a row under the same key). Here stands how that is said.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from data.i18n.formats import count
from data.rules.attention_figures import Figures, RuleFigure
from data.rules.explaining import (
    Sentences,
    days,
    each,
    failed,
    far_behind,
    inactive,
    not_begun,
    of_class,
    slipped,
    stalled,
    stuck,
)
from data.rules.flags import (
    AmongStudents,
    Flag,
    FlagFacts,
    Reason,
    is_inactive,
)

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class AttentionRule:
    """One rule. `sentence` says when it holds, by a class's figures; `short` a flag of it in a few words,
    `explain` in sentences with the facts, each with the module that it is about. Where the database marks a
    cell by it, `mark` is the letter (data.rules.cell). `among` is the same rule on the page of one module."""

    key: str
    title: str
    sentence: Callable[[Figures], str]
    short: Callable[[Flag], str]
    explain: Callable[[FlagFacts], Sentences]
    among: AmongStudents | None = None
    mark: str = ""


def _in_so_many(modules: int) -> str:
    return f", in {modules} modules or more." if modules > 1 else "."


def by_figure(values: Collection[int]) -> str:
    """A figure as several classes have it: '3', '3 to 5'."""
    low, high = min(values), max(values)
    return f"{low}" if low == high else f"{low} to {high}"


def stuck_sentence(attempts: str) -> str:
    """Who is stuck after so many."""
    return f"A lesson's quiz was tried {attempts} times or more and is not passed. Only staff can clear it."


def _part(percent: int) -> str:
    return "half" if percent == 50 else f"{percent} %"


RULES: Final = (
    AttentionRule(
        "stuck",
        "Stuck in a quiz",
        lambda by: stuck_sentence(f"{by['stuck_attempts']}"),
        lambda flag: "stuck in a quiz" if flag.modules == 1 else f"stuck in {flag.modules} modules",
        stuck,
        AmongStudents(
            lambda one, by, now: "s" in one.cell.marks,
            "stuck in a quiz",
            "Stuck in a quiz",
            stuck_sentence,
            "stuck_attempts",
        ),
        mark="s",
    ),
    AttentionRule(
        "slipped",
        "No longer completed",
        lambda by: (
            "A module was completed and is not any more, and it was not staff who changed that"
            + _in_so_many(by["slipped_modules"])
        ),
        lambda flag: f"{flag.modules} no longer completed",
        each(slipped),
    ),
    AttentionRule(
        "not_begun",
        "Not begun",
        lambda by: (
            "Nothing is begun in the class, while at least "
            f"{_part(by['not_begun_share'])} of its students have begun."
        ),
        lambda flag: "not begun",
        of_class(not_begun),
    ),
    AttentionRule(
        "failed",
        "Below a pass mark",
        lambda by: (
            "The score that is shown is below the module's pass mark"
            + _in_so_many(by["failed_modules"])
        ),
        lambda flag: f"{flag.modules} below the mark",
        each(failed),
        AmongStudents(
            lambda one, by, now: "f" in one.cell.marks,
            "below the pass mark",
            "Below the pass mark",
            lambda _: "The score that is shown is below the pass mark.",
            order=lambda one: (one.cell.score if one.cell.score is not None else Decimal(0),),
            first="The lowest come first.",
        ),
        mark="f",
    ),
    AttentionRule(
        "inactive",
        "Inactive",
        lambda by: (
            f"Something is in progress, and there was no activity for {by['inactive_days']} days or more; "
            "holidays do not count."
        ),
        lambda flag: f"inactive {days(flag)}",
        of_class(inactive),
        AmongStudents(
            is_inactive,
            "inactive",
            "Inactive here",
            lambda days: (
                f"In progress, and no activity in this module for {days} days or more; "
                "holidays do not count."
            ),
            "inactive_days",
            lambda one: (one.idle_since or LONG_AGO,),
            "The longest come first.",
        ),
    ),
    AttentionRule(
        "far_behind",
        "Far behind",
        lambda by: (
            f"Completed less than {_part(by['far_behind_share'])} of what half of the class has, and is "
            f"{count(by['far_behind_modules'], 'module', 'modules')} or more behind that."
        ),
        lambda flag: f"far behind ({flag.figure} of {flag.beside})",
        of_class(far_behind),
    ),
    AttentionRule(
        "stalled",
        "Without progress",
        lambda by: (
            "Something is in progress and worked on, but nothing came further for "
            f"{by['stalled_days']} days or more; holidays do not count."
        ),
        lambda flag: f"no progress for {days(flag)}",
        of_class(stalled),
    ),
    AttentionRule(
        "doubtful",
        "With a data problem",
        lambda by: (
            "A value is stored that cannot be right, such as a date to come or a score above 100"
            + _in_so_many(by["doubtful_modules"])
        ),
        lambda flag: count(flag.modules or 0, "data problem", "data problems"),
        each(lambda one, told: f"A stored value in {one.module} cannot be right."),
        mark="p",
    ),
)

RULES_BY_KEY: Final = {rule.key: rule for rule in RULES}


def called(figure: RuleFigure) -> str:
    """What a figure is called among those of all rules: 'Inactive: days at least'."""
    title = RULES_BY_KEY[figure.rule].title
    return f"{title}: {figure.label.lower()}" if figure.label else title


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
