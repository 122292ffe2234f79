"""How do my classes stand?"""

from __future__ import annotations

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.formats import share
from dashboard.components.table import Buckets, Cell, Column, Link, ShareBar, Spark, table
from dashboard.components.text import count, opening
from data.reading.classes.overview import TREND_WEEKS, ClassSummary, overview
from data.reading.filters import NEEDED
from data.reading.history.options import history_cut

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
    known = _weeks_known()
    # What is the same in every row says nothing.
    left = {ORGANISATION} if len({one.organisation for one in classes}) == 1 else set()
    columns = list(COLUMNS)
    if any(one.other for one in classes):
        columns[STATUSES] = WITH_OTHERS
    table(
        key="classes",
        caption="My classes",
        columns=[column for at, column in enumerate(columns) if at not in left],
        rows=[
            [cell for at, cell in enumerate(_row(one, known)) if at not in left] for one in classes
        ],
    )
    if known < TREND_WEEKS:
        empty_and_error.draw_known_since(" Weeks from before are not drawn.")
    empty_and_error.draw_age()
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


def _weeks_known() -> int:
    """Of how many of the weeks that are shown the beginning is known too."""
    cut = reads.ask(history_cut)
    return TREND_WEEKS if cut is None else min(TREND_WEEKS, (reads.visit().now - cut).days // 7)


def _row(one: ClassSummary, known: int) -> list[Cell]:
    here = {"class": str(one.id)}
    return [
        Link(one.name, "classroom", here),
        one.organisation,
        f"{one.students:,}",
        f"{one.modules:,}",
        Link(f"{one.needs_attention:,}", "classroom", here | {"attention": NEEDED})
        if one.needs_attention
        else "0",
        *_completion(one, known),
    ]


def _completion(one: ClassSummary, known: int) -> list[Cell]:
    buckets = Buckets(one.completed, one.in_progress, one.not_started, one.other)
    if not one.cells:
        return [None, buckets, None]
    return [
        ShareBar(one.completed / one.cells, share(one.completed, one.cells)),
        buckets,
        _trend(one, known),
    ]


def _trend(one: ClassSummary, known: int) -> Spark | None:
    """The weeks that are known, in the place that they have among all that are shown."""
    if not known:
        return None
    points = one.trend[-known - 1 :]
    first, last = share(points[0], one.cells), share(points[-1], one.cells)
    values = [None] * (TREND_WEEKS - known) + [100 * point / one.cells for point in points]
    return Spark(values, f"From {first} to {last} in {count(known, 'week', 'weeks')}.")


draw()
