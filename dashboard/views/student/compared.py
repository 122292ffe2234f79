"""A student's scores beside those of the class: a strip a module, every number of it in the row.

The chart is the table. A strip has no text of its own, so that module names stand beside it as text.
"""

from collections.abc import Sequence

from dashboard import reads
from dashboard.components.formats import figure, figure_beside
from dashboard.components.table import Cell, Column, Strip, table
from dashboard.components.text import count, heading, paragraph
from data.reading.students.comparison import ClassSpread, spread
from data.reading.students.page import StudentPage
from data.reading.students.standing import ClassScores, class_scores
from data.reading.students.students import StudentModule

CLASS = "Class"
COLUMNS = (
    "Module",
    Column("Score", "number"),
    "From 0 to 100",
    Column("Median", "number"),
    Column("Middle 50 %", "number"),
    Column("Pass mark", "number"),
    Column("Scores", "number"),
)


def draw(page: StudentPage) -> None:
    """Every module in which the student and their class have scores."""
    found = reads.ask(class_scores, page.student.id)
    compared = [
        (one, of_class, spread(of_class.scores))
        for one in page.modules
        for of_class in found.get(one.module.id, ())
    ]
    if not compared:
        paragraph("There is no score yet that could be compared with the class's.", quiet=True)
        return
    heading(_finding(compared), 2)
    paragraph(
        "Each line is a score in the class, the box holds the middle 50 % of them, its thick line is the "
        "median. The diamond is this student, the dotted line the pass mark.",
        quiet=True,
    )
    several = len({of_class.class_name for _, of_class, _ in compared}) > 1
    table(
        key="compared",
        caption="Scores beside the class's",
        is_captioned=False,
        columns=(*COLUMNS, CLASS) if several else COLUMNS,
        rows=[[*_row(*one), one[1].class_name] if several else _row(*one) for one in compared],
    )


Compared = tuple[StudentModule, ClassScores, ClassSpread | None]


def _finding(compared: Sequence[Compared]) -> str:
    """A module that two classes of the student have is compared twice."""
    above = sum(
        one.shown_score > found.median
        for one, _, found in compared
        if found and one.shown_score is not None
    )
    if len(compared) > len({one.module.id for one, _, _ in compared}):
        return f"Above the median in {above} of {len(compared)} comparisons with a class"
    return f"Above the class's median in {above} of {count(len(compared), 'module', 'modules')}"


def _row(one: StudentModule, of_class: ClassScores, found: ClassSpread | None) -> list[Cell]:
    half = found.half if found else None
    scores = [float(score) for score in of_class.scores]
    return [
        one.module.name,
        None if one.shown_score is None else figure_beside(one.shown_score, one.module.pass_mark),
        Strip(
            sorted({round(score) for score in scores}),
            (float(half[0]), float(half[1])) if half else None,
            float(found.median) if found else None,
            None if one.shown_score is None else float(one.shown_score),
            float(one.module.pass_mark),
        ),
        figure(found.median) if found else None,
        f"{figure(half[0])} to {figure(half[1])}" if half else None,
        figure(one.module.pass_mark),
        str(len(scores)),
    ]
