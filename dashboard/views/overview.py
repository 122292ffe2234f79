"""How do my classes stand?"""

from __future__ import annotations

from dashboard import reads
from dashboard.components.moments import share
from dashboard.components.table import Bar, Buckets, Column, Link, Spark, table
from dashboard.components.words import count, heading, opening, paragraph
from data.queries import ClassSummary

COLUMNS = (
    Column("Class", "link"),
    Column("Organisation"),
    Column("Students", "number"),
    Column("Modules", "number"),
    Column("Completed", "bar", help="Completed cells of all the class's students × modules."),
    Column(
        "All modules", "buckets", help="Completed, in progress, not started: together every cell."
    ),
    Column("Last 8 weeks", "spark", help="Share completed at the end of each week."),
)


def draw() -> None:
    """The page."""
    classes = reads.overview()
    if not classes:
        heading("Overview")
        paragraph("You have no classes yet. Ask your administrator to give you one.")
        return
    opening("Overview", _answer(classes))
    rows = [_row(one) for one in classes]
    table(key="classes", caption="My classes", columns=COLUMNS, rows=rows)


def _answer(classes: list[ClassSummary]) -> str:
    cells = sum(one.cells for one in classes)
    completed = sum(one.completed for one in classes)
    furthest = max(classes, key=lambda one: one.completed / one.cells if one.cells else 0)
    sentence = (
        f"{count(len(classes), 'class', 'classes')}, {share(completed, cells)} completed in all."
    )
    if len(classes) > 1:
        sentence += f" {furthest.name} is furthest, at {share(furthest.completed, furthest.cells)}."
    return sentence


def _row(one: ClassSummary) -> list[Link | Bar | Buckets | Spark | str]:
    cells = one.cells or 1
    return [
        Link(one.name, "classroom", {"class": str(one.id)}),
        one.organisation,
        f"{one.students:,}",
        f"{one.modules:,}",
        Bar(one.completed / cells, share(one.completed, one.cells)),
        Buckets(one.completed, one.in_progress, one.not_started),
        Spark([100 * point / cells for point in one.trend], _trend(one)),
    ]


def _trend(one: ClassSummary) -> str:
    first, last = one.trend[0], one.trend[-1]
    return (
        f"From {share(first, one.cells)} to {share(last, one.cells)} in {len(one.trend) - 1} weeks."
    )


draw()
