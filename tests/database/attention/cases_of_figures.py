"""What a class chose, on both sides of each threshold; and days off, which no rule counts."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.database.attention.bench import JUST, Case, Line, Told, begun, done, platform, student
from tests.database.attention.cases_of_modules import (
    completed,
    failed,
    far_behind,
    not_begun,
    quiz,
    scored,
    slipped,
    stuck,
)
from tests.database.attention.cases_of_work import AT_WORK, inactive
from tests.database.attention.oracle import WEIGHTS
from tests.database.attention.row import DAY

ALL_OFF: Final = dict.fromkeys(WEIGHTS, 0)

EVERYTHING: Final = [
    student(20, done(), 1),
    platform(9, replace(quiz(3, False), score=Decimal(5), completed_at="infinity")),
    platform(8, begun(40), 1),
]
"""What all rules but not begun and stalled flag, beside two who completed nine modules."""

SLIPPED: Final[list[Line]] = [student(5, done()), platform(2, begun(80))]
BAD: Final = student(0, begun(details=[1]))


def three(days: int) -> Told:
    return Told(1, days, days)


FIGURES: Final = [
    Case("stuck after two", [student(0, quiz(2, False))], stuck(attempts=2), by={"stuck_attempts": 2}),
    Case("not after one", [student(0, quiz(1, False))], by={"stuck_attempts": 2}),
    Case("stuck after ten", [student(0, quiz("10", "no"))], stuck(attempts=10), by={"stuck_attempts": 10}),
    Case("not after nine", [student(0, quiz(9, False))], by={"stuck_attempts": 10}),
    Case("one of two is stuck", [student(3, quiz(5, False)), student(1, quiz(4, False), 1)],
         stuck(3, attempts=5), by={"stuck_attempts": 5}),
    Case("below the mark in two", [student(0, scored("3")), student(0, scored("3"), 1)],
         failed(modules=2), by={"failed_modules": 2}),
    Case("below the mark in one of two", [student(0, scored("3"))], by={"failed_modules": 2}),
    Case("slipped in one of two", SLIPPED, by={"slipped_modules": 2}),
    Case("slipped in two", [*SLIPPED, student(5, done(), 1), platform(2, begun(80), 1)],
         slipped(2, modules=2), by={"slipped_modules": 2}),
    Case("a problem in one of two", [BAD], by={"doubtful_modules": 2}),
    Case("a problem in two", [BAD, student(0, scored("-1"), 1)], {"doubtful": Told(2)},
         by={"doubtful_modules": 2}),
    Case("two of four have begun, three are asked for", others=[0, 0, None], by={"not_begun_share": 75}),
    Case("three of four have begun", [], not_begun(3, 4), others=[0, 0, 0], by={"not_begun_share": 75}),
    Case("all of the others, but not of the class", others=[0, 0], by={"not_begun_share": 100}),
    Case("one of ten has begun", [], not_begun(1, 10), others=[0, *[None] * 8], by={"not_begun_share": 10}),
    Case("one of eleven", others=[0, *[None] * 9], by={"not_begun_share": 10}),
    Case("three of ten, a third is asked for", completed(3), others=[10, 10], by={"far_behind_share": 30}),
    Case("two of ten", completed(2), far_behind(2, 10), others=[10, 10], by={"far_behind_share": 30}),
    Case("one behind is enough", completed(1), far_behind(1, 3), others=[3, 3],
         by={"far_behind_modules": 2}),
    Case("nine behind is not", completed(1), others=[10, 10], by={"far_behind_modules": 10}),
    Case("two days idle", [student(2, begun())], {"inactive": three(2)}, by={"inactive_days": 2}),
    Case("almost two days", [student(2 * DAY - JUST, begun())], by={"inactive_days": 2}),
    Case("almost ninety days", [student(90 * DAY - JUST, begun())], by={"inactive_days": 90, "stalled": 0}),
    Case("three days without progress", [student(3, begun()), student(1, AT_WORK)],
         {"stalled": three(3)}, by={"stalled_days": 3}),
    Case("almost three days", [student(3 * DAY - JUST, begun()), student(1, AT_WORK)],
         by={"stalled_days": 3}),
    Case("idle for longer than that is not stalled", [student(9, begun()), student(4, AT_WORK)],
         by={"stalled_days": 3, "inactive_days": 4, "inactive": 0}),
    Case("idle for less is, though inactive is off", [student(9, begun()), student(4, AT_WORK)],
         {"stalled": three(9)}, by={"stalled_days": 3, "inactive_days": 5, "inactive": 0}),
    Case("all rules are off", EVERYTHING, others=[9, 9], by=ALL_OFF),
    *(
        Case(f"only {rule} is on", EVERYTHING, told, others=[9, 9], by=ALL_OFF | {rule: 1})
        for rule, told in {
            "stuck": stuck(9),
            "failed": failed(9),
            "slipped": slipped(8),
            "doubtful": {"doubtful": Told(1)},
            "inactive": inactive(9, modules=2),
            "far_behind": far_behind(0, 9, since=9),
        }.items()
    ),
    Case("not begun is off", others=[0, 0], by={"not_begun": 0}),
    Case("stalled is off", [student(20, begun()), student(1, AT_WORK)], by={"stalled": 0}),
]  # fmt: skip


def off(days: int, beside: int) -> dict[str, Told]:
    return {"inactive": Told(1, days + beside, days, beside)}


HOURS: Final = timedelta(hours=8)
"""Since the day began at which it is asked."""

HOLIDAYS: Final = [
    Case("seven days and one off", [student(7, begun())], off=[(3, 3)]),
    Case("eight days and one off", [student(8, begun())], off(7, 1), off=[(3, 3)]),
    Case("almost eight days and one off", [student(8 * DAY - JUST, begun())], off=[(3, 3)]),
    Case("twelve days and a week off", [student(12, begun())], off=[(9, 3)]),
    Case("fourteen days and a week off", [student(14, begun())], off(7, 7), off=[(9, 3)]),
    Case("days off twice are off once", [student(14, begun())], off(7, 7), off=[(9, 4), (8, 3), (6, 6)]),
    Case("days off before", [student(8, begun())], inactive(8), off=[(20, 9)]),
    Case("days off to come", [student(8, begun())], inactive(8), off=[(-1, -9)]),
    Case("began within the days off", [student(9, begun())], off=[(12, 7)]),
    Case("as if begun after them", [student(9, begun())],
         {"inactive": Told(1, 9, 6, 3)}, off=[(12, 7)], by={"inactive_days": 6}),
    Case("off since the eighth day, to the day of today",
         [student(9, begun())], by={"inactive_days": 3}, off=[(7, -3)]),
    Case("and a day more", [student(10, begun())], {"inactive": Told(1, 10, 2, 8)},
         by={"inactive_days": 2}, off=[(7, -3)]),
    Case("today alone is off: the hours of today do not count",
         [student(7 * DAY + HOURS - JUST, begun())], off=[(0, 0)]),
    Case("today alone is off: seven days before",
         [student(7 * DAY + HOURS, begun())], {"inactive": Told(1, 7 * DAY + HOURS, 7)}, off=[(0, 0)]),
    Case("everything is off", [student(100, begun())], off=[(115, 0)]),
    Case("a fortnight without progress, but for a week", [student(20, begun()), student(1, AT_WORK)],
         off=[(9, 3)]),
    Case("three weeks without progress, but for a week", [student(21, begun()), student(1, AT_WORK)],
         {"stalled": Told(1, 21, 14, 7)}, off=[(9, 3)]),
    Case("eight days idle, a week of them off, is not idle: stalled",
         [student(40, begun()), student(8, AT_WORK)], {"stalled": Told(1, 40, 33, 7)}, off=[(8, 2)]),
]  # fmt: skip
