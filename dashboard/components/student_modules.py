"""A student's modules, each with its details."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import streamlit as st

from dashboard import details, reads
from dashboard.components import links, module_facts
from dashboard.components.moments import day, figure, zone
from dashboard.components.table import Bar, Cell, Column, Link, Status, table
from dashboard.components.words import heading
from data.progress import ASSESSMENT
from data.queries import Student, StudentModule, StudentPage

COLUMNS = (
    Column("Module", "link"),
    Column("Type"),
    Column("Status", "status"),
    Column("Progress", "bar"),
    Column("Score", "number", help="From the score; where there is none, from the details."),
    Column("Pass mark", "number"),
    Column("Last activity", "date"),
    Column("Completed", "date"),
)


def draw(page: StudentPage) -> None:
    """The modules in order, and the details of the one that the URL asks for."""
    here = zone()
    _draw_modules(page.student, page.modules, here)
    _draw_details(page, here)


def _draw_modules(student: Student, modules: Sequence[StudentModule], here: tzinfo) -> None:
    may_edit = reads.visit().actor.may_edit
    columns = (*COLUMNS, Column("Correct", "link")) if may_edit else COLUMNS
    rows: list[list[Cell]] = []
    for one in modules:
        to = {"student": str(student.id), "module": str(one.module.id)}
        row = _module_row(one, Link(one.module.name, "student", to), here)
        rows.append([*row, Link("Edit", "edit", to)] if may_edit else row)
    table(
        key="student_modules",
        caption="Modules",
        columns=columns,
        rows=rows,
        empty="This student is in no class and has no progress yet.",
    )


def _module_row(one: StudentModule, link: Link, here: tzinfo) -> list[Cell]:
    percentage = one.percentage
    return [
        link,
        one.module.type.capitalize() + ("" if one.in_class else ", in no class now"),
        Status(one.status, module_facts.marks(one)),
        None if percentage is None else Bar(percentage / 100, f"{percentage} %"),
        module_facts.score(one),
        figure(one.module.pass_mark) if one.module.type == ASSESSMENT else None,
        day(one.last_activity, here),
        module_facts.completed(one, here),
    ]


def _draw_details(page: StudentPage, here: tzinfo) -> None:
    if not page.modules:
        return
    by_id = {one.module.id: one for one in page.modules}
    asked = links.named_in_address("module")
    st.session_state["details_of"] = asked if asked in by_id else page.modules[0].module.id
    heading("Details", 2)
    chosen = st.selectbox(
        "Module",
        list(by_id),
        format_func=lambda module_id: by_id[module_id].module.name,
        key="details_of",
        on_change=_choose_details,
        width=420,
    )
    one = by_id[chosen]
    of_module = page.lessons.get(chosen, ())
    details.show(one.module.type, one.details, of_module, here, key="details")


def _choose_details() -> None:
    st.query_params["module"] = str(st.session_state["details_of"])
