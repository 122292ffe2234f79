"""Rows as they really are: each kind of PLATFORM.md's list, planted in the first class, a handful each."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any, Final, NamedTuple

from data.demo.clock import Clock
from data.demo.work import COMPLETED, IN_PROGRESS, NOT_STARTED, WorkRow

COURSE: Final = "course"
ASSESSMENT: Final = "assessment"


class Mess(NamedTuple):
    """`rows` rows with this kind of module and status end as `make` leaves them."""

    name: str
    rows: int
    kind: str
    status: str
    make: Callable[[WorkRow, int, Clock], None]


def plant(rows: list[WorkRow], clock: Clock, rng: Random) -> list[WorkRow]:
    """Make messy rows out of tidy ones, each once; returns those it changed."""
    free = list(rows)
    rng.shuffle(free)
    changed: list[WorkRow] = []
    for mess in MESSES:
        found = [row for row in free if _fits(row, mess)][: mess.rows]
        if len(found) < mess.rows:
            raise ValueError(f"the first class has too few rows for: {mess.name}")
        for number, row in enumerate(found):
            mess.make(row, number, clock)
            free.remove(row)
        changed += found
    return changed


def _fits(row: WorkRow, mess: Mess) -> bool:
    state = row.state
    return (
        row.module.kind == mess.kind
        and state.status == mess.status
        and (mess.kind != COURSE or isinstance(state.progress_details, dict))
    )


def _ends_as(**columns: Any) -> Callable[[WorkRow, int, Clock], None]:
    def make(row: WorkRow, _number: int, _clock: Clock) -> None:
        row.end_as(**columns)

    return make


def _grade_as_percentage(row: WorkRow, number: int, _clock: Clock) -> None:
    grade = (55, 72)[number % 2]
    row.end_as(score=Decimal(grade), progress_percentage=grade, progress_details=None)


def _dated_unfinished(row: WorkRow, _number: int, _clock: Clock) -> None:
    row.end_as(completed_at=row.state.last_updated)


def _dated_too_late(row: WorkRow, _number: int, clock: Clock) -> None:
    at = clock.at(row.events[-1].age + 5)
    details = {
        "submitted_at": at,
        "score_percentage": 80,
        "correct_answers": 8,
        "total_questions": 10,
    }
    row.end_as(completed_at=row.state.last_updated, progress_details=details, score=Decimal(80))


def _not_bumped(row: WorkRow, _number: int, clock: Clock) -> None:
    """The last thing done is in the details; last_updated stayed what it was before."""
    last = row.events[-1]
    quiz = {"score": 80, "passed": True, "attempts": 1, "best_score": 80}
    lesson = row.module.lessons[0].id
    results = {
        lesson: {**quiz, "last_attempt_at": last.state.last_updated, "time_spent_seconds": 190}
    }
    details = {**last.state.progress_details, "lesson_quiz_results": results}
    before = clock.at(last.age + 8) if len(row.events) == 1 else row.events[-2].state.last_updated
    row.end_as(progress_details=details, last_updated=before)


def _stuck(row: WorkRow, number: int, _clock: Clock) -> None:
    lesson = row.module.lessons[0].id
    quiz: dict[str, Any] = {
        "score": (40, 1)[number % 2],
        "passed": False,
        "attempts": (3, 5)[number % 2],
        "best_score": (40, 2)[number % 2],
        ("last_attempt_at", "last_attempted_at")[number % 2]: row.state.last_updated,
        "time_spent_seconds": 412,
    }
    details = {**row.state.progress_details, "lesson_quiz_results": {lesson: quiz}}
    row.end_as(progress_details=details, progress_percentage=20)


def _unknown_keys(row: WorkRow, number: int, _clock: Clock) -> None:
    unknown = (
        {"ai_feedback": {"tone": "encouraging", "points": ["clear", "check your units"]}},
        {"device": "tablet", "app_version": "4.11.2", "offline": True},
        {"bookmarks": [3, 14, 15], "certificate_url": None},
    )
    row.end_as(progress_details={**row.state.progress_details, **unknown[number % 3]})


MALFORMED: Final[tuple[dict[str, Any], ...]] = (
    {"completed_lesson_ids": "all of them", "last_viewed_lesson_sequence": "three"},
    {"video_playback_positions": [12, 30], "video_playback_position": "1:30"},
    {"lesson_quiz_results": None, "lesson_quiz_attempts": ["passed"]},
    {
        "lesson_quiz_results": {
            "quiz-1": "passed",
            "quiz-2": {"score": "four", "attempts": "3", "passed": "no"},
        }
    },
    {"lesson_quiz_results": {"quiz-1": {"score": {"value": 3}, "last_attempt_at": "yesterday"}}},
    {"completed_lesson_ids": [None, 7, {"id": "x"}], "last_completed_lesson_id": 12},
)


def _malformed(row: WorkRow, number: int, _clock: Clock) -> None:
    row.end_as(
        progress_details={**row.state.progress_details, **MALFORMED[number % len(MALFORMED)]}
    )


def _bad_moments(row: WorkRow, number: int, _clock: Clock) -> None:
    moments = (("2026-02-30T25:61:00Z", "infinity"), (1_718_000_000, "12.05.2026 10:15"))[
        number % 2
    ]
    details = {"submitted_at": moments[0], "started_at": moments[1], "score_percentage": "n/a"}
    row.end_as(progress_details={**details, "correct_answers": -2, "total_questions": 0})


def _not_an_object(row: WorkRow, number: int, _clock: Clock) -> None:
    row.end_as(progress_details=([], "see the paper copy")[number % 2])


def _score_in_details(row: WorkRow, number: int, _clock: Clock) -> None:
    details = (
        {"score_percentage": 85, "tier_achieved": "silver"},
        {"score": 64},
        {"score_percentage": "91.5"},
    )
    row.end_as(score=None, progress_details=details[number % 3])


def _above_100(row: WorkRow, number: int, _clock: Clock) -> None:
    row.end_as(score=(Decimal(105), Decimal("112.5"))[number % 2])


MESSES: Final = (
    Mess("the poisoned row", 1, COURSE, COMPLETED, _ends_as(completed_at="infinity")),
    Mess("completed without a date", 3, COURSE, COMPLETED, _ends_as(completed_at=None)),
    Mess("a grade as percentage", 2, ASSESSMENT, COMPLETED, _grade_as_percentage),
    Mess(
        "completed and failed",
        2,
        ASSESSMENT,
        COMPLETED,
        _ends_as(score=Decimal(35), progress_details=None),
    ),
    Mess(
        "completed without figures",
        2,
        ASSESSMENT,
        COMPLETED,
        _ends_as(score=None, progress_percentage=None, progress_details=None),
    ),
    Mess("in progress at 0", 2, COURSE, IN_PROGRESS, _ends_as(progress_percentage=0)),
    Mess("in progress at 100", 2, COURSE, IN_PROGRESS, _ends_as(progress_percentage=100)),
    Mess("in progress at nothing", 2, COURSE, IN_PROGRESS, _ends_as(progress_percentage=None)),
    Mess(
        "not started with details",
        2,
        COURSE,
        IN_PROGRESS,
        _ends_as(status=NOT_STARTED, progress_percentage=0),
    ),
    Mess("a date on an unfinished row", 2, COURSE, IN_PROGRESS, _dated_unfinished),
    Mess("a date after the completion", 2, ASSESSMENT, COMPLETED, _dated_too_late),
    Mess("two thirds", 2, ASSESSMENT, COMPLETED, _ends_as(score=Decimal("66.6666666666666667"))),
    Mess("a score above 100", 2, ASSESSMENT, COMPLETED, _above_100),
    Mess("a course with a score", 2, COURSE, COMPLETED, _ends_as(score=Decimal(88))),
    Mess("last_updated not bumped", 3, COURSE, COMPLETED, _not_bumped),
    Mess("stuck", 2, COURSE, IN_PROGRESS, _stuck),
    Mess("unknown keys", 3, COURSE, COMPLETED, _unknown_keys),
    Mess("malformed details", 6, COURSE, COMPLETED, _malformed),
    Mess("unreadable moments", 2, ASSESSMENT, COMPLETED, _bad_moments),
    Mess("details that are no object", 2, COURSE, COMPLETED, _not_an_object),
    Mess("a score in the details only", 3, ASSESSMENT, COMPLETED, _score_in_details),
)
