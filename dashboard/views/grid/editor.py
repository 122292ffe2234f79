"""A class edited as a table: what is typed is counted above it, and what cannot be saved is listed below."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard import reads
from dashboard.components.table import Column, Link, table
from dashboard.components.text import alert, count, heading, notice, paragraph
from dashboard.editing.preview_tables import changed_lines, paged
from dashboard.reads import namesakes
from dashboard.views.grid import pages
from dashboard.views.grid.frame import Frame, Judged, judge
from dashboard.views.grid.state import Grid, forget, take
from dashboard.web import wire
from data.rules.progress import Field, Status

TALLEST: Final = 640


def draw(grid: Grid) -> Judged | None:
    """The table with its bar above and its problems below; returns what is to be reviewed, if it was asked."""
    _name_students(grid.frame)
    judged = judge(grid.frame, reads.visit().now)
    if grid.frame.typed:
        wire.ask_before_leaving()
    _draw_notices(grid)
    wants_review = _draw_bar(grid, judged)
    pages.draw(grid.frame.page, locked=bool(grid.frame.typed))
    _draw_table(grid)
    if judged.ready:
        _draw_changes(grid.frame, judged)
    if judged.problems:
        _draw_problems(grid.frame, judged)
    return judged if wants_review and judged.ready else None


def _name_students(frame: Frame) -> None:
    """Once an opening: were a name another, the table would begin anew under what is typed."""
    if not frame.students:
        frame.students = namesakes.labels((row.student_id, row.student_name) for row in frame.rows)


def _draw_notices(grid: Grid) -> None:
    # A place of their own: a table that moved down would begin anew, without what is being typed in it.
    with st.container():
        if grid.restored:
            notice(grid.restored)
        if grid.problem:
            alert(grid.problem.message)


def _draw_bar(grid: Grid, judged: Judged) -> bool:
    is_clean = not grid.frame.typed
    with st.container(horizontal=True, vertical_alignment="center", key="grid_bar"):
        if grid.is_discarding and not is_clean:
            paragraph(f"Discard {_counted(judged)}?", fit=True)
            st.button("Discard them", key="grid_discard", on_click=_discard, args=(grid,))
            st.button("Continue editing", key="grid_go_on", on_click=_ask, args=(grid, False))
            return False
        paragraph("Nothing is changed yet." if is_clean else f"{_counted(judged)}.", fit=True)
        wants_review = st.button(
            "Review and save", key="grid_review", type="primary", disabled=not judged.ready
        )
        st.button("Discard", key="grid_ask", disabled=is_clean, on_click=_ask, args=(grid, True))
    return wants_review


def _counted(judged: Judged) -> str:
    parts = []
    if judged.changes:
        students = count(judged.students, "student", "students")
        parts.append(f"{count(judged.changes, 'change', 'changes')} in {students}")
    if judged.problems:
        parts.append(count(len(judged.problems), "problem", "problems"))
    return ", ".join(parts) or "What you typed is already recorded"


def _ask(grid: Grid, is_discarding: bool) -> None:
    grid.is_discarding = is_discarding


def _discard(grid: Grid) -> None:
    forget(grid, grid.frame.keys)


def _draw_table(grid: Grid) -> None:
    frame = grid.frame
    if not frame.rows:
        paragraph("No student matches these filters. Clear them, or choose others.")
        return
    frame.is_drawn = True
    # Of one module, its name stands above the table.
    shown = ["Module"] if len({row.module_id for row in frame.rows}) > 1 else []
    st.container(key="grid_table").data_editor(
        _as_pandas(frame),
        key=frame.widget,
        hide_index=True,
        num_rows="fixed",
        height=min(TALLEST, 38 + 35 * len(frame.rows)),
        disabled=["Student", "Module"],
        column_order=["Student", *shown, *(name.label for name in Field)],
        column_config=_columns(frame),
        on_change=take,
        args=(grid,),
        alt="Students and modules with their status, percentage, score and completed date",
    )


def _as_pandas(frame: Frame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Student": [frame.students[row.student_id] for row in frame.rows],
            "Module": [row.module_name for row in frame.rows],
            **{name.label: frame.column(name) for name in Field},
        },
        dtype="str",
    )


def _columns(frame: Frame) -> dict[str, Any]:
    config = st.column_config
    return {
        "Student": config.TextColumn(width=190, pinned=True),
        "Module": config.TextColumn(width="medium"),
        Field.STATUS.label: config.SelectboxColumn(
            # What the rows have, too: one of the platform's own would be an empty cell.
            options=list(
                dict.fromkeys([*(status.label for status in Status), *frame.column(Field.STATUS)])
            ),
            required=True,
        ),
        Field.PERCENTAGE.label: config.TextColumn(help=Field.PERCENTAGE.hint, alignment="right"),
        Field.SCORE.label: config.TextColumn(help=Field.SCORE.hint, alignment="right"),
        Field.COMPLETED_AT.label: config.TextColumn(help=Field.COMPLETED_AT.hint),
    }


def _draw_changes(frame: Frame, judged: Judged) -> None:
    """Each changed cell that can be saved. In the table Streamlit colours only what cannot be edited."""
    rows = {row.key: row for row in frame.rows}
    heading("What you changed", 2)
    table(
        key="grid_changes",
        caption="What you changed",
        is_captioned=False,
        columns=("Student", "Module", Column("Now → after saving", "lines")),
        rows=[
            (
                Link(frame.students[row.student_id], "student", {"student": str(row.student_id)}),
                row.module_name,
                changed_lines(edit.seen, edit.changes, frame.zone, row.score_in_details),
            )
            for edit in paged(judged.ready, f"grid_changes_{frame.token}")
            for row in (rows[edit.student_id, edit.module_id],)
        ],
    )


def _draw_problems(frame: Frame, judged: Judged) -> None:
    heading("What cannot be saved yet", 2)
    paragraph(
        "A row with a problem waits until you correct it; the others can be saved.", quiet=True
    )
    table(
        key="grid_problems",
        caption="What cannot be saved yet",
        columns=("Student", "Module", "Field", "Typed", "Why"),
        rows=[
            (
                Link(
                    frame.students[one.row.student_id],
                    "student",
                    {"student": str(one.row.student_id)},
                ),
                one.row.module_name,
                one.problem.field.label if one.problem.field else None,
                one.typed or "nothing",
                one.problem.message,
            )
            for one in judged.problems
        ],
    )
