"""The words of the rules of attention; whom they flag, tests/database/attention says."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from re import findall
from uuid import UUID

import pytest

from data.reading.attention import Flagged
from data.reading.classes.matrix import MatrixStudent
from data.reading.modules.needs import InModule, in_module
from data.rules.attention import RULES, explained, short
from data.rules.attention_figures import USUAL, ClassFigures
from data.rules.details import Lesson
from data.rules.explaining import lasted
from data.rules.flags import (
    Facts,
    Flag,
    FlagFacts,
    is_failed,
    is_inactive,
    stuck_quizzes,
)

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)
CLASS = UUID(int=8)
LESSON = Lesson(UUID(int=4), "Loops", 4, True)
BASICS = Facts(UUID(int=1), "Basics", None, Decimal(60))
LOOPS = Facts(UUID(int=2), "Loops", Decimal(45), Decimal(60))
STUCK = {
    "lesson_quiz_results": {
        str(LESSON.id): {
            "attempts": 3,
            "passed": False,
            "best_score": 40,
            "last_attempt_at": "2026-11-02T09:00:00Z",
        }
    }
}


def flag(rule: str, **told: object) -> Flag:
    return replace(Flag(CLASS, rule, 1), **told)  # type: ignore[arg-type]


def sentences(one: Flag, *modules: Facts) -> list[str]:
    return [reason.sentence for reason in explained(FlagFacts(one, modules, "1A", UTC))]


def test_who_is_stuck_is_told_with_lesson_attempts_best_score_and_day() -> None:
    stuck = replace(BASICS, stuck_quizzes=stuck_quizzes(STUCK, [LESSON], 3))
    assert sentences(flag("stuck"), stuck) == [
        "Stuck in the quiz of lesson 4 “Loops” (Basics): "
        "3 attempts, best 40 %, last on 2 Nov 2026, not passed."
    ]


@pytest.mark.parametrize("details", [None, [], "x", {"lesson_quiz_results": {"no id": 3}}])
def test_who_is_stuck_by_the_database_is_told_so_where_the_details_do_not_say_where(
    details: object,
) -> None:
    stuck = replace(BASICS, stuck_quizzes=stuck_quizzes(details, [LESSON], 4))
    assert sentences(flag("stuck", figure=4), stuck) == [
        "Stuck in a lesson's quiz (Basics): 4 attempts or more, not passed."
    ]


def test_a_stuck_quiz_of_a_lesson_that_is_gone_and_on_an_unknown_scale_is_told() -> None:
    gone = {str(UUID(int=9)): {"attempts": 5, "passed": False, "score": 2}}
    both = {"lesson_quiz_results": gone | STUCK["lesson_quiz_results"]}
    assert [one.lesson for one in stuck_quizzes(both, [LESSON], 3)] == [LESSON, None]
    quizzes = stuck_quizzes({"lesson_quiz_results": gone}, [LESSON], 3)
    assert sentences(flag("stuck"), replace(BASICS, stuck_quizzes=quizzes)) == [
        "Stuck in the quiz of a lesson that is no longer in this module (Basics): "
        "5 attempts, not passed."
    ]


@pytest.mark.parametrize(
    ("score", "told"),
    [
        ("59.96", "Below the pass mark in Basics: score 59.96, pass mark 60."),
        ("59.94", "Below the pass mark in Basics: score 59.9, pass mark 60."),
        ("45", "Below the pass mark in Basics: score 45, pass mark 60."),
        ("0", "Below the pass mark in Basics: score 0, pass mark 60."),
    ],
)
def test_a_score_below_the_pass_mark_is_told_with_both(score: str, told: str) -> None:
    assert is_failed(Decimal(score), Decimal(60))
    assert sentences(flag("failed"), replace(BASICS, shown_score=Decimal(score))) == [told]


@pytest.mark.parametrize("score", ["60", "-1", "-1e9", "NaN", "Infinity"])
def test_a_score_at_the_mark_or_one_that_cannot_be_is_not_below_it(score: str) -> None:
    assert not is_failed(Decimal(score), Decimal(60))


DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)


def in_one_module(cell: str, ago: timedelta | None) -> InModule:
    since, done = None if ago is None else NOW - ago, cell.startswith("C")
    return in_module(MatrixStudent(UUID(int=7), "Ann", cell, done, not done, 0, since))


@pytest.mark.parametrize("days", [7, 2, 90])
def test_in_one_module_the_days_that_a_class_chose_make_inactive(days: int) -> None:
    by = ClassFigures({**USUAL, "inactive_days": days})
    assert is_inactive(in_one_module("I40", days * DAY), by, NOW)
    assert not is_inactive(in_one_module("I40", days * DAY - A_SECOND), by, NOW)
    assert not is_inactive(in_one_module("I40", None), by, NOW)
    assert not is_inactive(in_one_module("C100", days * DAY), by, NOW)


def test_days_off_do_not_count_and_are_told_beside_those_that_do() -> None:
    off = [(NOW - 12 * DAY, NOW - 5 * DAY), (NOW + DAY, NOW + 9 * DAY)]
    by = ClassFigures(USUAL, off)
    assert is_inactive(in_one_module("I40", 14 * DAY), by, NOW)
    assert not is_inactive(in_one_module("I40", 14 * DAY - A_SECOND), by, NOW)
    assert lasted(*by.days(NOW - 14 * DAY, NOW)) == "7 days and 7 days of holidays"
    assert lasted(*by.days(NOW - 3 * DAY, NOW)) == "3 days"


def test_nobody_is_stuck_where_the_rule_is_off() -> None:
    assert ClassFigures({**USUAL, "stuck_attempts": 4}).stuck_after == 4
    assert ClassFigures({**USUAL, "stuck_attempts": 4, "stuck": 0}).stuck_after is None
    assert [len(stuck_quizzes(STUCK, [LESSON], after)) for after in (2, 3, 4, None)] == [1, 1, 0, 0]


SAID = {
    "slipped": (
        flag("slipped", modules=1, since=NOW),
        [BASICS],
        ["Basics was completed, and is not any more since 12 Nov 2026."],
        "1 no longer completed",
    ),
    "slipped twice": (
        flag("slipped", modules=2, since=NOW),
        [BASICS, LOOPS],
        [
            "Basics was completed, and is not any more.",
            "Loops was completed, and is not any more.",
        ],
        "2 no longer completed",
    ),
    "not begun": (
        flag("not_begun", figure=9, beside=12),
        [],
        ["Has not begun in 1A, where 9 of 12 students have."],
        "not begun",
    ),
    "inactive": (
        flag("inactive", modules=2, since=NOW, figure=12),
        [BASICS, LOOPS],
        ["No activity for 12 days, with Basics and Loops in progress."],
        "inactive 12 days",
    ),
    "inactive in many": (
        flag("inactive", modules=5, since=NOW, figure=40),
        [replace(BASICS, module=f"M{at}") for at in range(5)],
        ["No activity for 40 days, with M0, M1 and 3 other modules in progress."],
        "inactive 40 days",
    ),
    "far behind": (
        flag("far_behind", since=NOW, figure=1, beside=9),
        [],
        ["1 module completed in 1A; half of its students have 9 or more."],
        "far behind (1 of 9)",
    ),
    "stalled": (
        flag("stalled", modules=1, since=NOW, figure=15),
        [BASICS],
        ["Active, but came no further for 15 days, with Basics in progress."],
        "no progress for 15 days",
    ),
    "below two marks": (
        flag("failed", modules=2),
        [LOOPS],
        ["Below the pass mark in Loops: score 45, pass mark 60."],
        "2 below the mark",
    ),
    "doubtful": (
        flag("doubtful", modules=1),
        [BASICS],
        ["A stored value in Basics cannot be right."],
        "1 data problem",
    ),
}


@pytest.mark.parametrize(("one", "modules", "told", "in_short"), SAID.values(), ids=SAID)
def test_a_flag_is_said_with_its_facts_and_in_a_few_words(
    one: Flag, modules: list[Facts], told: list[str], in_short: str
) -> None:
    assert sentences(one, *modules) == told
    assert short([one, flag("stuck", modules=1)]) == f"{in_short} · stuck in a quiz"


def test_what_two_classes_have_in_common_is_said_once() -> None:
    other = UUID(int=9)
    flags = (flag("failed", modules=1), replace(flag("failed", modules=1), class_id=other))
    facts = {(CLASS, "failed"): [LOOPS], (other, "failed"): [LOOPS, BASICS]}
    reasons = Flagged(UUID(int=7), flags, facts).reasons({CLASS: "1A", other: "1B"}, UTC)
    assert [reason.module_id for reason in reasons] == [LOOPS.module_id, BASICS.module_id]


def test_each_rule_has_a_key_a_title_and_words_of_its_own() -> None:
    for part in ("key", "title", "sentence"):
        assert len({getattr(rule, part) for rule in RULES}) == len(RULES)


def test_the_rules_of_the_database_are_the_ones_that_have_words() -> None:
    source = Path("data/database/sql/attention.sql").read_text("utf-8")
    assert {*findall(r"class_id, student_id, '(\w+)'", source)} == {rule.key for rule in RULES}
