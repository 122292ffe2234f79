"""How a module stands: the funnel of its lessons, its scores, times, questions, and who needs what."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.i18n.formats import share
from data.reading.classes.matrix import MatrixStudent
from data.reading.modules.assessment_results import sittings
from data.reading.modules.funnel import funnel
from data.reading.modules.needs import by_need
from data.reading.modules.score_histogram import spread
from data.reading.modules.times import times_taken
from data.rules.attention_figures import USUAL, ClassFigures
from data.rules.details import Lesson
from data.rules.progress import Status
from tests.profiles import examples

LESSONS = [Lesson(UUID(int=number), f"Lesson {number}", number, True) for number in (1, 2, 3)]
IDS = [str(lesson.id) for lesson in LESSONS]
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
    | st.sampled_from([*IDS, "passed", "2026-01-01T10:00Z"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*IDS, "attempts", "passed", "score", "x"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
COURSE_KEYS = (
    "completed_lesson_ids", "last_viewed_lesson_sequence", "video_playback_positions",
    "lesson_quiz_results", "lesson_quiz_attempts", "last_completed_lesson_id",
)  # fmt: skip
PAPER_KEYS = ("answers", "correct_answers", "total_questions", "time_spent_seconds", "attempts")


def course(*stored: tuple[Status, Any]) -> Any:
    students = {UUID(int=100 + at): each for at, each in enumerate(stored)}
    return funnel(
        LESSONS,
        {student: status for student, (status, _) in students.items()},
        {student: details for student, (_, details) in students.items() if details is not None},
        stuck_after=dict.fromkeys(students, 3),
    )


def test_a_lesson_is_reached_by_any_trace_in_it_or_in_a_later_one() -> None:
    doing = Status.IN_PROGRESS
    found = course(
        (doing, {"completed_lesson_ids": [IDS[1]]}),
        (doing, {"video_playback_positions": {IDS[2]: 4}}),
        (doing, {"lesson_quiz_attempts": {IDS[0]: [{"pass_fail_status": "failed"}]}}),
        (doing, {"last_viewed_lesson_sequence": 2}),
        (doing, {"something": "else"}),
        (Status.NOT_STARTED, None),
        (Status.COMPLETED, None),
    )
    assert [step.reached for step in found.steps] == [5, 4, 2]
    assert [step.stopped for step in found.steps] == [1, 2, 1]
    assert found.before_first == 1
    assert found.worst.lesson is LESSONS[1]
    assert course((Status.COMPLETED, None)).worst is None


def test_quizzes_are_counted_in_every_shape_and_the_hardest_comes_first() -> None:
    doing = Status.IN_PROGRESS
    stuck = {"attempts": 3, "passed": False}
    tries = [{"pass_fail_status": "failed"}, {"pass_fail_status": "passed"}]
    found = course(
        (doing, {"lesson_quiz_results": {IDS[0]: {"attempts": 1, "passed": True}, IDS[2]: stuck}}),
        (doing, {"lesson_quiz_attempts": {IDS[0]: tries}, "lesson_quiz_results": "nonsense"}),
    )
    first, _, last = found.steps
    assert (first.passed, first.failed, first.stuck, first.mean_tries) == (2, 0, 0, 1.5)
    assert (last.passed, last.failed, last.stuck, last.mean_tries) == (0, 1, 1, 3)
    assert [step.lesson.sequence for step in found.hardest] == [3, 1]
    assert found.unreadable == 1


@examples(60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(Status),
            st.dictionaries(st.sampled_from(COURSE_KEYS), JSON, max_size=4) | JSON,
        ),
        max_size=6,
    )
)
def test_whatever_json_the_details_hold_the_funnel_only_narrows(stored: list[Any]) -> None:
    found = course(*stored)
    reached = [step.reached for step in found.steps]
    assert reached == sorted(reached, reverse=True)
    completed = sum(status is Status.COMPLETED for status, _ in stored)
    gone_on = [*reached[1:], completed]
    assert [step.stopped for step in found.steps] == [
        before - after for before, after in zip(reached, gone_on, strict=True)
    ]
    assert found.students == len(stored) >= max(reached)


@examples(40)
@given(st.lists(st.dictionaries(st.sampled_from(PAPER_KEYS), JSON, max_size=4) | JSON, max_size=5))
def test_whatever_json_the_details_hold_the_sittings_stand(stored: list[Any]) -> None:
    found = sittings(stored)
    assert found.right is None or 0 <= found.right <= 1
    assert all(0 <= one.answered <= one.asked <= len(stored) for one in found.questions)


def test_the_question_most_left_out_comes_first() -> None:
    found = sittings(
        [
            {
                "answers": {"a": "x", "b": "", "c": ["y"]},
                "correct_answers": 1,
                "total_questions": 2,
            },
            {"answers": {"a": "z", "c": []}, "time_spent_seconds": 60},
            None,
        ]
    )
    assert [(one.key, one.answered, one.asked) for one in found.questions] == [
        ("b", 0, 2),
        ("c", 1, 2),
        ("a", 2, 2),
    ]
    assert (found.right, found.counted, found.seconds, found.attempts) == (
        Fraction(1, 2),
        1,
        60,
        None,
    )


def test_right_answers_are_averaged_without_a_float() -> None:
    found = sittings([{"correct_answers": right, "total_questions": 100} for right in (14, 15)])
    assert found.right is not None
    assert share(found.right, 1) == "15 %"  # 14.5


def test_every_score_is_in_one_bin_or_beyond_and_the_pass_mark_divides_them() -> None:
    scores = [Decimal(each) for each in ("0", "59.99", "60", "69", "100", "140", "-3")]
    found = spread(scores, Decimal(60))
    assert {
        one.low: (one.passed, one.failed) for one in found.bins if one.passed or one.failed
    } == {
        0: (0, 1),
        50: (0, 1),
        60: (2, 0),
        90: (1, 0),
    }
    # Those that cannot be are only counted: -1 is "absent" to some, 140 may be points.
    assert (found.passed, found.failed, found.beyond, found.known) == (3, 2, 2, 5)
    assert found.middle == Decimal(60)
    assert spread([], Decimal(60)).middle is None
    assert spread([Decimal(140), Decimal(70)], Decimal(60)).middle == 70


def test_times_say_their_middle_and_stand_in_bins_of_whole_days() -> None:
    taken = {UUID(int=days): timedelta(days=days) if days else None for days in range(9)}
    found = times_taken(12, taken)
    assert (found.completed, len(found.taken)) == (12, 8)
    assert found.middle == timedelta(days=4.5)
    assert found.middle_half == (timedelta(days=2.75), timedelta(days=6.25))
    assert list(found.taken.values()) == sorted(found.taken.values(), reverse=True)
    assert sum(one.count for one in found.bins) == 8
    assert times_taken(3, {}).bins == [found.bins[0].__class__(0, 0, 0)]


@pytest.mark.parametrize("longest", [0, 11, 12, 80, 400, 5_000])
def test_there_are_never_many_bins(longest: int) -> None:
    found = times_taken(1, {UUID(int=1): timedelta(days=longest, hours=1)})
    assert len(found.bins) <= 60
    assert sum(one.count for one in found.bins) == 1


def student(cells: str, last: datetime | None = None) -> MatrixStudent:
    done, doing = cells.startswith("C"), cells.startswith("I")
    return MatrixStudent(UUID(int=7), cells, cells, done, doing, not (done or doing), last)


@pytest.mark.parametrize(
    ("cells", "last", "need"),
    [
        ("I40/20sf", NOW - timedelta(days=30), "stuck"),
        ("C100/20f", None, "failed"),
        ("I40", NOW - timedelta(days=7), "inactive"),
        ("I40", NOW - timedelta(days=6, hours=23), "in-progress"),
        ("I40", None, "in-progress"),
        ("N", NOW - timedelta(days=30), "not-started"),
        ("Nf", None, "failed"),
        ("C", NOW - timedelta(days=30), "completed"),
        ("C100/1e999999999", None, "completed"),
    ],
)
def test_everybody_stands_under_the_first_need_that_fits(
    cells: str, last: datetime | None, need: str
) -> None:
    one = student(cells, last)
    (found,) = by_need([one], {one.id: [ClassFigures(USUAL)]}, NOW)
    assert found.key == need
