"""The rules that look at when a student last worked: what is told on which side of seven and fourteen days."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from tests.database.attention.bench import (
    JUST,
    OTHER,
    Ago,
    Case,
    Told,
    ago,
    begun,
    done,
    platform,
    staff,
    student,
)
from tests.database.attention.row import Row

WEEK, FORTNIGHT = timedelta(days=7), timedelta(days=14)


def inactive(days: int, since: Ago | None = None, modules: int = 1) -> dict[str, Told]:
    return {"inactive": Told(modules, days if since is None else since, days)}


def stalled(days: int, since: Ago | None = None) -> dict[str, Told]:
    return {"stalled": Told(1, days if since is None else since, days)}


INACTIVE: Final = [
    Case("seven days ago", [student(WEEK, begun())], inactive(7)),
    Case("almost seven days ago", [student(WEEK - JUST, begun())]),
    Case("almost eight days ago", [student(2 * WEEK / 2 + timedelta(days=1) - JUST, begun())],
         inactive(7, timedelta(days=8) - JUST)),
    Case("two in progress", [student(9, begun()), student(8, begun(), 1)], inactive(8, modules=2)),
    Case("nothing in progress", [student(30, done())]),
    Case("in progress outside of the class", [student(9, done()), student(9, begun(), OTHER)]),
    Case("at work outside of the class", [student(9, begun()), student(1, begun(), OTHER)]),
    Case("a status of the platform's own", [student(9, Row("Paused", 10))]),
    Case("nothing is known", [staff(9, begun())]),
    Case("staff wrote since", [student(9, begun()), staff(1, begun(50))], inactive(9)),
    Case("counted again since", [student(9, begun()), platform(1, begun(12))], inactive(9)),
    Case("the platform says since when", [platform(3, begun(last_updated=ago(9)))], inactive(9)),
    Case("the platform wrote what it saw now",
         [platform(9, begun()), platform(2, begun(details={"last_viewed_lesson_sequence": 2}))]),
    Case("a moment in the details", [platform(3, begun(details={"submitted_at": ago(10).isoformat()}))],
         inactive(10)),
    Case("a moment that is no moment beside one that is",
         [platform(3, begun(details={"submitted_at": "2026-02-30", "started_at": ago(8).isoformat()}))],
         inactive(8)),
    Case("a clock that was ahead",
         [staff(8, begun(details={"submitted_at": ago(timedelta(days=7, hours=20)).isoformat()}))],
         inactive(8)),
    Case("made in a year that nobody can mean", [platform(9, begun(last_updated="infinity"))],
         {"doubtful": Told(1)}),
    Case("made before 1970", [platform(9, begun(last_updated=ago(30000)))], {"doubtful": Told(1)}),
    Case("deleted and made again by staff",
         [platform(9, begun()), platform(2, None), staff(1, begun())]),
]  # fmt: skip

AT_WORK: Final = begun(details={"video_playback_position": 7})
"""The same as `begun`, but for a video."""

STALLED: Final = [
    Case("fourteen days ago", [student(FORTNIGHT, begun()), student(1, AT_WORK)], stalled(14)),
    Case("almost fourteen days ago", [student(FORTNIGHT - JUST, begun()), student(1, AT_WORK)]),
    Case("almost seven days idle", [student(20, begun()), student(WEEK - JUST, AT_WORK)], stalled(20)),
    Case("seven days idle", [student(20, begun()), student(WEEK, AT_WORK)], inactive(7)),
    Case("further by staff",
         [student(20, begun()), student(3, AT_WORK), staff(2, replace(AT_WORK, percentage=11))]),
    Case("less than before", [student(20, begun()), student(1, replace(AT_WORK, percentage=9))], stalled(20)),
    Case("no percentage any more",
         [student(20, begun()), student(1, replace(AT_WORK, percentage=None))], stalled(20)),
    Case("a percentage for the first time", [student(20, begun(None)), student(1, begun(1))]),
    Case("0 percent for the first time", [student(20, begun(None)), student(1, begun(0))], stalled(20)),
    Case("completed another", [student(20, begun()), student(1, done(), 1)]),
    Case("began outside of the class", [student(20, begun()), student(1, begun(), OTHER)]),
    Case("began what has no percentage",
         [student(20, begun()), student(1, Row("Paused", last_updated=ago(1)), 1)]),
    Case("a row that is not begun",
         [student(20, begun()), student(1, Row(last_updated=ago(1)), 1)], stalled(20)),
    Case("nothing in progress", [student(20, done()), student(1, done(details={"x": 1}))]),
]  # fmt: skip
