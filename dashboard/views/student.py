"""Who is this student, how do they stand, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import streamlit as st

from dashboard import details, reads
from dashboard.components import history, links, module_facts
from dashboard.components.moments import day, figure, share, zone
from dashboard.components.table import Bar, Cell, Column, Link, Status, table
from dashboard.components.words import count, heading, notice, opening, paragraph
from data import progress
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


def draw() -> None:
    """The page: one student, or the way to one."""
    asked = links.named_in_address("student")
    page = reads.student_page(asked) if asked else None
    if page is None:
        if "student" in st.query_params:
            notice("This student was not found among yours. Look for them by name.")
        _draw_search()
        return
    here = zone()
    opening(page.student.name, _answer(page.modules, here), who=_who(page.student))
    _draw_modules(page.student, page.modules, here)
    _draw_details(page, here)
    heading("What changed lately", 2)
    history.draw(page.changes, here, key="student_changes", keepings=page.keepings)
    links.to("history", "Whole history", student=str(page.student.id))


def _draw_search() -> None:
    heading("Student")
    name = st.text_input(
        "Find a student", key="find_student", placeholder="Part of a name or e-mail"
    )
    wanted = name.strip()
    if not wanted:
        paragraph("Type a part of a name; accents and capitals do not matter.", quiet=True)
        return
    found = reads.find_students(wanted)
    rows = [
        (Link(one.name, "student", {"student": str(one.id)}), ", ".join(one.classes), one.email)
        for one in found
    ]
    table(
        key="found_students",
        caption="Students found",
        columns=(Column("Student", "link"), Column("Classes"), Column("E-mail")),
        rows=rows,
        empty=f"No student of yours matches “{wanted}”.",
    )
    if len(found) == 50:
        paragraph("These are the first 50. Type more of the name.", quiet=True)


def _who(student: Student) -> str:
    classes = ", ".join(student.classes) or "in no class now"
    parts = [
        classes,
        student.organisation,
        student.email,
        None if student.is_active else "not active",
    ]
    return " · ".join(part for part in parts if part)


def _answer(modules: Sequence[StudentModule], here: tzinfo) -> str:
    mine = [one for one in modules if one.in_class]
    completed = sum(one.status is progress.Status.COMPLETED for one in mine)
    started = sum(one.status is progress.Status.IN_PROGRESS for one in mine)
    newest = max((one.last_activity for one in modules if one.last_activity), default=None)
    active = f"last active {day(newest, here)}" if newest else "no activity yet"
    sentence = (
        f"{completed} of {count(len(mine), 'module', 'modules')} completed "
        f"({share(completed, len(mine))}), {started} in progress; {active}."
    )
    stuck = sum(one.is_stuck for one in modules)
    failed = sum(one.is_failed for one in modules)
    if stuck:
        sentence += f" Stuck in a quiz of {count(stuck, 'module', 'modules')}."
    if failed:
        sentence += f" Below the pass mark in {count(failed, 'module', 'modules')}."
    return sentence


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


draw()
