"""How far students come in a course, read a second time out of whatever stands in the details."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from tests.figures.rules import Cell, is_stuck, outcome, whole
from tests.figures.stored import Row

OUTCOMES = {"passed": True, "failed": False}


@dataclass(frozen=True)
class Taken:
    """A quiz that left a trace."""

    passed: bool | None
    attempts: int | None
    stuck: bool


@dataclass(frozen=True)
class Step:
    """A lesson, as the funnel and the table of quizzes show it."""

    reached: int
    done: int
    passed: int
    failed: int
    stuck: int
    stopped: int
    tries: Fraction | None


def ids(part: Any) -> set[UUID]:
    """The ids in a list, or of the keys of an object."""
    found = map(_id, part) if isinstance(part, list | dict) else ()
    return {one for one in found if one}


def _id(text: Any) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None


def quizzes(details: Row) -> dict[UUID, Taken]:
    """By lesson: what is summed up, and what each attempt says where that is silent."""
    results = _by_lesson(details.get("lesson_quiz_results"), dict)
    tries = _by_lesson(details.get("lesson_quiz_attempts"), list)
    return {id_: _taken(results.get(id_) or {}, tries.get(id_) or []) for id_ in results | tries}


def _by_lesson(part: Any, kind: type[Any]) -> dict[UUID, Any]:
    return {
        id_: each
        for key, each in _object(part).items()
        if (id_ := _id(key)) and (each is None or isinstance(each, kind))
    }


def _object(part: Any) -> dict[str, Any]:
    return part if isinstance(part, dict) else {}


def _taken(result: Row, tries: Sequence[Any]) -> Taken:
    made = [one for one in tries if isinstance(one, dict)]
    passed, attempts = outcome(result.get("passed")), whole(result.get("attempts"))
    outcomes = {outcome(one.get("pass_fail_status")) for one in made}
    if passed is None:
        passed = True if True in outcomes else False if outcomes == {False} else None
    return Taken(passed, len(made) or None if attempts is None else attempts, is_stuck(result))


def furthest(details: Row, lessons: Sequence[Row]) -> int:
    """The place, from 1, of the last lesson with a trace."""
    watched = {
        key for key, at in _object(details.get("video_playback_positions")).items()
        if at is None or (isinstance(at, int | float) and not isinstance(at, bool) and at >= -1)
    }  # fmt: skip
    traces = (
        ids(list(watched))
        | quizzes(details).keys()
        | ids([details.get("last_completed_lesson_id")])
    )
    for key in ("completed_lesson_ids", "fully_watched_video_ids"):
        part = details.get(key)
        traces |= ids(part if isinstance(part, list) else [])
    viewed = whole(details.get("last_viewed_lesson_sequence"))
    return max(
        (
            at
            for at, lesson in enumerate(lessons, 1)
            if lesson["id"] in traces or (viewed is not None and lesson["sequence"] == viewed)
        ),
        default=0,
    )


def funnel(
    lessons: Sequence[Row], cells: Mapping[UUID, Cell], stored: Mapping[UUID, Row]
) -> list[Step]:
    """Each lesson in order, of these students."""
    done = {one for one, cell in cells.items() if cell.status == "Completed"}
    details = {one: _object(stored[one]["progress_details"]) for one in cells if one in stored}
    far = {
        one: len(lessons) if one in done else furthest(details.get(one, {}), lessons)
        for one in cells
    }
    return [
        _step(lesson["id"], at, far, done, details.values()) for at, lesson in enumerate(lessons, 1)
    ]


def _step(
    lesson: UUID, place: int, far: Mapping[UUID, int], done: set[UUID], details: Iterable[Row]
) -> Step:
    listed = [one.get("completed_lesson_ids") for one in details]
    taken = [all_[lesson] for one in details if lesson in (all_ := quizzes(one))]
    tries = [one.attempts for one in taken if one.attempts]
    return Step(
        reached=sum(at >= place for at in far.values()),
        done=sum(lesson in ids(one) for one in listed if isinstance(one, list)),
        passed=sum(one.passed is True for one in taken),
        failed=sum(one.passed is False for one in taken),
        stuck=sum(one.stuck for one in taken),
        stopped=sum(at == place for one, at in far.items() if one not in done),
        tries=Fraction(sum(tries), len(tries)) if tries else None,
    )
