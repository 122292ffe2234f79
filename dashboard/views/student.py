"""Who is this student, how do they stand, and why?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import streamlit as st

from dashboard import reads
from dashboard.components import links, student_sections
from dashboard.components.moments import day, share, zone
from dashboard.components.table import Column, Link, table
from dashboard.components.words import count, heading, notice, opening, paragraph
from data import progress
from data.queries import Student, StudentModule


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
    student_sections.draw(page)


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


draw()
