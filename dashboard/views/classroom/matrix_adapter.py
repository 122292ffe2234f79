"""The class's matrix: what it is drawn from, and what follows from what a person does in it."""

from dataclasses import replace
from datetime import tzinfo
from typing import Final
from uuid import UUID

from dashboard import reads
from dashboard.components import address, selection
from dashboard.components.formats import zone
from dashboard.reads import class_table, namesakes
from dashboard.views.classroom import cell_panel, last_view
from dashboard.views.classroom import matrix as grid
from dashboard.views.classroom.entry import block
from dashboard.views.classroom.past_day import PastDay
from data.reading.classes.arrangement import DENSITIES, Arranged, Arrangement, Density
from data.reading.classes.matrix import MatrixModule, MatrixStudent
from data.reading.filters import Chosen
from data.rules.activity import last_active
from data.rules.attention import short
from data.rules.cell import LETTERS

MOST_WIDE: Final = 8
"""Of so many modules the figures are shown too, where nobody has chosen: more do not fit a laptop."""


def draw(
    name: str,
    class_id: UUID,
    asked: Chosen,
    shown: Arranged,
    wanted: Arrangement,
    past: PastDay,
    stuck_after: int | None,
) -> None:
    """The matrix as it was asked for; its JSON is kept, for it is most of what a rerun costs."""
    here = zone()
    usual: Density = "compact" if len(shown.modules) > MOST_WIDE else "wide"
    wanted = replace(wanted, density=wanted.density or last_view.density() or usual)
    data = class_table.drawn(
        asked,
        wanted,
        (str(here), selection.cleared(), str(past.day)),
        lambda: _as_drawn(name, class_id, asked, shown, wanted, past, here, stuck_after),
    )
    grid.show(
        "matrix",
        data,
        lambda: (
            {str(column.module.id) for column in shown.modules},
            {str(student.id) for student in shown.students},
        ),
        lambda event: _follow(event, class_id, past),
    )


def _as_drawn(
    name: str,
    class_id: UUID,
    asked: Chosen,
    shown: Arranged,
    wanted: Arrangement,
    past: PastDay,
    here: tzinfo,
    stuck_after: int | None,
) -> bytes:
    groups: tuple[str | None, ...] = shown.groups or (None,) * len(shown.students)
    beside = namesakes.beside({student.id: student.name for student in shown.students})
    return grid.drawn(
        key="matrix",
        label=f"{name}: students by modules",
        modules=[_module(column, column.module.id in shown.pins) for column in shown.modules],
        students=[
            _student(student, here, group, beside.get(student.id))
            for student, group in zip(shown.students, groups, strict=True)
        ],
        sort=wanted.sort,
        density=wanted.density or "wide",
        outlined=next((one for one in LETTERS if LETTERS[one] == asked.get("status")), None),
        can_edit=reads.visit().actor.may_edit and past.end is None,
        module_href=f"module?class={class_id}&module=",
        read_only_note=f"As it stood at {past.words}" if past.end else None,
        cleared=selection.cleared(),
        stuck_after=stuck_after,
    )


def _module(column: MatrixModule, pinned: bool) -> grid.ModuleColumn:
    return grid.ModuleColumn(
        str(column.module.id),
        column.module.name,
        column.module.type,
        column.completed,
        column.in_progress,
        column.not_started,
        pinned=pinned,
        pass_mark=float(column.module.pass_mark),
        other=column.other,
    )


def _student(
    student: MatrixStudent, here: tzinfo, group: str | None, beside: str | None
) -> grid.StudentRow:
    return grid.StudentRow(
        str(student.id),
        student.name,
        student.cells,
        student.completed,
        student.in_progress,
        student.not_started,
        last_active(student.last_activity, student.last_change, here),
        short(student.flags) or None,
        group,
        beside,
        student.other,
    )


def _follow(event: grid.MatrixEvent, class_id: UUID, past: PastDay) -> None:
    if event.kind == "open" and event.student and event.module:
        cell_panel.open_for(event.student, event.module)
    if event.kind == "set" and past.end is None:
        block.ask(event)
    if event.kind in ("block", "set") and past.end is None:
        selection.select(class_id, event.students, event.modules)
    if event.kind == "sort" and event.by:
        address.write_arranged(replace(address.arrangement(), sort=event.by))
    for density in DENSITIES:
        if event.kind == "density" and event.by == density:
            last_view.choose(density)
            address.write_arranged(replace(address.arrangement(), density=density))
