"""A student's modules, each with its details beneath it where the URL asks for them (`?module=`)."""

from datetime import tzinfo
from uuid import UUID

from dashboard import details, reads
from dashboard.components import links
from dashboard.components.formats import figure, figure_beside, lasting, zone
from dashboard.components.table import Cell, Column, Link, ShareBar, StatusCell, Unfold, table
from dashboard.components.text import paragraph
from dashboard.details import cell_facts
from data.access.errors import OWN_PROGRESS
from data.reading.students.page import StudentPage
from data.reading.students.students import StudentModule
from data.rules.activity import last_active
from data.rules.details import is_scored, type_label

COLUMNS = (
    "Module",
    "Type",
    Column("Status", "status"),
    "Progress",
    Column("Score", "lines", align="right"),
    Column("Pass mark", "number"),
    Column("Last activity", "date"),
    Column("Completed", "date"),
    Column("Time taken", "number"),
)


def draw(page: StudentPage) -> None:
    """The modules in order."""
    here, actor = zone(), reads.visit().actor
    may_edit = actor.may_correct(page.student.id)
    if actor.may_edit and not may_edit:
        paragraph(OWN_PROGRESS.message)
    opened = links.named_in_address("module")
    table(
        key="student_modules",
        caption="Modules",
        is_captioned=False,
        columns=(*COLUMNS, Column("Correct", "link", on_paper=False)) if may_edit else COLUMNS,
        rows=[
            [
                _heading(page, one, opened, here),
                *_cells(page, one, here),
                *_edit(page, one, may_edit),
            ]
            for one in page.modules
        ],
        empty="This student is in no class and has no progress yet.",
    )


def _heading(page: StudentPage, one: StudentModule, opened: UUID | None, here: tzinfo) -> Unfold:
    """The module's name, which opens its details and closes them again."""
    student, module = {"student": str(page.student.id)}, {"module": str(one.module.id)}
    if one.module.id != opened:
        return Unfold(one.module.name, "student", student | module)
    lessons = page.lessons.get(one.module.id, ())
    beneath = details.page(one.module.type, one.details, lessons, here, stuck_after=one.stuck_after)
    ways = [Link("History of this module", "history", student | module)]
    if one.class_ids:
        in_class = {"class": str(one.class_ids[0])} | module
        ways.append(Link("The whole class in this module", "module", in_class))
    return Unfold(one.module.name, "student", student, beneath, ways)


def _cells(page: StudentPage, one: StudentModule, here: tzinfo) -> list[Cell]:
    took = page.took.get(one.module.id)
    return [
        type_label(one.module.type) + ("" if one.in_class else ", in no class now"),
        StatusCell(one.status, cell_facts.marks(one)),
        None if one.percentage is None else ShareBar(one.percentage / 100, f"{one.percentage} %"),
        _score(one),
        figure(one.module.pass_mark) if is_scored(one.module.type) else None,
        last_active(one.last_activity, one.last_change, here),
        cell_facts.completed(one, here),
        None if took is None else lasting(took),
    ]


def _score(one: StudentModule) -> list[str] | None:
    """The shown score, and its source where that is not the row's own."""
    if one.shown_score is None:
        return None
    shown = figure_beside(one.shown_score, one.module.pass_mark)
    return [shown, "from details"] if one.score_source == "details" else [shown]


def _edit(page: StudentPage, one: StudentModule, may_edit: bool) -> list[Cell]:
    to = {"student": str(page.student.id), "module": str(one.module.id)}
    return [Link("Edit", "edit", to)] if may_edit else []
