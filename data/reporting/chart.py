"""A student's completion over time, worked out backwards from today: points, marks and words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from data.figures import local, share, whole_day
from data.queries import Completion

LATELY: Final = timedelta(days=28)
SHORTEST: Final = timedelta(days=2)
"""Of less there is no line to draw."""

MOST_TICKS: Final = 5
ROOM: Final = 0.15  # of the width, for the dates at both ends


@dataclass(frozen=True)
class Course:
    """How many modules of `total` were completed: from `since`, when it is first known, to `now`."""

    completions: Sequence[Completion]
    completed: int
    total: int
    since: datetime
    now: datetime
    zone: tzinfo

    def at(self, moment: datetime) -> int:
        """How many were completed at a moment: today's, less what came later."""
        later = sum(one.change for one in self.completions if one.at > moment)
        return max(0, min(self.total, self.completed - later))


def chart(course: Course) -> dict[str, Any] | None:
    """What the template draws; None where nothing was completed, or too little time is known."""
    span = course.now - course.since
    if not course.total or span < SHORTEST or not course.completions:
        return None
    points, marks = _line(course)
    return {
        "points": points,
        "marks": marks,
        "ticks": _ticks(course),
        "finding": _finding(course),
        "alt": _alt(course),
    }


def _line(course: Course) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """The corners of the steps, one step a day, and where something was completed."""
    level = course.at(course.since) / course.total
    points, marks = [(0.0, level)], []
    for moment, after in _days(course):
        x, y = _place(course, moment), after / course.total
        if y == level:
            continue
        points += [(x, level), (x, y)]
        if y > level:
            marks.append((x, y))
        level = y
    return [*points, (1.0, level)], marks


def _days(course: Course) -> Iterable[tuple[datetime, int]]:
    """The last completion of each day, and how many modules were completed after it."""
    last_of = {local(one.at, course.zone).date(): one.at for one in course.completions}
    for moment in last_of.values():
        yield moment, course.at(moment)


def _place(course: Course, moment: datetime) -> float:
    share_of_time = (moment - course.since) / (course.now - course.since)
    return round(max(0.0, min(1.0, share_of_time)), 4)


def _ticks(course: Course) -> list[dict[str, Any]]:
    """The first day, the last, and beginnings of months between them as far as there is room."""
    months = [(_place(course, one), f"{one.day} {one:%b}") for one in _months(course)]
    every = -(-len(months) // MOST_TICKS)
    between = [one for one in months[:: every or 1] if ROOM < one[0] < 1 - ROOM]
    first, last = local(course.since, course.zone), local(course.now, course.zone)
    ends = (0.0, f"{first.day} {first:%b %Y}"), (1.0, f"{last.day} {last:%b %Y}")
    return [{"x": x, "label": label} for x, label in (ends[0], *between, ends[1])]


def _months(course: Course) -> Iterable[datetime]:
    one = local(course.since, course.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while (one := (one + timedelta(days=32)).replace(day=1)) < course.now:
        yield one


def _finding(course: Course) -> str:
    lately = max(course.since, course.now - LATELY)
    gained = course.completed - course.at(lately)
    when = "in the last four weeks"
    if lately == course.since:
        when = f"since {whole_day(course.since, course.zone)}"
    if gained <= 0:
        return f"No module was completed {when}."
    return f"{gained} {'module was' if gained == 1 else 'modules were'} completed {when}."


def _alt(course: Course) -> str:
    begun = course.at(course.since)
    return (
        f"A line that shows the share of modules completed: "
        f"{share(begun, course.total)} on {whole_day(course.since, course.zone)}, "
        f"{share(course.completed, course.total)} on {whole_day(course.now, course.zone)}."
    )
