"""What becomes of modules and their lessons, as changes: made, corrected, retired."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID, uuid4

from data.roster.changes import RosterChange, added, changed, removed
from data.roster.reading.modules import LessonEntry, ModuleEntry
from data.rules.roster import tidy

MARK: Final = "pass_threshold"
"""Of the spellings that a platform may use the one that counts before all others."""

QUIZ: Final = re.compile(r"\s*\(quiz\)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class WrittenLesson:
    """A lesson as somebody wrote it down."""

    title: str
    has_quiz: bool


def read_lessons(written: str) -> list[WrittenLesson]:
    """One lesson a line, in their order; '(quiz)' behind those that have one."""
    lines = (line for line in written.splitlines() if line.strip())
    return [WrittenLesson(tidy(QUIZ.sub("", line)), bool(QUIZ.search(line))) for line in lines]


def write_lessons(lessons: Iterable[LessonEntry]) -> str:
    """The same the other way round."""
    return "\n".join(f"{one.title}{' (quiz)' if one.has_quiz else ''}" for one in lessons)


def new_module(
    name: str, kind: str, mark: Decimal | None, sequence: int, lessons: Sequence[WrittenLesson]
) -> list[RosterChange]:
    """A module that was not there, last in the order of the catalogue."""
    key = {"id": uuid4()}
    return [
        added(
            "module",
            key,
            name=name,
            type=kind,
            sequence=sequence,
            configuration=_with_mark({}, mark),
        ),
        *(_new_lesson(key["id"], one, place) for place, one in enumerate(lessons, 1)),
    ]


def corrected(
    one: ModuleEntry,
    lessons: Sequence[LessonEntry],
    name: str,
    mark: Decimal | None,
    wanted: Sequence[WrittenLesson],
) -> list[RosterChange]:
    """The same module with another name, pass mark and lessons. A mark of None leaves it as it is."""
    configuration = (
        one.configuration if mark in (None, one.pass_mark) else _with_mark(one.configuration, mark)
    )
    before = {"name": one.name, "configuration": one.configuration}
    change = changed(
        "module", {"id": one.id}, before, {"name": name, "configuration": configuration}
    )
    return [*([change] if change else []), *_relearned(one.id, lessons, wanted)]


def retired(one: ModuleEntry, *, on: bool) -> list[RosterChange]:
    """Given to no class any more, or again; classes that have it keep it."""
    if on == (one.retired_at is not None):
        return []
    make = added if on else removed
    return [make("retired_module", {"module_id": one.id})]


def removal(one: ModuleEntry, lessons: Sequence[LessonEntry]) -> list[RosterChange]:
    """A module that nobody has used goes, with its lessons."""
    return [
        *(removed("lesson", {"id": lesson.id}, **_values(lesson)) for lesson in lessons),
        *retired(one, on=False),
        removed("module", {"id": one.id}, name=one.name, type=one.type),
    ]


def _with_mark(configuration: Any, mark: Decimal | None) -> dict[str, Any] | None:
    found = dict(configuration) if isinstance(configuration, dict) else {}
    if mark is not None:
        found[MARK] = int(mark) if mark == mark.to_integral_value() else float(mark)
    return found or None


def _values(lesson: LessonEntry) -> dict[str, Any]:
    return {"title": lesson.title, "sequence": lesson.sequence, "has_quiz": lesson.has_quiz}


def _new_lesson(module: UUID, one: WrittenLesson, place: int) -> RosterChange:
    values = {"title": one.title, "sequence": place, "has_quiz": one.has_quiz}
    return added("lesson", {"id": uuid4()}, module_id=module, **values)


def _relearned(
    module: UUID, lessons: Sequence[LessonEntry], wanted: Sequence[WrittenLesson]
) -> Iterator[RosterChange]:
    kept = _paired(lessons, wanted)
    if [kept.get(place) for place in range(len(wanted))] == list(lessons) and all(
        (kept[place].title, kept[place].has_quiz) == (one.title, one.has_quiz)
        for place, one in enumerate(wanted)
    ):
        return
    for lesson in lessons:
        if lesson not in kept.values():
            yield removed("lesson", {"id": lesson.id}, **_values(lesson))
    for place, one in enumerate(wanted):
        if place not in kept:
            yield _new_lesson(module, one, place + 1)
            continue
        after = {"title": one.title, "sequence": place + 1, "has_quiz": one.has_quiz}
        change = changed("lesson", {"id": kept[place].id}, _values(kept[place]), after)
        if change:
            yield change


def _paired(
    lessons: Sequence[LessonEntry], wanted: Sequence[WrittenLesson]
) -> dict[int, LessonEntry]:
    """Which lesson each line is: by its title; what is then left over was given another title, in order."""
    left = list(lessons)
    kept: dict[int, LessonEntry] = {}
    for place, one in enumerate(wanted):
        same = next((lesson for lesson in left if lesson.title == one.title), None)
        if same is not None:
            left.remove(same)
            kept[place] = same
    others = [place for place in range(len(wanted)) if place not in kept]
    if len(others) == len(left):
        kept.update(zip(others, left, strict=True))
    return kept
