"""The narrow rows that pages read: what each says of its progress row."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from data.access.session import Actor
from data.rules.flags import stuck_quizzes
from data.rules.progress import Status
from data.writing.save import save
from tests.clusters import Scratch
from tests.database.fact_of_row import fact, fact_of
from tests.database.rows_as_owner import C, P, S, edit, platform, written_by
from tests.people import ANN, COORDINATOR, COURSE, LESSONS, PROJECT

Act = Callable[[UUID], Actor]
ONE, OTHER = map(str, LESSONS)

SCORES: list[tuple[Any, Any, Any, Any]] = [
    # (score, details, shown score, its source)
    (None, None, None, None),
    (80, None, 80, "score"),
    (80, {"score": 70, "score_percentage": 60}, 80, "score"),
    (None, {"score": 70, "score_percentage": 60}, 60, "details"),
    (None, {"score": 70}, 70, "details"),
    (None, {"score_percentage": "60.5"}, Decimal("60.5"), "details"),
    (None, {"score_percentage": "sixty", "score": 70}, 70, "details"),
    (None, {"score_percentage": None, "score": 70}, 70, "details"),
    (None, {"score_percentage": [60], "score": {"score": 70}}, None, None),
    (None, {"score": True}, None, None),
    (None, {"score": "1e3"}, None, None),
    (None, {"score": "9" * 1000}, None, None),
    (None, {"score": "٦٠"}, None, None),
    (None, {"score": "NaN"}, None, None),
    (None, {"score": ""}, None, None),
    (None, [{"score": 70}], None, None),
    (None, "70", None, None),
    (None, 70, None, None),
    (0, {"score": 70}, 0, "score"),
    (None, {"score": 0}, 0, "details"),
]


@pytest.mark.parametrize(("score", "details", "shown", "source"), SCORES)
def test_the_shown_score_is_the_score_else_that_of_the_details(
    shared: Scratch, score: Any, details: Any, shown: Any, source: Any
) -> None:
    found = fact_of(shared, details, score=score)
    assert (found["shown_score"], found["score_source"]) == (shown, source)


OLD = "2025-12-01T00:00Z"
NEW = "2026-02-01T10:00:00Z"
JUNK = [3, None, "x", True, [], {}, [3], {"last_attempt_at": 3}]
ACTIVITY: list[tuple[Any, str | None]] = [
    (None, None),
    ({}, None),
    ({"submitted_at": OLD}, OLD),
    ({"submitted_at": NEW}, NEW),
    ({"started_at": NEW}, NEW),
    ({"completion_date": "2026-02-01"}, "2026-02-01T00:00Z"),
    ({"submitted_at": "2026-02-01 15:30:00+05:30"}, NEW),
    ({"submitted_at": "2026-02-01T10:00:00"}, NEW),
    ({"submitted_at": "2026-02-30T10:00Z", "started_at": NEW}, NEW),
    ({"submitted_at": "infinity", "started_at": NEW}, NEW),
    ({"submitted_at": "9999-01-01", "started_at": NEW}, NEW),
    ({"submitted_at": "2026-02-01T25:00Z", "started_at": NEW}, NEW),
    ({"submitted_at": "2026-02-01 10:00 Nowhere/Land", "started_at": NEW}, NEW),
    ({"submitted_at": "now", "started_at": "tomorrow"}, None),
    # The day before by its own zone, and yet the newest.
    ({"submitted_at": "2025-12-31T12:00-15:00"}, "2026-01-01T03:00+00:00"),
    ({"lesson_quiz_results": {ONE: {"last_attempt_at": "2025-12-31 23:00-02"}}}, "2026-01-01T01:00+00:00"),
    ({"submitted_at": "٢٠٢٦-٠٢-٠١"}, None),
    ({"submitted_at": 1770000000, "started_at": {"at": NEW}}, None),
    ({"lesson_quiz_results": {ONE: {"last_attempt_at": NEW}}}, NEW),
    ({"lesson_quiz_results": {ONE: {"last_attempted_at": NEW}, OTHER: {"score": 3}}}, NEW),
    ({"lesson_quiz_attempts": {ONE: [{"submitted_at": OLD}, {"submitted_at": NEW}]}}, NEW),
    ([{"submitted_at": NEW}], None),
    (NEW, None),
    # One malformed neighbour hides no other.
    *[
        ({"lesson_quiz_results": {"a": junk, "b": {"last_attempt_at": NEW}}}, NEW)
        for junk in JUNK
    ],
    *[
        ({"lesson_quiz_attempts": {"a": junk, "b": [junk, {"submitted_at": NEW}]}}, NEW)
        for junk in JUNK
    ],
    *[
        ({"lesson_quiz_attempts": junk, "lesson_quiz_results": junk, "started_at": NEW}, NEW)
        for junk in JUNK
    ],
]  # fmt: skip


@pytest.mark.parametrize(("details", "newest"), ACTIVITY)
def test_last_activity_is_the_newest_moment_in_the_details_and_else_not_known(
    shared: Scratch, details: Any, newest: str | None
) -> None:
    expected = datetime.fromisoformat(newest) if newest else None
    # Nothing tells whose change last_updated was.
    for updated in ("2026-01-01T00:00Z", "2026-03-01T00:00Z"):
        found = fact_of(shared, details, last_updated=updated)
        assert found["last_activity"] == expected
        changed = None if newest else datetime.fromisoformat(updated)
        assert found["last_change"] == changed
    poisoned = fact_of(shared, details, last_updated="infinity")
    assert (poisoned["last_activity"], poisoned["last_change"]) == (expected, None)


@pytest.mark.parametrize("moment", ["infinity", "-infinity", "0044-03-15 BC", "12026-01-01"])
def test_an_unreadable_last_updated_is_no_activity_and_a_problem(
    shared: Scratch, moment: str
) -> None:
    found = fact_of(shared, last_updated=moment)
    assert (found["last_activity"], found["has_problem"]) == (None, True)


def quizzes(*results: Any) -> dict[str, Any]:
    return {"lesson_quiz_results": {f"quiz {number}": one for number, one in enumerate(results)}}


@pytest.mark.parametrize(
    ("details", "stuck"),
    [
        (None, False),
        (quizzes({"attempts": 3, "passed": False}), True),
        (quizzes({"attempts": 4, "passed": False}), True),
        (quizzes({"attempts": 2, "passed": False}), False),
        (quizzes({"attempts": 3, "passed": True}), False),
        (quizzes({"attempts": 3}), False),
        (quizzes({"passed": False}), False),
        *(
            (quizzes({"attempts": 3, "passed": word}), True)
            for word in ("false", "Failed", "no", 0)
        ),
        *(
            (quizzes({"attempts": many, "passed": False}), True)
            for many in ("3", " 10 ", "3.0", 3.0)
        ),
        *(
            (quizzes({"attempts": many, "passed": False}), False)
            for many in ("2", "30x", "-3", True)
        ),
        *(
            (quizzes({"attempts": 3, "passed": word}), False)
            for word in ("true", "passed", 1, None)
        ),
        *((quizzes(junk, {"attempts": 3, "passed": False}), True) for junk in JUNK),
        *((quizzes(junk, {"attempts": 1, "passed": False}), False) for junk in JUNK),
        *(({"lesson_quiz_results": junk}, False) for junk in JUNK),
        ([quizzes({"attempts": 3, "passed": False})], False),
    ],
)
def test_a_student_is_stuck_who_failed_a_quiz_three_times(
    shared: Scratch, details: Any, stuck: bool
) -> None:
    assert ((fact_of(shared, details)["attempts"] or 0) >= 3) is stuck


@pytest.mark.parametrize("attempts", [3, "3", " 4 ", "3.0", 2, "2", "x", None, True, -3])
@pytest.mark.parametrize("passed", [False, "failed", "No", 0, True, "passed", 1, None, "x"])
def test_the_lists_and_the_details_say_the_same_of_a_quiz(
    shared: Scratch, attempts: Any, passed: Any
) -> None:
    details = {"lesson_quiz_results": {ONE: {"attempts": attempts, "passed": passed}}}
    fact = fact_of(shared, details)
    for least in range(1, 11):
        assert ((fact["attempts"] or 0) >= least) is bool(stuck_quizzes(details, [], least))


@pytest.mark.parametrize(
    ("columns", "details", "problem"),
    [
        ({}, None, False),
        ({"score": 100}, {}, False),
        ({"score": 0}, {"anything": []}, False),
        ({"score": Decimal("100.01")}, None, True),
        ({"score": -1}, None, True),
        ({"score": Decimal("NaN")}, None, True),
        ({"score": "Infinity"}, None, True),
        ({"score": "1e300"}, None, True),
        ({}, {"score": 140}, True),
        ({}, {"score": 10**400}, True),
        ({}, [1], True),
        ({}, "text", True),
        ({}, 5, True),
        ({"completed_at": "2026-01-01"}, None, False),
        ({"completed_at": "infinity"}, None, True),
        ({"completed_at": "0044-03-15 BC"}, None, True),
        ({"completed_at": "2999-01-01"}, None, True),
        ({"last_updated": "2999-01-01"}, None, True),
    ],
)
def test_what_no_teacher_could_mean_is_flagged(
    shared: Scratch, columns: dict[str, Any], details: Any, problem: bool
) -> None:
    assert fact_of(shared, details, **columns)["has_problem"] is problem


def test_json_null_for_details_is_no_problem(shared: Scratch) -> None:
    fact_of(shared)
    platform(shared, ANN, COURSE, "progress_details = 'null'")
    assert fact(shared)["has_problem"] is False
    platform(shared, ANN, COURSE, "progress_details = '[]'")  # the control
    assert fact(shared)["has_problem"] is True


def test_facts_know_whether_staff_made_the_figures(school: Scratch, act: Act) -> None:
    def edited() -> bool:
        found: bool = fact(school)["edited_by_staff"]
        return found

    assert edited() is False
    save(act(COORDINATOR), [edit(school, ANN, COURSE, {P: 41})])
    assert edited() is True
    # The student goes on watching a video: the figures are still Cora's.
    watched = "progress_details = '{\"last_viewed_lesson_sequence\": 2}', last_updated = now()"
    whose = f" where student_id = '{ANN}' and module_id = '{COURSE}'"
    written_by(school, ANN, f"update public.student_module_progress set {watched}{whose}")
    assert edited() is True
    # The platform recomputes them: not hers any more.
    platform(school, ANN, COURSE, "status = 'Completed', progress_percentage = 100")
    assert edited() is False
    # She corrects the date only, and the figures are the platform's; but staff was here.
    save(act(COORDINATOR), [edit(school, ANN, COURSE, {C: datetime(2026, 1, 1, tzinfo=UTC)})])
    assert edited() is True
    written_by(school, ANN, f"update public.student_module_progress set score = 3{whose}")
    assert edited() is False
    save(act(COORDINATOR), [edit(school, ANN, PROJECT, {S: Status.IN_PROGRESS})])
    assert fact(school, ANN, PROJECT)["edited_by_staff"] is True
