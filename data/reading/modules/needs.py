"""The students of one module by what they need. Pure.

Each stands once, under the first need that fits; together they are everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from data.reading.classes.matrix import MatrixStudent
from data.rules.attention import INACTIVE_AFTER, RULES_BY_KEY, is_inactive
from data.rules.cell import MatrixCell, parse_cell
from data.rules.progress import Status

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


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
        if self.row.completed:
            return Status.COMPLETED
        return Status.IN_PROGRESS if self.row.in_progress else Status.NOT_STARTED

    @property
    def marks(self) -> str:
        return self.cell.marks


@dataclass(frozen=True)
class Need:
    """One need: `rule` says in words who stands under it, `fits` decides, `order` sorts those who do. A
    `pressing` one is said at the head of the page, in these words; `first` says
    who comes first under it, where that is not by name."""

    key: str
    title: str
    rule: str
    fits: Callable[[InModule, datetime], bool]
    order: Callable[[InModule], tuple[object, ...]]
    pressing: str = ""
    first: str = ""


def _as_found(_: InModule) -> tuple[object, ...]:
    return ()


def _by_score(one: InModule) -> tuple[object, ...]:
    return (one.cell.score if one.cell.score is not None else Decimal(0),)


def _longest_first(one: InModule) -> tuple[object, ...]:
    return (one.row.last_activity or LONG_AGO,)


NEEDS: Final = (
    Need(
        "stuck",
        RULES_BY_KEY["stuck"].title,
        RULES_BY_KEY["stuck"].rule,
        lambda one, now: "s" in one.marks,
        _as_found,
        pressing="stuck in a quiz",
    ),
    Need(
        "failed",
        "Below the pass mark",
        "The score that is shown is below the pass mark.",
        lambda one, now: "f" in one.marks,
        _by_score,
        pressing="below the pass mark",
        first="The lowest come first.",
    ),
    Need(
        "inactive",
        "Inactive here",
        f"In progress, and no activity in this module for {INACTIVE_AFTER.days} days or more.",
        lambda one, now: is_inactive(one.status, one.row.last_activity, now),
        _longest_first,
        pressing="inactive",
        first="The longest come first.",
    ),
    Need(
        "not-started",
        Status.NOT_STARTED.label,
        "Has not begun.",
        lambda one, now: one.status is Status.NOT_STARTED,
        _as_found,
    ),
    Need(
        "in-progress",
        Status.IN_PROGRESS.label,
        "In progress, and not known to be inactive.",
        lambda one, now: one.status is Status.IN_PROGRESS,
        _as_found,
    ),
    Need(
        "completed",
        Status.COMPLETED.label,
        "Completed, and none of the above.",
        lambda one, now: True,
        _as_found,
    ),
)


def in_module(row: MatrixStudent) -> InModule:
    """A row of a matrix with one column."""
    return InModule(row, parse_cell(row.cells))


def by_need(rows: Sequence[MatrixStudent], now: datetime) -> dict[Need, list[InModule]]:
    """Everybody under their need, most pressing first; needs that nobody has are left out. Within one the order
    of the rows (by name) breaks ties."""
    found: dict[Need, list[InModule]] = {need: [] for need in NEEDS}
    for row in rows:
        one = in_module(row)
        found[next(need for need in NEEDS if need.fits(one, now))].append(one)
    return {need: sorted(students, key=need.order) for need, students in found.items() if students}
