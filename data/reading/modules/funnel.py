"""How far students come in a course, lesson by lesson, from their parsed details. Pure.

A lesson is reached by whoever left a trace in it or in a later one: it is done, its video was begun, its
quiz taken, or it was the last one viewed. Whoever completed the module reached all of them, whatever the
details say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from data.rules.details import CourseDetails, Lesson
from data.rules.details.stored import read
from data.rules.progress import Status


@dataclass(frozen=True)
class Step:
    """One lesson. `stopped` did not complete the module and have it as the last lesson reached; `passed`,
    `failed` and `stuck` are of its quiz, `tries` all its attempts by the `tried` students who made any."""

    lesson: Lesson
    reached: int
    done: int
    passed: int
    failed: int
    stuck: int
    stopped: int
    tries: int
    tried: int

    @property
    def mean_tries(self) -> float | None:
        """Attempts a student, of those who tried."""
        return self.tries / self.tried if self.tried else None


@dataclass(frozen=True)
class Funnel:
    """The lessons in order. `before_first` began the module and left no trace in any lesson that it has now;
    of `unreadable` some of the details could not be read."""

    students: int
    steps: tuple[Step, ...]
    before_first: int
    unreadable: int

    @property
    def worst(self) -> Step | None:
        """The lesson where most stop, the first of equals; None where nobody does."""
        worst = max(self.steps, key=lambda step: step.stopped, default=None)
        return worst if worst is not None and worst.stopped else None

    @property
    def hardest(self) -> list[Step]:
        """The lessons with quizzes that somebody took, those that fewest of their takers passed first."""
        taken = [step for step in self.steps if step.tried or step.passed or step.failed]
        return sorted(taken, key=lambda step: (_share_passed(step), -(step.mean_tries or 0)))


def _share_passed(step: Step) -> float:
    known = step.passed + step.failed
    return step.passed / known if known else 1.0


def funnel(
    lessons: Sequence[Lesson],
    statuses: Mapping[UUID, Status],
    stored: Mapping[UUID, object],
    too_large: int = 0,
    stuck_after: Mapping[UUID, int | None] | None = None,
) -> Funnel:
    """The funnel of the students in `statuses`; `stored` are their details (any JSON), of some or all;
    those of `too_large` more could not be read at all. `stuck_after` says after how many attempts each is
    stuck."""
    courses = {student: read(CourseDetails, details) for student, details in stored.items()}
    reached = _reached(lessons, statuses, courses)
    stopped = {
        student: place
        for student, place in reached.items()
        if statuses[student] is not Status.COMPLETED
    }
    details = [
        (courses[student], (stuck_after or {}).get(student))
        for student in statuses
        if student in courses
    ]
    return Funnel(
        students=len(statuses),
        steps=tuple(
            _step(
                lesson,
                sum(far >= place for far in reached.values()),
                sum(far == place for far in stopped.values()),
                details,
            )
            for place, lesson in enumerate(lessons, 1)
        ),
        before_first=sum(
            far == 0 and statuses[student] is Status.IN_PROGRESS for student, far in stopped.items()
        ),
        unreadable=too_large + sum(bool(one.unreadable) for one, _ in details),
    )


def _reached(
    lessons: Sequence[Lesson],
    statuses: Mapping[UUID, Status],
    courses: Mapping[UUID, CourseDetails],
) -> dict[UUID, int]:
    """The place of the last lesson that each student reached, from 1; 0 is none."""
    nothing = CourseDetails()
    return {
        student: len(lessons)
        if status is Status.COMPLETED
        else furthest(courses.get(student, nothing), lessons)
        for student, status in statuses.items()
    }


def furthest(details: CourseDetails, lessons: Sequence[Lesson]) -> int:
    """The place, from 1, of the last lesson with a trace; 0 where there is none."""
    traces = details.lesson_ids
    viewed = details.last_viewed_lesson_sequence
    return max(
        (
            place
            for place, lesson in enumerate(lessons, 1)
            if lesson.id in traces or (viewed is not None and lesson.sequence == viewed)
        ),
        default=0,
    )


def _step(
    lesson: Lesson,
    reached: int,
    stopped: int,
    details: Sequence[tuple[CourseDetails, int | None]],
) -> Step:
    taken = [(one.quizzes[lesson.id], after) for one, after in details if lesson.id in one.quizzes]
    quizzes = [quiz for quiz, _ in taken]
    return Step(
        lesson=lesson,
        reached=reached,
        done=sum(lesson.id in one.completed_lesson_ids for one, _ in details),
        passed=sum(quiz.passed is True for quiz in quizzes),
        failed=sum(quiz.passed is False for quiz in quizzes),
        stuck=sum(quiz.is_stuck(after) for quiz, after in taken),
        stopped=stopped,
        tries=sum(quiz.attempts or 0 for quiz in quizzes),
        tried=sum(bool(quiz.attempts) for quiz in quizzes),
    )
