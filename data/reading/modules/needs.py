"""The students of one module by what they need. Pure.

Each stands once, under the first need that fits; together they are everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from data.reading.classes.matrix import MatrixStudent
from data.rules.attention import RULES, AttentionRule
from data.rules.attention_figures import USUAL
from data.rules.cell import MatrixCell, parse_cell
from data.rules.flags import AmongStudents
from data.rules.progress import Status


@dataclass(frozen=True)
class InModule:
    """A student of a module: the row of the matrix that has this one column, and its cell read.

    A cell that cannot be read (a score beyond any number) keeps its status.
    """

    row: MatrixStudent
    cell: MatrixCell

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


def _of_rule(rule: AttentionRule, among: AmongStudents) -> NeedGroup:
    return NeedGroup(
        rule.key,
        among.title or rule.title,
        among.sentence or rule.sentence(USUAL),
        among.fits,
        among.order,
        among.pressing,
        among.first,
    )


GROUPS: Final = (
    *(_of_rule(rule, rule.among) for rule in RULES if rule.among),
    NeedGroup(
        "not-started",
        Status.NOT_STARTED.label,
        "Has not begun.",
        lambda one, now: one.status is Status.NOT_STARTED,
    ),
    NeedGroup(
        "in-progress",
        Status.IN_PROGRESS.label,
        "In progress, and not known to be inactive.",
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


def in_module(row: MatrixStudent) -> InModule:
    """A row of a matrix with one column."""
    return InModule(row, parse_cell(row.cells))


def by_need(rows: Sequence[MatrixStudent], now: datetime) -> dict[NeedGroup, list[InModule]]:
    """Everybody under their need, most pressing first; needs that nobody has are left out. Within one the order
    of the rows (by name) breaks ties."""
    found: dict[NeedGroup, list[InModule]] = {need: [] for need in GROUPS}
    for row in rows:
        one = in_module(row)
        found[next(need for need in GROUPS if need.fits(one, now))].append(one)
    return {need: sorted(students, key=need.order) for need, students in found.items() if students}
