"""Correct a class as a table: many values at once, reviewed and saved together."""

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.text import count, name_tab, opening, paragraph
from dashboard.editing import preview
from dashboard.editing.preview import Proposal
from dashboard.reads import carried, looks
from dashboard.views.grid import editor, filters, state
from dashboard.views.grid.frame import Judged
from dashboard.views.grid.state import Grid
from data.access.errors import OWN_PROGRESS
from data.reading.classes import overview
from data.reading.classes.grid import learns_in
from data.reading.classes.overview import ClassOptions


def draw() -> None:
    """The page."""
    classes = reads.ask(overview.options, None).classes
    if not classes:
        empty_and_error.draw_no_classes("Edit as a table")
        return
    asked = filters.asked()
    is_unknown = "class" in st.query_params and asked.get("class") not in classes
    class_id = next(iter(classes)) if asked.get("class") not in classes else asked["class"]
    options = reads.ask(overview.options, class_id)
    grid = state.current(filters.fitted({**asked, "class": class_id}, options))
    carried.remember(class_id)
    if is_unknown:
        links.draw_ignored([links.CLASS], classes[class_id])
    if preview.is_open(_name(grid)):
        _draw_preview(grid, options)
    else:
        _draw_grid(grid, options)
    name_tab("Edit as a table", classes[class_id])


def _draw_grid(grid: Grid, options: ClassOptions) -> None:
    looks.record((row.student_id for row in grid.frame.rows), grid.class_id)
    rows = count(grid.frame.page.total, "row", "rows")
    place = options.classes[grid.class_id]
    modules = {row.module_name for row in grid.frame.rows}
    if len(modules) == 1:
        place += f", {modules.pop()}"
    opening(
        "Edit as a table",
        f"{rows} of {place}. Type over what is wrong; nothing is saved until you have reviewed it.",
    )
    students = count(len({row.student_id for row in grid.frame.rows}), "student", "students")
    shown = f"Showing {rows} of {students}."
    if grid.frame.page.last:
        shown = f"Showing {len(grid.frame.rows):,} of {rows}."
    filters.draw(grid.frame.chosen, options, shown, locked=bool(grid.frame.typed))
    judged = editor.draw(grid)
    if reads.ask(learns_in, grid.class_id):
        paragraph(f"Your own rows are not in the table. {OWN_PROGRESS.message}")
    if judged is not None:
        _review(grid, judged)
    paragraph("Every module can also be corrected one by one, in a form.", quiet=True)
    links.to("edit", "Correct one module")


def _review(grid: Grid, judged: Judged) -> None:
    rows = {row.key: row for row in grid.frame.rows}
    proposals = []
    for edit in judged.ready:
        row = rows[edit.student_id, edit.module_id]
        proposals.append(Proposal(edit, row.student_name, row.module_name, row.module_type))
    preview.begin(_name(grid), proposals, source="grid")
    st.rerun()


def _draw_preview(grid: Grid, options: ClassOptions) -> None:
    opening("Edit as a table", f"What saving will do in {options.classes[grid.class_id]}.")
    outcome = preview.draw(_name(grid))
    if outcome is not None:
        state.settle(grid, outcome)
        st.rerun()


def _name(grid: Grid) -> str:
    return f"grid_{grid.class_id}"


draw()
