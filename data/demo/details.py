"""progress_details as the platform wrote them over the years: one function a shape."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any, Final, NamedTuple

from data.demo.modules import NEWER, OLDER, DemoLesson

Details = dict[str, Any]

FINISHED: Final = -1
QUESTIONS: Final = 5
TIERS: Final = ((90, "gold"), (75, "silver"), (60, "bronze"), (0, "none"))


class QuizTries(NamedTuple):
    """A student's tries at the quiz of one lesson; `right` of five questions in the last one."""

    attempts: int
    right: int
    best: int
    passed: bool
    seconds: int
    at: str


def course(
    lessons: Sequence[DemoLesson],
    done: int,
    shape: str,
    quizzes: dict[str, QuizTries],
    watching: int,
) -> Details:
    """A course with its first `done` lessons finished and the next one open at second `watching`."""
    finished = [lesson.id for lesson in lessons[:done]]
    details: Details = {"last_viewed_lesson_sequence": min(done + 1, len(lessons))}
    if finished:
        details["completed_lesson_ids"] = finished
        details["last_completed_lesson_id"] = finished[-1]
    if shape == OLDER:
        details["video_playback_position"] = watching
    else:
        positions = dict.fromkeys(finished, FINISHED)
        if done < len(lessons):
            positions[lessons[done].id] = watching
        details["video_playback_positions"] = positions
    if shape == NEWER:
        details["fully_watched_video_ids"] = finished
    taken = {lesson.id: quizzes[lesson.id] for lesson in lessons[:done] if lesson.id in quizzes}
    if taken:
        details.update(quiz_details(taken, shape))
    return details


def quiz_details(quizzes: dict[str, QuizTries], shape: str) -> Details:
    """The quizzes of a course: attempts one by one, or a result each with a percentage or a bare count."""
    if shape == OLDER:
        return {"lesson_quiz_attempts": {key: _attempts(quiz) for key, quiz in quizzes.items()}}
    scale, moment = (20, "last_attempt_at") if shape == NEWER else (1, "last_attempted_at")
    return {
        "lesson_quiz_results": {
            key: {
                "score": quiz.right * scale,
                "passed": quiz.passed,
                "attempts": quiz.attempts,
                "best_score": quiz.best * scale,
                moment: quiz.at,
                "time_spent_seconds": quiz.seconds,
            }
            for key, quiz in quizzes.items()
        }
    }


def _attempts(quiz: QuizTries) -> list[Details]:
    failed = {
        "score": max(quiz.right - 2, 0),
        "total_questions_in_quiz": QUESTIONS,
        "pass_fail_status": "failed",
        "time_taken_seconds": quiz.seconds + 30,
        "submitted_at": quiz.at,
    }
    last = {
        **failed,
        "score": quiz.right,
        "pass_fail_status": "passed" if quiz.passed else "failed",
        "time_taken_seconds": quiz.seconds,
    }
    return [failed] * (quiz.attempts - 1) + [last]


class Paper(NamedTuple):
    """A handed-in assessment: so many questions, so many right."""

    total: int
    right: int
    started_at: str
    submitted_at: str
    seconds: int

    @property
    def score(self) -> Decimal:
        """In percent, to as many digits as PostgreSQL gives a division: 66.6666666666666667."""
        exact = (Decimal(100 * self.right) / self.total).quantize(Decimal("1e-16"))
        return exact if exact % 1 else exact.quantize(Decimal(1))


def assessment(paper: Paper, shape: str, rng: Random) -> Details:
    """What the platform kept of a handed-in assessment."""
    details: Details = {
        "correct_answers": paper.right,
        "total_questions": paper.total,
        "submitted_at": paper.submitted_at,
    }
    # As a float, as the platform's own code writes it: the exact score stands in its column.
    score = float(round(paper.score, 2)) if paper.score % 1 else int(paper.score)
    if shape == OLDER:
        return {**details, "score": score}
    tier = next(name for least, name in TIERS if score >= least)
    details |= {
        "score_percentage": score,
        "tier_achieved": tier,
        "time_spent_seconds": paper.seconds,
        "started_at": paper.started_at,
    }
    if shape == NEWER:
        details["answers"] = answers(paper.total, rng)
    return details


def answers(total: int, rng: Random) -> Details:
    """What was ticked, question by question; some questions take several answers."""
    return {
        f"q{number}": ["a", "c"] if number % 4 == 0 else rng.choice("abcd")
        for number in range(1, total + 1)
    }


def project(title: str, score: int | None, submission: str, on: str | None) -> Details:
    """A project: handed in where it has a score."""
    if score is None:
        return {"project_title": title, "project_submitted": False}
    return {
        "project_title": title,
        "project_submitted": True,
        "score": score,
        "passed": score >= 60,
        "submission_id": submission,
        "completion_date": on,
    }
