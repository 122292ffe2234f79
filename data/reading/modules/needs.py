"""The students of one module by what they need. Pure.

Each stands once, under the first need that fits; together they are everybody.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from data.reading.classes.matrix import MatrixStudent
from data.rules.attention import RULES, AttentionRule, by_figure
from data.rules.attention_figures import ClassFigures
from data.rules.cell import MatrixCell, parse_cell
from data.rules.flags import AmongStudents
from data.rules.progress import Status


@dataclass(frozen=True)
class InModule:
    """A student of a module: the row of the matrix that has this one column, and its cell read.

    A cell that cannot be read (a score beyond any number) keeps its status. `judged_by` holds for their
    classes.
    """

    row: MatrixStudent
    cell: MatrixCell
    judged_by: Sequence[ClassFigures] = ()

    @property
    def status(self) -> Status:
        """The status of the one module."""
        return self.row.status_of_one

    @property
    def marks(self) -> str:
        return self.cell.marks

    @property
    def idle_since(self) -> datetime | None:
        return self.row.idle_since


@dataclass(frozen=True)
class NeedGroup:
    """Students with the same need: a rule of attention, or where they are. `sentence` says who they are, `fits`
    decides, `order` sorts them and `first` says how, where that is not by name. A `pressing` group is
    said at the head of the page, in these words."""

    key: str
    title: str
    sentence: str
    fits: Callable[[InModule, datetime], bool]
    order: Callable[[InModule], tuple[object, ...]] = lambda one: ()
    pressing: str = ""
    first: str = ""


def _of_rule(rule: AttentionRule, among: AmongStudents, held: Sequence[ClassFigures]) -> NeedGroup:
    """It fits where any of a student's classes says so; one in which the rule is off says nothing."""
    figures = {one.figures[among.figure] for one in held if among.figure and one.figures[rule.key]}
    sentence = among.sentence(by_figure(figures) if figures else "")
    return NeedGroup(
        rule.key,
        among.title,
        f"{sentence} Each class has its own figure." if len(figures) > 1 else sentence,
        lambda one, now: any(
            by.figures[rule.key] and among.fits(one, by, now) for by in one.judged_by
        ),
        among.order,
        among.pressing,
        among.first,
    )


_OF_STATUS = (
    NeedGroup(
        "not-started",
        Status.NOT_STARTED.label,
        "Has not begun.",
        lambda one, now: one.status is Status.NOT_STARTED,
    ),
    NeedGroup(
        "in-progress",
        Status.IN_PROGRESS.label,
        "In progress, and none of the above.",
        lambda one, now: one.status is Status.IN_PROGRESS,
    ),
    NeedGroup(
        "completed",
        Status.COMPLETED.label,
        "Completed, and none of the above.",
        lambda one, now: one.status is Status.COMPLETED,
    ),
    NeedGroup(
        "other",
        "Another status",
        "In a status of the platform’s own.",
        lambda one, now: True,
    ),
)


def in_module(row: MatrixStudent, judged_by: Sequence[ClassFigures] = ()) -> InModule:
    """A row of a matrix with one column."""
    return InModule(row, parse_cell(row.cells), judged_by)


def by_need(
    rows: Sequence[MatrixStudent], judged_by: Mapping[UUID, Sequence[ClassFigures]], now: datetime
) -> dict[NeedGroup, list[InModule]]:
    """Everybody under their need, most pressing first, by what holds for their classes (`judged_by`); needs
    that nobody has are left out. Within one the order of the rows (by name) breaks ties."""
    held = [by for each in judged_by.values() for by in each]
    groups = (*(_of_rule(rule, rule.among, held) for rule in RULES if rule.among), *_OF_STATUS)
    found: dict[NeedGroup, list[InModule]] = {need: [] for need in groups}
    for row in rows:
        one = in_module(row, judged_by[row.id])
        found[next(need for need in groups if need.fits(one, now))].append(one)
    return {need: sorted(students, key=need.order) for need, students in found.items() if students}
