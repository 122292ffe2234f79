"""The panel of one cell: what it is, why, what changed lately, and for coordinators the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import details, reads
from dashboard.components import empty_and_error, links
from dashboard.components.formats import zone
from dashboard.components.status import badge
from dashboard.components.text import heading, markdown_safe, notice, paragraph
from dashboard.details import cell_facts
from dashboard.editing import change_table, form, form_draft, form_state, lock_form, locks
from dashboard.reads import fresh, looks, namesakes
from dashboard.views.classroom import matrix
from data.access.errors import OWN_PROGRESS
from data.reading.attention import flags_of
from data.reading.students.cell import CellPage, cell_page, cell_text
from data.reading.students.namesakes import labelled
from data.rules.attention import short

OPEN: Final = "cell_panel"
FIRST: Final = "cell_panel_first"
"""The section that an opening begins with."""

WHY, CORRECT, LOCK = "What happened", "Correct", "Lock"

_mount = st.components.v2.component(
    "dashboard_panel", js=Path(__file__).with_name("cell_panel.js").read_text("utf-8")
)


@dataclass(frozen=True, eq=False)
class OpenedCell:
    """One opening of the panel: of the same cell, another opening is another one."""

    student: UUID
    module: UUID


def open_for(student: str, module: str) -> None:
    """The panel of this cell is drawn from the next run on, until it is closed."""
    form_state.forget()
    lock_form.forget()
    st.session_state.pop(FIRST, None)
    st.session_state[OPEN] = OpenedCell(UUID(student), UUID(module))


def _close(opened: OpenedCell) -> None:
    # A click that closes one panel and one that opens the next may come in one run, in any order.
    if st.session_state.get(OPEN) is opened:
        form_draft.keep_open()
        del st.session_state[OPEN]


def draw(class_id: UUID, names: Mapping[UUID, str], *, read_only: bool = False) -> None:
    """The panel that is open, if one is, in this class, whose students have these `names`; `read_only` beside
    a past day, where nothing may be corrected."""
    opened: OpenedCell | None = st.session_state.get(OPEN)
    if opened is None:
        return
    found = reads.ask(cell_page, opened.student, opened.module, class_id)
    if found is None:
        _close(opened)
        return
    student = labelled(found.student.name, namesakes.beside(names).get(opened.student))
    title = f"{markdown_safe(student)}: {markdown_safe(found.one.module.name)}"
    st.dialog(title, width="large", on_dismiss=lambda: _close(opened))(_draw_panel)(
        opened.student, opened.module, class_id, read_only
    )


def _draw_panel(student_id: UUID, module_id: UUID, class_id: UUID, read_only: bool) -> None:
    has_moved, lock_changed = form.has_row_just_moved(), lock_form.was_just_changed()
    # A place of its own, so that what comes after stays where it is: what moved would lose the focus.
    with st.container():
        _mount(key="panel_history", data=[str(student_id), str(module_id)])
        if has_moved or lock_changed:
            _tell_matrix(class_id, student_id, module_id)
    found = reads.ask(cell_page, student_id, module_id, class_id)
    if found is None:
        paragraph("This cell no longer exists.")
        return
    looks.record([student_id])
    one, here = found.one, zone()
    if read_only:
        notice("This is today's value. What it was that day is among the changes below.")
    st.html(f'<p class="words">{badge(one.status, marks=cell_facts.marks(one))}</p>')
    paragraph(cell_facts.sentence(one, here), quiet=True)
    of_cell = {"student": str(student_id), "module": str(module_id)}
    with st.container(horizontal=True):
        links.to("student", "Open the student", **of_cell)
        links.to("history", "Whole history", **of_cell)
    actor = reads.visit().actor
    if actor.may_edit and student_id == actor.id:
        notice(OWN_PROGRESS.message)
    if read_only or not actor.may_correct(student_id):
        lock = locks.current(student_id, module_id)
        if lock is not None:
            locks.draw(lock, here)
        _draw_why(found)
        return
    first = CORRECT if form.is_draft(found.student, one, class_id) else WHY
    why, correct, locking = st.tabs(
        [WHY, CORRECT, LOCK],
        default=st.session_state.setdefault(FIRST, first),
        key=f"panel_{student_id}_{module_id}",
    )
    with why:
        _draw_why(found)
    with correct:
        form.draw(found.student, one, class_id)
    with locking:
        lock_form.draw(student_id, one)


def _tell_matrix(class_id: UUID, student_id: UUID, module_id: UUID) -> None:
    """A click in a dialog runs the dialog alone, and the page follows when the panel is closed: a run of it
    would take the dialog off the page and put it there again. So the matrix is told first of all."""
    now = fresh.ask(cell_text, student_id, module_id, class_id)
    flagged = fresh.ask(flags_of, student_id, [class_id])
    shown = now or "", short(flagged.flags) or None
    matrix.renew_cell(str(student_id), str(module_id), *shown, uuid4().hex)
    reads.forget()


def _draw_why(found: CellPage) -> None:
    here = zone()
    one = found.one
    lessons = found.lessons
    drawn = details.page(one.module.type, one.details, lessons, here, stuck_after=one.stuck_after)
    st.container(key="panel_details").html(drawn)
    heading("What changed lately", 2)
    change_table.draw(
        found.changes,
        here,
        key="panel_changes",
        lock_events=locks.lock_events(found.student.id, one.module.id),
    )
    empty_and_error.draw_known_since()
