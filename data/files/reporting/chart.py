"""A student's completion over time, counted back from today: points, marks and words. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from data.i18n.dates import date_without_year, short_date, whole_day
from data.i18n.formats import count, local, share
from data.reading.students.comparison import Reached, reached
from data.reading.students.standing import Completion

LATELY: Final = timedelta(days=28)
SHORTEST: Final = timedelta(days=2)
"""Of less there is no line to draw."""

MOST_TICKS: Final = 5
ROOM: Final = 0.15  # of the width, for the dates at both ends

Point = tuple[float, float]
"""Shares of the width and of the height."""


@dataclass(frozen=True)
class Course:
    """How many of `modules` were completed: from `since`, when it is first known, to `now`."""

    completions: Sequence[Completion]
    modules: Collection[UUID]
    completed: int
    since: datetime
    now: datetime
    zone: tzinfo

    @cached_property
    def steps(self) -> tuple[int, list[Reached]]:
        """How many before the first change, and after each."""
        return reached(self.completions, self.modules, self.completed, self.since)

    def at(self, moment: datetime) -> int:
        """How many were completed at a moment."""
        before, after = self.steps
        known = [one.completed for one in after if one.completion.at <= moment]
        return known[-1] if known else before


def completion_days(completions: Iterable[Completion]) -> dict[UUID, datetime]:
    """When what is completed now became so, by module. What was recorded first as completed, without a date,
    may have been so for long: no day is told of it."""
    newest = {one.module_id: one for one in completions}
    return {module: one.at for module, one in newest.items() if one.change > 0 and not one.is_first}


def chart(course: Course) -> dict[str, Any] | None:
    """What the template draws; None where nothing was completed, or too little time is known."""
    if course.now - course.since < SHORTEST or not course.steps[1]:
        return None
    points, marks = _line(course)
    return {
        "points": points,
        "marks": marks,
        "ticks": _ticks(course),
        "finding": _finding(course),
        "alt": _alt(course),
    }


def _line(course: Course) -> tuple[list[Point], list[Point]]:
    """The corners of the steps, one step a day, and where something was completed."""
    total = len(course.modules)
    level = course.at(course.since) / total
    points, marks = [(0.0, level)], list[Point]()
    for one in _last_of_each_day(course):
        x, y = _place(course, one.completion.at), one.completed / total
        if y == level:
            continue
        points += [(x, level), (x, y)]
        if y > level and not one.completion.is_first:
            marks.append((x, y))
        level = y
    return [*points, (1.0, level)], marks


def _last_of_each_day(course: Course) -> Iterable[Reached]:
    days: dict[date, Reached] = {}
    for one in course.steps[1]:
        days[local(one.completion.at, course.zone).date()] = one
    return days.values()


def _place(course: Course, moment: datetime) -> float:
    share_of_time = (moment - course.since) / (course.now - course.since)
    return round(max(0.0, min(1.0, share_of_time)), 4)


def _ticks(course: Course) -> list[dict[str, Any]]:
    """The first day, the last, and beginnings of months between them as far as there is room."""
    months = [(_place(course, one), date_without_year(one)) for one in _months(course)]
    every = -(-len(months) // MOST_TICKS)
    between = [one for one in months[:: every or 1] if ROOM < one[0] < 1 - ROOM]
    first, last = local(course.since, course.zone), local(course.now, course.zone)
    ends = (0.0, short_date(first)), (1.0, short_date(last))
    return [{"x": x, "label": label} for x, label in (ends[0], *between, ends[1])]


def _months(course: Course) -> Iterable[datetime]:
    one = local(course.since, course.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while (one := (one + timedelta(days=32)).replace(day=1)) < course.now:
        yield one


def _finding(course: Course) -> str:
    """How many of the table's days are of late."""
    lately = max(course.since, course.now - LATELY)
    days = completion_days(one for one in course.completions if one.module_id in course.modules)
    gained = sum(day > lately for day in days.values())
    when = "in the last four weeks"
    if lately == course.since:
        when = f"since {whole_day(course.since, course.zone)}"
    if gained <= 0:
        return f"No module was completed {when}."
    return f"{count(gained, 'module was', 'modules were')} completed {when}."


def _alt(course: Course) -> str:
    total = len(course.modules)
    return (
        f"A line that shows the share of modules completed: "
        f"{share(course.at(course.since), total)} on {whole_day(course.since, course.zone)}, "
        f"{share(course.completed, total)} on {whole_day(course.now, course.zone)}."
    )
