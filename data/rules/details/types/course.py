"""A course: lessons, videos, and quizzes in two places (results, and every attempt)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal
from uuid import UUID

from pydantic import AliasChoices, Field

from data.i18n.formats import decimals
from data.rules.details.module_type import ModuleType
from data.rules.details.stored import Details, Path, Stored
from data.rules.details.values import (
    Count,
    Lessons,
    Listed,
    Mapped,
    Moment,
    Passed,
    Position,
    Score,
    Seconds,
    newest,
)

Scale = Literal["count", "percentage", "ambiguous"]

HIGHEST_COUNT: Final = 5
"""Older rows count right answers, of at most this many; newer rows hold a percentage."""


@dataclass(frozen=True)
class Mark:
    """A quiz score with the scale it is on; `total` questions belong to a count only."""

    value: float
    scale: Scale
    total: int | None = None

    @property
    def words(self) -> str:
        """'3 of 5', '80 %' or '3 (scale unknown)'."""
        shown = decimals(self.value, 2)
        if self.scale == "count":
            return f"{shown} of {self.total}"
        return f"{shown} %" if self.scale == "percentage" else f"{shown} (scale unknown)"


def mark(score: float, total: int | None = None) -> Mark:
    """Say which scale a score is on, without guessing.

    A total that the score fits into makes it a count. Without one, 0 to 5 may be either.
    """
    if total and 0 <= score <= total:
        return Mark(score, "count", total)
    return Mark(score, "percentage" if score > HIGHEST_COUNT else "ambiguous")


class QuizAttempt(Stored):
    """One attempt at a lesson's quiz."""

    score: Score | None = None
    total: Count | None = Field(None, alias="total_questions_in_quiz")
    passed: Passed | None = Field(None, alias="pass_fail_status")
    time_spent_seconds: Seconds | None = Field(None, alias="time_taken_seconds")
    submitted_at: Moment | None = None

    @property
    def mark(self) -> Mark | None:
        """The score and its scale."""
        return None if self.score is None else mark(self.score, self.total)


class QuizResult(Stored):
    """What the platform sums up about one lesson's quiz."""

    score: Score | None = None
    best_score: Score | None = None
    passed: Passed | None = None
    attempts: Count | None = None
    last_attempt: Moment | None = Field(
        None, validation_alias=AliasChoices("last_attempt_at", "last_attempted_at")
    )
    time_spent_seconds: Seconds | None = None


@dataclass(frozen=True)
class Quiz:
    """One lesson's quiz: the platform's summary, and what its attempts add where that is silent."""

    result: QuizResult
    tries: tuple[QuizAttempt, ...] = ()

    @property
    def best(self) -> Mark | None:
        """The best score. Attempts on different scales have none: they cannot be compared."""
        if self.result.best_score is not None:
            return self._marked(self.result.best_score)
        marks = [each.mark for each in self.tries if each.mark]
        if self.result.score is not None or len({(each.scale, each.total) for each in marks}) != 1:
            return None
        return max(marks, key=lambda each: each.value)

    @property
    def latest(self) -> Mark | None:
        """The score of the last attempt."""
        if self.result.score is not None:
            return self._marked(self.result.score)
        return self.tries[-1].mark if self.tries else None

    def _marked(self, score: float) -> Mark:
        totals = {each.total for each in self.tries if each.score == score}
        return mark(score, totals.pop() if len(totals) == 1 else None)

    @property
    def passed(self) -> bool | None:
        """Passed once is passed; not passed needs an outcome, silence is None."""
        if self.result.passed is not None:
            return self.result.passed
        outcomes = {each.passed for each in self.tries}
        return True if True in outcomes else False if outcomes == {False} else None

    @property
    def attempts(self) -> int | None:
        """How many attempts: as summed up, else as many as are stored."""
        stated = self.result.attempts
        return stated if stated is not None else len(self.tries) or None

    @property
    def last_attempt(self) -> date | None:
        """When it was last tried: a moment with a zone, or a bare date."""
        return newest([self.result.last_attempt, *(each.submitted_at for each in self.tries)])

    @property
    def time_spent_seconds(self) -> float | None:
        """Seconds spent: as summed up, else the attempts together."""
        stated = self.result.time_spent_seconds
        times = [each.time_spent_seconds for each in self.tries]
        return stated if stated is not None else sum(each or 0 for each in times) or None

    def is_stuck(self, after: int | None) -> bool:
        """Not passed after so many attempts; nobody is with None. The summary decides: the list of who is stuck
        goes by it too."""
        stated = self.result
        return after is not None and (stated.attempts or 0) >= after and stated.passed is False


class CourseDetails(Details):
    """The details of a course, by lesson id."""

    completed_lesson_ids: Lessons = frozenset()
    fully_watched_video_ids: Lessons = frozenset()
    last_viewed_lesson_sequence: Count | None = None
    last_completed_lesson_id: UUID | None = None
    playback: Mapped[Position | None] = Field({}, alias="video_playback_positions")
    older_playback: Position | None = Field(None, alias="video_playback_position")
    quiz_results: Mapped[QuizResult | None] = Field({}, alias="lesson_quiz_results")
    quiz_attempts: Mapped[Listed[QuizAttempt]] = Field({}, alias="lesson_quiz_attempts")

    @cached_property
    def quizzes(self) -> dict[UUID, Quiz]:
        """Every quiz that left a trace, results and attempts together."""
        lessons = dict.fromkeys([*self.quiz_results, *self.quiz_attempts])
        return {
            lesson: Quiz(
                self.quiz_results.get(lesson) or QuizResult(), self.quiz_attempts.get(lesson, ())
            )
            for lesson in lessons
        }

    @property
    def lesson_ids(self) -> frozenset[UUID]:
        """Every lesson that the details mention."""
        last = self.last_completed_lesson_id
        return self.completed_lesson_ids.union(
            self.fully_watched_video_ids, self.playback, self.quizzes, [last] if last else []
        )

    @property
    def other_facts(self) -> dict[Path, object]:
        """Unknown keys of the course, of its quizzes and of their attempts, by path."""
        return {**super().other_facts, **dict(self._inside_quizzes())}

    def _inside_quizzes(self) -> Iterator[tuple[Path, object]]:
        for lesson, result in self.quiz_results.items():
            yield from _below(("lesson_quiz_results", str(lesson)), [result])
        for lesson, tries in self.quiz_attempts.items():
            for at, attempt in enumerate(tries):
                yield from _below(("lesson_quiz_attempts", str(lesson), at), [attempt])


TYPE = ModuleType("course", "Course", CourseDetails)


def _below(path: Path, parts: Sequence[Stored | None]) -> Iterator[tuple[Path, object]]:
    for part in parts:
        for key, value in (part.unknown if part else {}).items():
            yield (*path, key), value
