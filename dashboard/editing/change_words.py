"""What changed in the details, or where no value shows, in a teacher's words: the platform writes the same
thing under several names."""

from collections.abc import Iterable
from typing import Final

from data.i18n.formats import listed
from data.reading.history.changes import Change

WORDS: Final = {
    "completed_lesson_ids": "lessons done",
    "last_completed_lesson_id": "lessons done",
    "last_viewed_lesson_sequence": "last lesson viewed",
    "lesson_quiz_results": "quizzes",
    "lesson_quiz_attempts": "quizzes",
    "fully_watched_video_ids": "videos",
    "video_playback_positions": "videos",
    "video_playback_position": "videos",
    "answers": "answers",
    "correct_answers": "right answers",
    "total_questions": "right answers",
    "score": "score",
    "score_percentage": "score",
    "tier_achieved": "tier",
    "time_spent_seconds": "time spent",
    "started_at": "start",
    "submitted_at": "handed in",
    "project_title": "title",
    "project_submitted": "handed in",
    "passed": "passed or not",
    "submission_id": "handed in",
    "completion_date": "completion date",
}


def changed(keys: Iterable[str]) -> str:
    """'lessons done, quizzes and videos'; of many the first two and how many more. A key that nobody knows is
    told as it is written."""
    return listed([*dict.fromkeys(WORDS.get(key, key.replace("_", " ")) for key in keys)], "more")


def unseen(change: Change) -> str:
    """A change of no value that is shown. Never "activity": who wrote it need not be the student."""
    if change.operation == "delete":
        return "The whole record was removed"
    if change.after.keys() <= {"last_updated"}:
        return "Only the time of the last change"
    return "Something that is not shown here"
