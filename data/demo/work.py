"""One student at work on one module: the states its row went through, oldest first."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any, Final, NamedTuple
from uuid import UUID

from data.demo import details
from data.demo.clock import HISTORY_DAYS, Clock
from data.demo.details import Paper, QuizTries
from data.demo.modules import NEWER, OLDER, DemoModule

NOT_STARTED: Final = "NotStarted"
IN_PROGRESS: Final = "InProgress"
COMPLETED: Final = "Completed"


class State(NamedTuple):
    """A progress row apart from its key, columns in the table's order. Moments are ISO text."""

    status: str
    score: Decimal | None
    progress_details: Any
    last_updated: str
    completed_at: str | None
    progress_percentage: int | None


class Event(NamedTuple):
    """The row became `state`, so many days ago. Without an author it was the platform."""

    age: float
    state: State
    source: str = "platform"
    author: str | None = None
    batch: UUID | None = None


class WorkRow:
    """A row of student_module_progress with everything that happened to it."""

    __slots__ = ("edited_by_staff", "events", "module", "student")

    def __init__(self, student: str, module: DemoModule, events: list[Event]) -> None:
        self.student = student
        self.module = module
        self.events = events
        self.edited_by_staff = False

    @property
    def state(self) -> State:
        """As the row stands now."""
        return self.events[-1].state

    def end_as(self, **columns: Any) -> None:
        """Let the last thing that happened have led to these values instead."""
        last = self.events[-1]
        self.events[-1] = last._replace(state=last.state._replace(**columns))


class Work(NamedTuple):
    """What a student did on a module: begun and last touched so many days ago, and how far it got.

    `ability` is the expected result in percent; `stuck` says the next quiz was failed for good.
    """

    student: str
    module: DemoModule
    begun: float
    touched: float
    share: float
    ability: float
    stuck: bool

    def age(self, share: float) -> float:
        """When this share of the module was done (`share` at the end of what was done so far)."""
        part = share / self.share if self.share else 1.0
        return self.begun - (self.begun - self.touched) * min(part, 1.0)


def row_of(work: Work, clock: Clock, rng: Random) -> WorkRow:
    """The row that this work left behind, with its history of the last 60 days."""
    return WorkRow(work.student, work.module, _recent(STORIES[work.module.kind](work, clock, rng)))


def _recent(events: list[Event]) -> list[Event]:
    """What was before the 60 days becomes one event at their beginning, noted by the platform."""
    older = [event for event in events if event.age >= HISTORY_DAYS]
    if not older:
        return events
    return [Event(HISTORY_DAYS, older[-1].state), *events[len(older) :]]


def _own(work: Work, age: float, state: State) -> Event:
    return Event(age, state, "student", work.student)


def course(work: Work, clock: Clock, rng: Random) -> list[Event]:
    """Lesson by lesson; the row is kept at one to four of them."""
    lessons = work.module.lessons
    total = len(lessons)
    reached = min(int(work.share * total + 0.001), total)
    stages = {min(reached, rng.choice((0, 1, 1))), reached}
    if reached > 2 and rng.random() < 0.5:
        stages.add(rng.randrange(1, reached))
    quizzes = _quizzes(work, reached, clock, rng)
    watching = rng.randrange(15, 700)
    undated = rng.random() < 0.35
    events = []
    for done in sorted(stages):
        age = work.age(done / total) if done < reached else work.touched
        finished = done == total
        at = clock.at(age)
        kept: Any = details.course(lessons, done, work.module.shape, quizzes, watching)
        if work.stuck and done == reached and not finished:
            kept |= _failed_for_good(kept, lessons[done].id, work.module.shape, at)
        events.append(
            _own(
                work,
                age,
                State(
                    COMPLETED if finished else IN_PROGRESS,
                    None,
                    kept,
                    at,
                    at if finished and not undated else None,
                    round(100 * done / total),
                ),
            )
        )
    return events


def _quizzes(work: Work, reached: int, clock: Clock, rng: Random) -> dict[str, QuizTries]:
    """Every quiz up to the lesson that was reached, passed sooner or later."""
    lessons = work.module.lessons
    found = {}
    for number, lesson in enumerate(lessons[:reached], 1):
        if lesson.has_quiz:
            attempts = 1 if rng.random() * 100 < work.ability else rng.randint(2, 4)
            right = rng.choice((3, 4, 4, 5, 5)) if work.ability > 60 else rng.choice((3, 3, 4, 5))
            at = clock.at(work.age(number / len(lessons)))
            found[lesson.id] = QuizTries(attempts, right, right, True, rng.randrange(60, 900), at)
    return found


def _failed_for_good(kept: details.Details, lesson: str, shape: str, at: str) -> details.Details:
    """The next lesson's quiz, failed three times: only results, not single attempts, are a hard stop."""
    quiz = QuizTries(3, 1, 2, False, 240, at)
    shape = NEWER if shape == OLDER else shape
    failed = details.quiz_details({lesson: quiz}, shape)["lesson_quiz_results"]
    return {"lesson_quiz_results": {**kept.get("lesson_quiz_results", {}), **failed}}


def assessment(work: Work, clock: Clock, rng: Random) -> list[Event]:
    """Opened, handed in, sometimes taken again; every way of keeping the result."""
    began = clock.at(work.begun)
    opened = State(IN_PROGRESS, None, {"started_at": began}, began, None, 0)
    if work.share < 1:
        return [_own(work, work.begun, opened)]
    events = [_own(work, work.begun, opened)] if rng.random() < 0.5 else []
    handed_in = _handed_in(work, work.touched, work.ability, clock, rng)
    if work.ability < 58 and rng.random() < 0.4:
        first_try = work.begun - (work.begun - work.touched) * 0.5
        events.append(
            _own(work, first_try, _handed_in(work, first_try, work.ability - 15, clock, rng))
        )
    return [*events, _own(work, work.touched, handed_in)]


def _handed_in(work: Work, age: float, ability: float, clock: Clock, rng: Random) -> State:
    total = rng.choice((6, 8, 10, 10, 12, 20))
    right = min(max(round(rng.gauss(ability, 11) * total / 100), 0), total)
    seconds = rng.randrange(300, 2_700)
    at = clock.at(age)
    paper = Paper(total, right, clock.at(age + 0.04), at, seconds)
    luck = rng.random()
    kept = None if luck < 0.3 else details.assessment(paper, work.module.shape, rng)
    # Older rows keep the result in the details only; a few newer ones do as well.
    score = None if kept and (work.module.shape == OLDER or luck > 0.93) else paper.score
    percentage = round(paper.score) if rng.random() < 0.08 else 100
    return State(COMPLETED, score, kept, at, at if luck < 0.9 else None, percentage)


def project(work: Work, clock: Clock, rng: Random) -> list[Event]:
    """Begun with a title, handed in later."""
    title = f"{work.module.name.split(':')[0]}, draft {rng.randint(1, 4)}"
    began, ended = clock.at(work.begun), clock.at(work.touched)
    draft = details.project(title, None, "", None)
    events = [_own(work, work.begun, State(IN_PROGRESS, None, draft, began, None, 10))]
    if work.share < 1:
        return events
    score = min(max(round(rng.gauss(work.ability + 5, 8)), 0), 100)
    kept = details.project(title, score, f"SUB-{rng.randrange(10_000, 99_999)}", ended[:10])
    return [*events, _own(work, work.touched, State(COMPLETED, None, kept, ended, ended, 100))]


def expert_session(work: Work, clock: Clock, rng: Random) -> list[Event]:
    """Attended on a day, or not at all; its details are like no other type's."""
    if work.share < 1:
        return []
    at = clock.at(work.touched)
    kept = {"attended": True, "session_date": at[:10], "questions_asked": rng.randrange(4)}
    return [Event(work.touched, State(COMPLETED, None, kept, at, at, 100))]


STORIES: Final[dict[str, Callable[[Work, Clock, Random], list[Event]]]] = {
    "course": course,
    "assessment": assessment,
    "project": project,
    "expert session": expert_session,
}
