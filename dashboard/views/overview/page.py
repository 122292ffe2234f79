"""How do my classes stand?"""

from __future__ import annotations

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.formats import share
from dashboard.components.table import Buckets, Cell, Column, Link, ShareBar, Spark, table
from dashboard.components.text import count, opening
from data.reading.classes.overview import ClassSummary, overview
from data.reading.filters import NEEDED

COLUMNS = (
    Column("Class", "link"),
    Column("Organisation"),
    Column("Students", "number"),
    Column("Modules", "number"),
    Column("Need attention", "link", help="Stuck in a quiz, or below a pass mark.", align="right"),
    Column("Completed", "bar", help="Of all modules of all its students."),
    Column("All modules by status", "buckets", help="Completed, in progress, not started."),
    Column("Last 8 weeks", "spark", help="Share completed at the end of each week."),
)
WITH_OTHERS = Column(
    "All modules by status", "buckets", help="Completed, in progress, not started, other."
)
ORGANISATION, STATUSES = 1, 6


def draw() -> None:
    """The page."""
    classes = reads.ask(overview)
    if not classes:
        empty_and_error.draw_no_classes("Overview")
        return
    opening("Overview", _answer(classes))
    # What is the same in every row says nothing.
    left = {ORGANISATION} if len({one.organisation for one in classes}) == 1 else set()
    columns = list(COLUMNS)
    if any(one.other for one in classes):
        columns[STATUSES] = WITH_OTHERS
    table(
        key="classes",
        caption="My classes",
        columns=[column for at, column in enumerate(columns) if at not in left],
        rows=[[cell for at, cell in enumerate(_row(one)) if at not in left] for one in classes],
    )
    if reads.visit().actor.may_edit and not any(one.cells for one in classes):
        empty_and_error.draw_next_steps()


def _answer(classes: list[ClassSummary]) -> str:
    many, there = count(len(classes), "class", "classes"), [one for one in classes if one.cells]
    if not there:
        return f"{many}, and nothing to complete yet."
    completed, cells = sum(one.completed for one in there), sum(one.cells for one in there)
    sentence = f"{many}, {share(completed, cells)} completed in all."
    if len({one.completed / one.cells for one in there}) > 1:
        furthest = max(there, key=lambda one: one.completed / one.cells)
        sentence += f" {furthest.name} is furthest, at {share(furthest.completed, furthest.cells)}."
    return f"{sentence} {_attention(classes)}"


def _attention(classes: list[ClassSummary]) -> str:
    """Not added up: whoever is in two classes would be counted twice."""
    most = max(classes, key=lambda one: one.needs_attention)
    if not most.needs_attention:
        return "Nobody is stuck in a quiz or below a pass mark."
    if len(classes) == 1:
        need = count(most.needs_attention, "student needs", "students need")
        return f"{need} attention."
    return f"{most.name} has the most students who need attention ({most.needs_attention:,})."


def _row(one: ClassSummary) -> list[Cell]:
    here = {"class": str(one.id)}
    return [
        Link(one.name, "classroom", here),
        one.organisation,
        f"{one.students:,}",
        f"{one.modules:,}",
        Link(f"{one.needs_attention:,}", "classroom", here | {"attention": NEEDED})
        if one.needs_attention
        else "0",
        *_completion(one),
    ]


def _completion(one: ClassSummary) -> list[Cell]:
    buckets = Buckets(one.completed, one.in_progress, one.not_started, one.other)
    if not one.cells:
        return [None, buckets, None]
    return [
        ShareBar(one.completed / one.cells, share(one.completed, one.cells)),
        buckets,
        Spark([100 * point / one.cells for point in one.trend], _trend(one)),
    ]


def _trend(one: ClassSummary) -> str:
    first, last = one.trend[0], one.trend[-1]
    return (
        f"From {share(first, one.cells)} to {share(last, one.cells)} in {len(one.trend) - 1} weeks."
    )


draw()
