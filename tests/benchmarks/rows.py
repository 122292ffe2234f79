"""Progress rows as text for COPY, put together from pieces made once: 10 million are wanted in minutes."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final

from tests.benchmarks import plan
from tests.benchmarks.plan import Plan

COMPLETED, IN_PROGRESS, NOT_STARTED = "Completed", "InProgress", "NotStarted"
VARIANTS: Final = 30
LESSONS: Final = 4
WEEKS: Final = 40
HISTORY_WEEKS: Final = 8
NULL: Final = r"\N"

PROGRESS_COLUMNS: Final = (
    "student_id, module_id, status, score, progress_details, last_updated, completed_at, "
    "progress_percentage"
)
HISTORY_COLUMNS: Final = "student_id, module_id, at, operation, source, before, after"


def kind(number: int) -> str:
    """A module's type: two thirds courses, then assessments, a few projects."""
    return ("course", "course", "assessment")[number % 3] if number % 17 != 16 else "project"


def status(within: int, number: int, modules: int) -> str:
    """Where a student stands with a module.

    4 of 100 have done nothing and 6 all, so that no two statuses are held by the same number of students.
    """
    share = (within * 37 % 100 - 4) / 89
    done = min(max(round(share * modules), 0), modules)
    if number < done:
        return COMPLETED
    return IN_PROGRESS if done > 0 and number < done + 3 else NOT_STARTED


class Pieces:
    """Everything of a row but its student: some variants for every module and status."""

    def __init__(self, modules: int, now: datetime) -> None:
        self._now = now
        self._rng = Random("rows")
        self._made = {
            (number, held): [self._piece(number, held) for _ in range(VARIANTS)]
            for number in range(modules)
            for held in (COMPLETED, IN_PROGRESS, NOT_STARTED)
        }

    def of(self, within: int, number: int, held: str) -> tuple[str, str | None]:
        """A row after its student id, and of a lately completed one its history after the student id."""
        return self._made[number, held][(within * 7 + number) % VARIANTS]

    def _piece(self, number: int, held: str) -> tuple[str, str | None]:
        rng = self._rng
        at = self._now - timedelta(days=rng.uniform(0, 7 * WEEKS))
        done = {COMPLETED: LESSONS, IN_PROGRESS: rng.randrange(LESSONS), NOT_STARTED: 0}[held]
        score = rng.randint(35, 100) if kind(number) == "assessment" and done == LESSONS else None
        percentage = 100 * done // LESSONS
        values = (
            str(plan.module(number)),
            held,
            NULL if score is None else str(score),
            _copied(_details(number, held, done, score, at)),
            at.isoformat(),
            at.isoformat() if held == COMPLETED else NULL,
            NULL if held == NOT_STARTED else str(percentage),
        )
        recent = held == COMPLETED and at > self._now - timedelta(weeks=HISTORY_WEEKS)
        return "\t".join(values) + "\n", self._history(number, at) if recent else None

    def _history(self, number: int, at: datetime) -> str:
        before = {"status": IN_PROGRESS, "progress_percentage": 75, "completed_at": None}
        after = {"status": COMPLETED, "progress_percentage": 100, "completed_at": at.isoformat()}
        sides = _copied(before), _copied(after)
        return (
            "\t".join((str(plan.module(number)), at.isoformat(), "update", "student", *sides))
            + "\n"
        )


def _copied(value: Any) -> str:
    """JSON as COPY's text format wants it."""
    return NULL if value is None else json.dumps(value).replace("\\", "\\\\")


def _details(number: int, held: str, done: int, score: int | None, at: datetime) -> Any:
    """About 300 bytes for a course, less for the others; none where nothing was begun."""
    if held == NOT_STARTED:
        return None
    if kind(number) == "course":
        finished = [str(plan.lesson(number, sequence)) for sequence in range(done)]
        positions = dict.fromkeys(finished[-2:], -1)
        details: dict[str, Any] = {
            "completed_lesson_ids": finished,
            "video_playback_positions": positions,
            "last_viewed_lesson_sequence": min(done + 1, LESSONS),
        }
        if finished:
            result = {"score": 80, "passed": True, "attempts": 1, "last_attempt_at": at.isoformat()}
            details["lesson_quiz_results"] = {finished[0]: result}
        return details
    if kind(number) == "assessment":
        begun = {"started_at": (at - timedelta(minutes=40)).isoformat(), "total_questions": 20}
        return begun | ({} if score is None else {"score_percentage": score})
    return {"project_title": f"Project {number}", "project_submitted": held == COMPLETED}


def of_organisation(wanted: Plan, number: int, pieces: Pieces) -> Iterator[tuple[str, str | None]]:
    """Every progress row of an organisation as COPY's text, and its history where it has any."""
    count = sum(group.size for group in wanted.groups())
    for within in range(count):
        student = f"{plan.student(number, within)}\t"
        for at in range(wanted.modules):
            row, history = pieces.of(within, at, status(within, at, wanted.modules))
            yield student + row, None if history is None else student + history
