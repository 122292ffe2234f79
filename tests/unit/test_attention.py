"""The rules of attention: when each holds, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from data.rules.attention import INACTIVE_AFTER, RULES, Facts, flags, stuck_quizzes
from data.rules.details import Lesson
from data.rules.progress import Status

NOW = datetime(2026, 11, 12, 10, tzinfo=UTC)
LESSON = Lesson(UUID(int=4), "Loops", 4, True)
FINE = Facts(
    UUID(int=1), "Basics", Status.IN_PROGRESS, None, Decimal(60), NOW - timedelta(days=1), False
)
STUCK = {
    "lesson_quiz_results": {str(LESSON.id): {"attempts": 3, "passed": False, "best_score": 40}}
}


def sentences(*modules: Facts) -> list[str]:
    return [need.sentence for need in flags(modules, NOW)]


def test_nothing_needs_attention_where_all_is_well() -> None:
    assert sentences(FINE) == []
    assert sentences() == []


def test_who_is_stuck_is_told_with_lesson_attempts_and_best_score() -> None:
    stuck = replace(FINE, is_stuck=True, stuck_quizzes=stuck_quizzes(STUCK, [LESSON]))
    assert sentences(stuck) == [
        "Stuck in the quiz of lesson 4 “Loops” (Basics): 3 attempts, best 40 %, not passed."
    ]


@pytest.mark.parametrize("details", [None, [], "x", {"lesson_quiz_results": {"no id": 3}}])
def test_who_is_stuck_by_the_database_is_told_so_where_the_details_do_not_say_where(
    details: object,
) -> None:
    stuck = replace(FINE, is_stuck=True, stuck_quizzes=stuck_quizzes(details, [LESSON]))
    assert sentences(stuck) == [
        "Stuck in a lesson's quiz (Basics): 3 attempts or more, not passed."
    ]


def test_a_stuck_quiz_of_a_lesson_that_is_gone_and_on_an_unknown_scale_is_told() -> None:
    gone = {str(UUID(int=9)): {"attempts": 5, "passed": False, "score": 2}}
    both = {"lesson_quiz_results": gone | STUCK["lesson_quiz_results"]}
    assert [one.lesson for one in stuck_quizzes(both, [LESSON])] == [LESSON, None]
    quizzes = stuck_quizzes({"lesson_quiz_results": gone}, [LESSON])
    assert sentences(replace(FINE, is_stuck=True, stuck_quizzes=quizzes)) == [
        "Stuck in the quiz of a lesson that is no longer in this module (Basics): "
        "5 attempts, not passed."
    ]


@pytest.mark.parametrize(
    ("score", "told"),
    [
        ("59.96", ["Below the pass mark in Basics: score 59.96, pass mark 60."]),
        ("59.94", ["Below the pass mark in Basics: score 59.9, pass mark 60."]),
        ("45", ["Below the pass mark in Basics: score 45, pass mark 60."]),
        ("0", ["Below the pass mark in Basics: score 0, pass mark 60."]),
        ("60", []),
        # What cannot be tells nothing: -1 is "absent" on some platforms.
        ("-1", []),
        ("-1e9", []),
        ("NaN", []),
        ("Infinity", []),
    ],
)
def test_a_score_below_the_pass_mark_is_told_and_none_at_it(score: str, told: list[str]) -> None:
    assert sentences(replace(FINE, shown_score=Decimal(score))) == told


@pytest.mark.parametrize(
    ("ago", "inactive"),
    [(INACTIVE_AFTER, True), (INACTIVE_AFTER - timedelta(seconds=1), False), (None, False)],
)
def test_a_week_without_activity_is_told_where_something_is_in_progress(
    ago: timedelta | None, inactive: bool
) -> None:
    quiet = replace(FINE, last_activity=None if ago is None else NOW - ago)
    told = ["No activity for 7 days, with Basics in progress."] if inactive else []
    assert sentences(quiet) == told
    assert sentences(replace(quiet, status=Status.COMPLETED)) == []


def test_who_works_on_another_module_is_not_inactive() -> None:
    quiet = replace(FINE, last_activity=NOW - timedelta(days=40))
    assert sentences(quiet, FINE) == []
    assert sentences(quiet, replace(quiet, module="Loops")) == [
        "No activity for 40 days, with Basics and Loops in progress."
    ]
    assert sentences(*[replace(quiet, module=f"M{at}") for at in range(5)]) == [
        "No activity for 40 days, with M0, M1 and 3 other modules in progress."
    ]


def test_where_no_activity_is_known_a_change_that_nothing_explains_counts() -> None:
    quiet = replace(FINE, last_activity=None, unexplained_change=NOW - timedelta(days=9))
    assert sentences(quiet) == ["No recorded work for 9 days, with Basics in progress."]
    assert sentences(replace(quiet, unexplained_change=NOW)) == []
    assert sentences(replace(quiet, last_activity=NOW)) == []
    known = replace(quiet, last_activity=NOW - timedelta(days=8), unexplained_change=NOW)
    assert sentences(known) == ["No activity for 8 days, with Basics in progress."]


def test_each_rule_has_a_key_a_title_and_words_of_its_own() -> None:
    for part in ("key", "title", "sentence"):
        assert len({getattr(rule, part) for rule in RULES}) == len(RULES)
