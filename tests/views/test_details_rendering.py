"""What a teacher reads of progress_details, piece by piece."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from dashboard.details import NOTHING_YET, RENDERERS, markup, page
from data.rules.details import MODULE_TYPES, Lesson
from tests.unit.stored_details import A, B
from tests.views.details_words import LESSONS, VIENNA, read

GONE = "7b1f6c7e-0c5f-4d53-9a52-0d3c5e6a1f99"


def rows(module_type: str, details: object, lessons: Sequence[Lesson] = LESSONS) -> list[str]:
    """The words of each table row, in order."""
    drawn = page(module_type, details, lessons, VIENNA, stuck_after=3)
    return [read(row) for row in re.findall(r"<tr.*?</tr>", drawn, re.DOTALL)]


def test_a_renderer_is_of_a_type_that_we_know() -> None:
    assert set(RENDERERS) < set(MODULE_TYPES)


def test_a_course_opens_with_its_answer_and_lists_its_lessons_in_order() -> None:
    details = {
        "completed_lesson_ids": [A, GONE],
        "fully_watched_video_ids": [A],
        "video_playback_positions": {B: 250, GONE: -1},
        "lesson_quiz_results": {
            A: {
                "best_score": 80,
                "score": 80,
                "passed": True,
                "attempts": 2,
                "last_attempt_at": "2026-11-12T13:05:00Z",
            }
        },
    }
    drawn = read(page("COURSE", details, LESSONS, VIENNA))
    assert drawn.startswith("1 of 3 lessons done, and 1 that is no longer in this module.")
    assert rows("course", details) == [
        "Lesson Done Quiz Video Last attempt",
        "1. Fractions ✓ done passed, best 80 %, 2 attempts watched 12 Nov 2026, 14:05",
        "2. Decimals ○ not done not taken at 4:10 –",  # an en dash is meant
        "3. Ratios ○ not done – not started –",
        f"a lesson that is no longer in this module {GONE} ✓ done – watched –",
    ]


@pytest.mark.parametrize(
    ("result", "tries", "words"),
    [
        ({"passed": False, "attempts": 3}, [], "stuck: 3 attempts, not passed"),
        (
            {"passed": False, "attempts": 1, "best_score": 40},
            [],
            "not passed, best 40 %, 1 attempt",
        ),
        ({"score": 3}, [], "3 (scale unknown)"),
        ({"score": 60, "best_score": 80}, [], "best 80 %, last 60 %"),
        ({}, [{"score": 3, "total_questions_in_quiz": 5}], "best 3 of 5, 1 attempt"),
        ({"time_spent_seconds": 3900}, [], "1 h 5 min"),
        ({}, [], "nothing recorded"),
        ({"best_score": 66.6666666666666667}, [], "best 66.67 %"),
    ],
)
def test_a_quiz_is_told_in_a_line(result: object, tries: object, words: str) -> None:
    details = {"lesson_quiz_results": {A: result}, "lesson_quiz_attempts": {A: tries}}
    row = rows("course", details)[1]
    assert row.startswith(f"1. Fractions ○ not done {'■ ' * words.startswith('stuck')}{words}")


def test_a_stuck_quiz_is_said_in_the_opening_sentence() -> None:
    details = {"lesson_quiz_results": {A: {"passed": False, "attempts": 4}}}
    drawn = read(page("course", details, LESSONS, UTC, stuck_after=4))
    assert drawn.startswith("0 of 3 lessons done. Stuck in 1 quiz: only staff can clear that.")


@pytest.mark.parametrize("stuck_after", [5, None])
def test_nobody_is_called_stuck_whose_class_does_not_say_so(stuck_after: int | None) -> None:
    details = {"lesson_quiz_results": {A: {"passed": False, "attempts": 4}}}
    drawn = read(page("course", details, LESSONS, UTC, stuck_after=stuck_after))
    assert drawn.startswith("0 of 3 lessons done. Lessons")
    assert "not passed, 4 attempts" in drawn


def test_every_attempt_is_there_on_demand() -> None:
    attempt = {
        "score": 2,
        "total_questions_in_quiz": 5,
        "pass_fail_status": "failed",
        "time_taken_seconds": 200,
        "submitted_at": "2026-11-10T10:00:00Z",
    }
    drawn = page("course", {"lesson_quiz_attempts": {A: [attempt]}}, LESSONS, VIENNA)
    (shown,) = re.findall(r"<li>(.*?)</li>", drawn)
    assert read(shown) == "not passed, 2 of 5, 3 min, 10 Nov 2026, 11:00"


def test_an_assessment_shows_the_facts_that_are_recorded() -> None:
    details = {
        "answers": {"q1": "a", "q2": ""},
        "correct_answers": 11,
        "total_questions": 20,
        "score_percentage": 55,
        "tier_achieved": "Gold",
        "time_spent_seconds": 725,
        "started_at": "2026-11-12T12:50:00Z",
        "submitted_at": "2026-11-12T13:05:00Z",
    }
    assert rows("Assessment", details) == [
        "Right answers 11 of 20",
        "Score 55 %",
        "Tier Gold",
        "Questions answered 1 of 20",
        "Time spent 12 min",
        "Started 12 Nov 2026, 13:50",
        "Submitted 12 Nov 2026, 14:05",
    ]
    assert rows("assessment", {"score": 55}) == ["Score 55 from an older record, without its scale"]


def test_a_project_shows_its_day_the_same_in_every_zone() -> None:
    details = {
        "project_title": "Bridge",
        "project_submitted": True,
        "score": 88.5,
        "passed": False,
        "submission_id": "s-1",
        "completion_date": "2026-03-31",
    }
    west = ZoneInfo("Pacific/Honolulu")
    assert "31 Mar 2026" in page("project", details, [], west)
    assert rows("project", details) == [
        "Title Bridge",
        "Handed in yes",
        "Passed no",
        "Score 88.5",
        "Completed 31 Mar 2026",
        "Submission s-1",
    ]


def test_an_unknown_type_is_a_plain_table() -> None:
    details = {"by": "Ada", "rounds": 2, "notes": ["calm", "exact"], "deep": {"a": 1}, "no": None}
    assert rows("interview", details) == [
        "by Ada",
        "rounds 2",
        "notes calm, exact",
        'deep {"a": 1}',
        "no (empty)",
    ]


def test_what_is_left_over_stands_in_two_tables_with_lessons_by_title() -> None:
    details = {
        "tier_achieved": "Gold",
        "lesson_quiz_results": {A: {"score": "?", "hint": True}},
        "completed_lesson_ids": ["x"],
    }
    drawn = read(page("course", details, LESSONS, UTC))
    _, facts = drawn.split("Other facts")
    assert facts == (
        " tier_achieved Gold lesson_quiz_results › Fractions › hint yes"
        ' Could not be read completed_lesson_ids › no. 1 "x"'
        ' lesson_quiz_results › Fractions › score "?"'
    )


@pytest.mark.parametrize("module_type", ["course", "assessment", "project", "interview"])
@pytest.mark.parametrize("details", [None, {}])
def test_no_details_are_one_quiet_sentence(module_type: str, details: object) -> None:
    assert read(page(module_type, details, LESSONS, UTC)) == NOTHING_YET


def test_a_huge_value_is_shortened_with_more_on_demand_and_its_size() -> None:
    drawn = page("interview", {"essay": "y" * 3_000_000}, [], UTC)
    assert len(drawn) < 2 * markup.FULL
    assert "<details><summary>" in drawn
    assert "(the first 20,000 of 3,000,000 characters)" in drawn


def test_thousands_of_rows_end_with_how_many_more_there_are() -> None:
    drawn = page("course", {"completed_lesson_ids": ["x"] * 5000}, [], UTC)
    assert drawn.count("<tr>") == markup.MOST_ROWS
    assert "And 4,800 more." in drawn


def test_hidden_characters_of_an_unreadable_value_are_spelled_out() -> None:
    drawn = page("assessment", {"submitted_at": "\u202e2026\u200b"}, [], UTC)
    assert r"\u202e2026\u200b" in drawn


@pytest.mark.parametrize(
    ("show", "value", "shown"),
    [
        (markup.duration, 0, "0 s"),
        (markup.duration, 59.4, "59 s"),
        (markup.duration, 59.6, "1 min"),
        (markup.duration, 3599, "1 h 0 min"),
        (markup.position, 0, "0:00"),
        (markup.position, 250, "4:10"),
        (markup.position, 3850.9, "1:04:10"),
        (markup.number, 80.0, "80"),
        (markup.number, 66.666, "66.67"),
        (markup.number, 100, "100"),
        (markup.number, 12345, "12\u202f345"),
    ],
)
def test_numbers_are_written_as_people_write_them(
    show: Callable[[float], str], value: float, shown: str
) -> None:
    assert show(value) == shown
