"""What tests of details share: two lessons, a course, and any JSON at all."""

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from data.rules.details import CourseDetails, parse

A = "7b1f6c7e-0c5f-4d53-9a52-0d3c5e6a1f01"
B = "7b1f6c7e-0c5f-4d53-9a52-0d3c5e6a1f02"


def course(**details: object) -> CourseDetails:
    read = parse("course", details)
    assert isinstance(read, CourseDetails)
    return read


MALFORMED: list[tuple[str, object, tuple[object, ...], object]] = [
    ("completed_lesson_ids", [A, "not-a-uuid"], (1,), "not-a-uuid"),
    ("completed_lesson_ids", [A, None], (1,), None),
    ("completed_lesson_ids", [A, [[]]], (1,), [[]]),
    ("completed_lesson_ids", A, (), A),
    ("completed_lesson_ids", {A: 1}, (), {A: 1}),
    ("last_viewed_lesson_sequence", 2.5, (), 2.5),
    ("last_viewed_lesson_sequence", True, (), True),
    ("last_viewed_lesson_sequence", 10**400, (), 10**400),
    ("last_viewed_lesson_sequence", 10**5000, (), 10**5000),
    ("last_completed_lesson_id", "x", (), "x"),
    ("video_playback_positions", {B: "NaN"}, (B,), "NaN"),
    ("video_playback_positions", {B: "Infinity"}, (B,), "Infinity"),
    ("video_playback_positions", {B: -2}, (B,), -2),
    ("video_playback_positions", {B: 1e300}, (B,), 1e300),
    ("video_playback_positions", {"bad": 3}, ("bad",), 3),
    ("video_playback_positions", {"[key]": 3}, ("[key]",), 3),
    ("video_playback_positions", {"\ud800": 3}, ("\ud800",), 3),
    ("video_playback_positions", [], (), []),
    ("lesson_quiz_results", {B: "passed"}, (B,), "passed"),
    ("lesson_quiz_results", {B: {"score": {}}}, (B, "score"), {}),
    ("lesson_quiz_results", {B: {"passed": "perhaps"}}, (B, "passed"), "perhaps"),
    ("lesson_quiz_attempts", {B: {}}, (B,), {}),
    ("lesson_quiz_attempts", {B: [{}, 7]}, (B, 1), 7),
    ("lesson_quiz_attempts", {B: [{"score": "?"}]}, (B, 0, "score"), "?"),
]

KEYS = sorted(
    {str(each) for each, *_ in MALFORMED}
    | {"score", "passed", "attempts", "best_score", "last_attempt_at", "last_attempted_at"}
    | {"total_questions_in_quiz", "pass_fail_status", "submitted_at", "answers", "started_at"}
    | {"correct_answers", "total_questions", "score_percentage", "tier_achieved"}
    | {"time_spent_seconds", "project_title", "project_submitted", "submission_id"}
    | {"completion_date", "video_playback_position", A, B, "[key]", "str", "day", "moment"}
)
NAMES = st.sampled_from(KEYS) | st.text(st.characters(), max_size=8)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=12)
    | st.sampled_from([A, B, -1, 3, 80, "passed", "infinity", "NaN", "2026-03-31", 10**400])
    | st.datetimes().map(datetime.isoformat)
)
JSON: SearchStrategy[object] = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=25,
)
TYPES = st.sampled_from(["course", "ASSESSMENT", "Project", "interview"]) | st.text(max_size=5)
