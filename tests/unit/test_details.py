"""Every variant of progress_details that PLATFORM.md names."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from data.rules.details import (
    FINISHED,
    AssessmentDetails,
    CourseDetails,
    Details,
    Mark,
    OtherDetails,
    ProjectDetails,
    Quiz,
    Unreadable,
    parse,
)
from tests.unit.stored_details import A, B, course

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def assessment(**details: object) -> AssessmentDetails:
    read = parse("assessment", details)
    assert isinstance(read, AssessmentDetails)
    return read


def project(**details: object) -> ProjectDetails:
    read = parse("project", details)
    assert isinstance(read, ProjectDetails)
    return read


def quiz(result: object = None, tries: object = None) -> Quiz:
    return course(lesson_quiz_results={A: result}, lesson_quiz_attempts={A: tries}).quizzes[UUID(A)]


@pytest.mark.parametrize(
    ("module_type", "model"),
    [
        ("Course", CourseDetails),
        ("COURSE", CourseDetails),
        (" course ", CourseDetails),
        ("Assessment", AssessmentDetails),
        ("project", ProjectDetails),
        ("assessment ", AssessmentDetails),
        ("expert session", OtherDetails),
        ("", OtherDetails),
    ],
)
def test_the_type_is_known_in_any_letter_case(module_type: str, model: type[Details]) -> None:
    assert type(parse(module_type, {"a": 1})) is model


@pytest.mark.parametrize("module_type", ["course", "assessment", "project", "interview"])
@pytest.mark.parametrize("details", [None, {}])
def test_no_details_are_empty_and_faultless(module_type: str, details: object) -> None:
    read = parse(module_type, details)
    assert read.is_empty
    assert read.unreadable == ()


@pytest.mark.parametrize("raw", ["text", 3, 2.5, True, [], [{"score": 1}], float("nan")])
def test_details_that_are_no_object_are_unreadable_as_a_whole(raw: object) -> None:
    read = parse("course", raw)
    assert [(each.path, each.raw is raw) for each in read.unreadable] == [((), True)]
    assert not read.is_empty


def test_every_part_of_a_course_is_read() -> None:
    read = course(
        completed_lesson_ids=[A, B, B],
        fully_watched_video_ids=[B],
        last_viewed_lesson_sequence=4,
        last_completed_lesson_id=B,
        video_playback_positions={A: 250.5, B: -1},
        video_playback_position=12,
    )
    assert read.completed_lesson_ids == {UUID(A), UUID(B)}
    assert read.fully_watched_video_ids == {UUID(B)}
    assert read.last_viewed_lesson_sequence == 4
    assert read.last_completed_lesson_id == UUID(B)
    assert read.playback == {UUID(A): 250.5, UUID(B): FINISHED}
    assert read.older_playback == 12
    assert (read.unknown, read.unreadable) == ({}, ())


@pytest.mark.parametrize("key", ["last_attempt_at", "last_attempted_at"])
def test_a_quiz_result_is_read_under_both_spellings(key: str) -> None:
    read = quiz(
        {
            "score": 60,
            "passed": True,
            "attempts": 2,
            "best_score": 80,
            key: "2026-03-31T12:00:00Z",
            "time_spent_seconds": 90,
        }
    )
    assert (read.latest, read.best) == (Mark(60, "percentage"), Mark(80, "percentage"))
    assert (read.passed, read.attempts) == (True, 2)
    assert (read.last_attempt, read.time_spent_seconds) == (NOON, 90)


def test_attempts_alone_make_a_quiz() -> None:
    tries = [
        {"score": 2, "total_questions_in_quiz": 5, "pass_fail_status": "failed"},
        {
            "score": 4,
            "total_questions_in_quiz": 5,
            "pass_fail_status": "Passed",
            "time_taken_seconds": 61,
            "submitted_at": "2026-03-31T12:00:00Z",
        },
    ]
    read = quiz(tries=tries)
    assert read.best == read.latest == Mark(4, "count", 5)
    assert (read.passed, read.attempts, read.time_spent_seconds) == (True, 2, 61)
    assert read.last_attempt == NOON


@pytest.mark.parametrize(
    ("score", "total", "scale"),
    [
        (3, 5, "count"),
        (0, 5, "count"),
        (80, 100, "count"),
        (80, 5, "percentage"),
        (4, 3, "ambiguous"),
        (3, None, "ambiguous"),
        (0, None, "ambiguous"),
        (5, None, "ambiguous"),
        (5.01, None, "percentage"),
        (80, None, "percentage"),
        (3, 0, "ambiguous"),
        (-1, 5, "ambiguous"),
    ],
)
def test_the_scale_of_a_score_is_told_or_left_open(
    score: float, total: int | None, scale: str
) -> None:
    best = quiz(tries=[{"score": score, "total_questions_in_quiz": total}]).best
    assert best is not None
    assert best.scale == scale


def test_a_result_takes_its_total_from_the_attempt_with_that_score() -> None:
    tries = [{"score": 3, "total_questions_in_quiz": 5}]
    assert quiz({"best_score": 3}, tries).best == Mark(3, "count", 5)
    assert quiz({"best_score": 4}, tries).best == Mark(4, "ambiguous")


def test_attempts_on_different_scales_have_no_best() -> None:
    read = quiz(tries=[{"score": 3, "total_questions_in_quiz": 5}, {"score": 80}])
    assert (read.best, read.latest) == (None, Mark(80, "percentage"))


@pytest.mark.parametrize(
    ("attempts", "passed", "stuck"),
    [(3, False, True), (4, False, True), (2, False, False), (3, True, False), (3, None, False)],
)
def test_stuck_is_as_many_attempts_and_not_passed(
    attempts: int, passed: bool | None, stuck: bool
) -> None:
    assert quiz({"attempts": attempts, "passed": passed}).is_stuck(3) is stuck
    assert not quiz({"attempts": attempts, "passed": passed}).is_stuck(None)


def test_three_failed_attempts_without_a_result_are_not_called_stuck() -> None:
    read = quiz(tries=[{"pass_fail_status": "failed"}] * 3)
    assert (read.attempts, read.passed, read.is_stuck(3)) == (3, False, False)


def test_every_part_of_an_assessment_is_read() -> None:
    read = assessment(
        answers={"q1": "a", "q2": ["b", "c"], "q3": "", "q4": [], "q5": None},
        correct_answers=11,
        total_questions=20,
        score_percentage=55.5,
        tier_achieved="Gold",
        time_spent_seconds=725,
        started_at="2026-03-31T11:00:00+00:00",
        submitted_at="2026-03-31T14:00:00+02:00",
    )
    assert (read.correct, read.total, read.answers_given, read.tier) == (11, 20, 2, "Gold")
    assert (read.score_percentage, read.time_spent_seconds) == (55.5, 725)
    assert (read.started_at, read.submitted_at) == (NOON.replace(hour=11), NOON)
    assert (read.unknown, read.unreadable) == ({}, ())


@pytest.mark.parametrize(
    ("details", "percentage", "older"),
    [
        ({"score": 40}, None, 40),
        ({"score": 40, "score_percentage": 55}, 55, 40),
        ({"score": 40, "score_percentage": None}, None, 40),
        ({"score": 40, "score_percentage": "NaN"}, None, 40),
        ({"score_percentage": 0}, 0, None),
        ({}, None, None),
    ],
)
def test_a_percentage_and_an_older_score_are_told_apart(
    details: dict[str, object], percentage: float | None, older: float | None
) -> None:
    read = assessment(**details)
    assert (read.score_percentage, read.older_score) == (percentage, older)


def test_every_part_of_a_project_is_read() -> None:
    read = project(
        project_title="Bridge",
        project_submitted=True,
        score="66.6666666666666667",
        passed=False,
        submission_id=17,
        completion_date="2026-03-31",
    )
    assert (read.title, read.submitted, read.passed, read.submission_id) == (
        "Bridge",
        True,
        False,
        "17",
    )
    assert read.score == pytest.approx(66.6666666)
    assert read.completion_date == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-31T12:00:00Z", NOON),
        ("2026-03-31T12:00:00.000000+00:00", NOON),
        ("2026-03-31 12:00:00+00", NOON),
        ("2026-03-31 14:00:00.5+02", NOON.replace(microsecond=500_000)),
        ("2026-03-31T12:00", NOON),
        (" 2026-03-31T12:00:00 ", NOON),
        ("2026-03-31", date(2026, 3, 31)),
    ],
)
def test_a_moment_is_read_however_it_is_spelled(written: str, read: date) -> None:
    assert assessment(submitted_at=written).submitted_at == read


@pytest.mark.parametrize(
    "written",
    [
        "infinity",
        "-infinity",
        "0044-03-15 BC",
        "0044-03-15",
        "99999-01-01",
        "9999-12-31T23:59:59Z",
        "2026-02-30",
        "2026-03-31T25:00:00Z",
        "yesterday",
        "",
        "now",
        1_774_958_400,
        1e300,
        True,
        [],
        {},
        "2026-03-31" * 1000,
    ],
)
def test_a_moment_nobody_could_mean_is_unreadable(written: object) -> None:
    read = assessment(submitted_at=written, started_at="2026-03-31T12:00:00Z")
    assert (read.submitted_at, read.started_at) == (None, NOON)
    assert read.unreadable == (Unreadable(("submitted_at",), written),)
