"""How does this class stand, and who needs me?"""

from __future__ import annotations

import streamlit as st

from dashboard import reads
from dashboard.components import charts, filter_bar, links
from dashboard.components import matrix as grid
from dashboard.components.moments import day, share, zone
from dashboard.components.words import answer, count, heading, notice, paragraph
from data.filters import Chosen
from data.queries import Matrix, Options


def draw() -> None:
    """The page."""
    asked, unread = filter_bar.chosen()
    options = reads.options(asked.get("class"))
    if not options.classes:
        heading("Class")
        paragraph("You have no classes yet. Ask your administrator to give you one.")
        return
    if asked.get("class") not in options.classes:
        if "class" in asked:
            unread.append("Class")
        asked["class"] = next(iter(options.classes))
        options = reads.options(asked["class"])
    current, stale = filter_bar.fitting(asked, options)
    name = options.classes[current["class"]]
    found = reads.matrix(current)
    heading(name)
    answer(_answer(found))
    filter_bar.draw(current, options)
    _say_filters(current, options, found, unread + stale)
    if not found.students or not found.modules:
        paragraph("No student fits these filters. Clear them, or choose others.")
        return
    _follow(_draw_matrix(name, found))
    charts.offer_modules(found)


def _answer(found: Matrix) -> str:
    needy = sum(student.needs_attention for student in found.students)
    sentence = (
        f"{found.completed:,} of {count(found.cells, 'module', 'modules')} completed "
        f"({share(found.completed, found.cells)}), {found.in_progress:,} in progress, "
        f"{found.not_started:,} not started."
    )
    if needy:
        need = "student is" if needy == 1 else "students are"
        sentence += f" {needy} {need} stuck in a quiz or below a pass mark."
    return sentence


def _say_filters(current: Chosen, options: Options, found: Matrix, dropped: list[str]) -> None:
    if dropped:
        notice(f"Left out of this link, because it fits nothing here: {', '.join(dropped)}.")
    with st.container(horizontal=True, vertical_alignment="center", key="filter_sentence"):
        paragraph(
            filter_bar.sentence(current, options, len(found.students)),
            quiet=True,
            fit=True,
        )
        if len(current) > 1:
            st.button("Clear all", key="clear_filters", type="tertiary", on_click=filter_bar.clear)


def _draw_matrix(name: str, found: Matrix) -> grid.Event | None:
    here = zone()
    return grid.matrix(
        key="matrix",
        label=f"{name}: students by modules",
        modules=[
            grid.Module(
                str(column.module.id),
                column.module.name,
                column.module.type,
                column.completed,
                column.in_progress,
                column.not_started,
            )
            for column in found.modules
        ],
        students=[
            grid.Student(
                str(student.id),
                student.name,
                student.cells,
                student.completed,
                student.in_progress,
                student.not_started,
                day(student.last_activity, here),
            )
            for student in found.students
        ],
        sort="name",
        can_edit=reads.visit().actor.may_edit,
    )


def _follow(event: grid.Event | None) -> None:
    if event is None:
        return
    if event.kind == "open" and event.student and event.module:
        links.go("student", student=event.student, module=event.module)
    if event.kind == "student" and event.student:
        links.go("student", student=event.student)


draw()
