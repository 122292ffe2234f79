"""The rules that look at modules, alone or beside the class: what is told on which side of each threshold."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from tests.database.attention.bench import (
    OTHER,
    Ago,
    Case,
    Line,
    Told,
    ago,
    begun,
    done,
    platform,
    staff,
    student,
)
from tests.database.attention.cases_of_work import inactive
from tests.database.attention.row import Row

QUIZ: Final = "00000000-0000-0000-0000-000000000001"

DOUBTFUL: Final = {"doubtful": Told(1)}


def quiz(attempts: Any, passed: Any, **other: Any) -> Row:
    """A row whose quiz went so."""
    return begun(
        details={"lesson_quiz_results": {QUIZ: {"attempts": attempts, "passed": passed} | other}}
    )


def scored(score: Any, **other: Any) -> Row:
    return begun(score=None if score is None else Decimal(score), **other)


def stuck(since: Ago = 0, modules: int = 1, attempts: int = 3) -> dict[str, Told]:
    return {"stuck": Told(modules, since, attempts)}


STUCK: Final = [
    Case("three attempts", [student(0, quiz(3, False))], stuck()),
    Case("two attempts", [student(0, quiz(2, False))]),
    Case("passed", [student(0, quiz(3, True))]),
    Case("nothing says whether it was passed", [student(0, quiz(3, None))]),
    Case("attempts as text", [student(0, quiz("3", "failed"))], stuck()),
    Case("two as text", [student(0, quiz(" 2 ", "failed"))]),
    Case("no number", [student(0, quiz("3x", False))]),
    Case("two modules", [student(3, quiz(3, False)), student(1, quiz(4, False), 1)], stuck(1, modules=2)),
    Case("outside of the class", [student(0, quiz(3, False), OTHER), student(0, begun())]),
    Case("completed all the same", [student(0, replace(quiz(5, False), status="Completed"))], stuck()),
    Case("staff wrote it down", [staff(0, quiz(3, False))], stuck()),
    Case("cleared", [student(2, quiz(3, False)), staff(0, quiz(0, False))]),
    Case("a list", [student(0, begun(details=[{QUIZ: {"attempts": 3, "passed": False}}]))], DOUBTFUL),
    Case("results that are text", [student(0, begun(details={"lesson_quiz_results": "3"}))]),
]  # fmt: skip


def slipped(since: Ago, modules: int = 1) -> dict[str, Told]:
    return {"slipped": Told(modules, since)}


SLIPPED: Final = [
    Case("by the platform", [student(5, done()), platform(2, begun(80))], slipped(2)),
    Case("by the student", [student(5, done()), student(2, begun(80))], slipped(2)),
    Case("by staff", [student(5, done()), staff(2, begun(80))]),
    Case("by staff, and counted again since",
         [student(5, done()), staff(2, begun(80)), platform(1, begun(70))]),
    Case("and staff wrote since", [student(5, done()), platform(2, begun(80)), staff(1, begun(5))], slipped(2)),
    Case("and regained", [student(5, done()), platform(2, begun(80)), platform(1, done())]),
    Case("twice, the second time by staff",
         [student(5, done()), platform(4, begun(80)), platform(3, done()), staff(1, begun(80))]),
    Case("deleted, and begun anew", [student(5, done()), platform(2, None), student(1, begun(80))]),
    Case("to a status of the platform's own", [student(5, done()), platform(2, Row("Paused"))],
         slipped(2)),
    Case("two modules",
         [student(5, done()), student(5, done(), 1), platform(2, begun(80)), platform(1, begun(80), 1)],
         slipped(1, modules=2)),
    Case("outside of the class",
         [student(5, done(), OTHER), platform(2, begun(80), OTHER), student(0, begun())]),
    Case("a day of completion that stays", [student(5, done(completed_at=ago(5))),
         platform(2, begun(80, completed_at=ago(5)))], slipped(2)),
]  # fmt: skip


def not_begun(begun: int, of: int) -> dict[str, Told]:
    return {"not_begun": Told(None, None, begun, of)}


NOT_BEGUN: Final = [
    Case("half of them", [], not_begun(2, 4), others=[0, 0, None]),
    Case("less than half", [], {}, others=[0, None]),
    Case("more than half", [], not_begun(2, 3), others=[0, 0]),
    Case("nobody", [], {}, others=[None, None]),
    Case("nobody, and yet a stuck row that staff wrote",
         [staff(0, replace(quiz(3, False), status="NotStarted"))], {}, others=[None]),
    Case("a row that is not begun", [platform(1, Row(last_updated=ago(1)))], not_begun(1, 2)),
    Case("not begun by its status, but at work", [student(1, Row(percentage=0))]),
    Case("not begun by its status, but the details grew",
         [platform(9, Row(last_updated=ago(9))), platform(1, Row(details={"a": 1}))]),
    Case("begun by staff", [staff(1, begun())]),
    Case("begun outside of the class", [student(1, begun(), OTHER)], not_begun(1, 2)),
    Case("a status of the platform's own", [staff(1, Row("Paused"))]),
    Case("deleted", [student(2, begun()), student(1, None)], not_begun(1, 2)),
]  # fmt: skip


def completed(modules: int) -> list[Line]:
    return [student(0, done(), one) for one in range(modules)]


def far_behind(mine: int, middle: int, since: Ago = 0) -> dict[str, Told]:
    return {"far_behind": Told(None, since, mine, middle)}


BEGUN: Final = student(0, begun(), 11)
FAR_BEHIND: Final = [
    Case("exactly half", completed(5), others=[10, 10]),
    Case("less than half", completed(4), far_behind(4, 10), others=[10, 10]),
    Case("three behind", completed(2), others=[5, 5]),
    Case("four behind", completed(1), far_behind(1, 5), others=[5, 5]),
    Case("nothing completed, four behind", [BEGUN], far_behind(0, 4), others=[4, 9]),
    Case("nothing completed, three behind", [BEGUN], others=[3, 9]),
    Case("who has not begun is not far behind", [], not_begun(2, 3), others=[9, 9]),
    Case("who has not begun counts as nothing", completed(4), others=[10, None]),
    Case("between two, three and a half behind", completed(1), others=[1, 8, 8]),
    Case("between two, four and a half behind", completed(1), far_behind(1, 6), others=[3, 8, 9]),
    Case("completed outside of the class does not count", [*completed(4), student(0, done(), OTHER)],
         far_behind(4, 10), others=[10, 10]),
]  # fmt: skip


def failed(since: Ago | None = 0, modules: int = 1) -> dict[str, Told]:
    return {"failed": Told(modules, since)}


FAILED: Final = [
    Case("at the mark", [student(0, scored("60"))]),
    Case("just below", [student(0, scored("59.9999999999999999"))], failed()),
    Case("nothing at all", [student(0, scored("0"))], failed()),
    Case("no score", [student(0, scored(None))]),
    Case("absent", [student(0, scored("-1"))], DOUBTFUL),
    Case("more than all", [student(0, scored("100.01"))], DOUBTFUL),
    Case("no number", [student(0, scored("NaN"))], DOUBTFUL),
    Case("in the details, as text",
         [student(0, scored(None, details={"score_percentage": "59.5", "score": 99}))], failed()),
    Case("the details' older spelling",
         [student(0, scored(None, details={"score_percentage": "x", "score": 12}))], failed()),
    Case("140 in the details", [student(0, scored(None, details={"score": 140}))], DOUBTFUL),
    Case("the score before the details", [student(0, scored("60", details={"score": 3}))]),
    Case("completed and failed", [student(4, done(score=Decimal(20)))], failed(4)),
    Case("two modules, by staff and long ago",
         [staff(1, scored("3")), student(3, scored("3"), 1)], failed(1, modules=2)),
    Case("outside of the class", [student(0, scored("3"), OTHER), student(0, begun())]),
]  # fmt: skip

ODD: Final = [
    Case("details that are a list", [student(0, begun(details=[1]))], DOUBTFUL),
    Case("details that are text", [student(0, begun(details="done"))], DOUBTFUL),
    Case("details with nothing in them", [student(0, begun(details={}))]),
    Case("completed in a year to come", [student(0, done(completed_at=ago(-900)))], DOUBTFUL),
    Case("completed within the hour", [student(0, done(completed_at=ago(timedelta(hours=-1))))]),
    Case("completed before 1970", [student(0, done(completed_at=ago(30000)))], DOUBTFUL),
    Case("two rows", [student(0, begun(details=[1])), student(0, scored("-1"), 1)], {"doubtful": Told(2)}),
    Case("all at once: everything that can be said of one",
         [student(20, done(), 1), platform(9, replace(quiz(3, False), score=Decimal(5),
         completed_at="infinity")),
          platform(8, begun(40), 1)],
         {"stuck": Told(1, 9, 3), "failed": Told(1, 9), "slipped": Told(1, 8), "doubtful": Told(1)}
         | inactive(9, modules=2) | far_behind(0, 9, since=9), others=[9, 9]),
]  # fmt: skip
