"""The panel of one cell, beside the matrix: what it is, why, what changed lately, notes, and for coordinators
the form. Which cell it is of is in the address."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import details, reads
from dashboard.components import browser, empty_and_error, links
from dashboard.components.formats import zone
from dashboard.components.status import badge
from dashboard.components.text import heading, notice, paragraph
from dashboard.details import cell_facts
from dashboard.editing import (
    change_table,
    form,
    form_draft,
    form_state,
    latest_notes,
    lock_form,
    locks,
)
from dashboard.pages import CELL
from dashboard.reads import fresh, looks, namesakes
from dashboard.views.classroom import matrix
from dashboard.views.classroom.cell_neighbours import CellId as CellId
from dashboard.views.classroom.cell_neighbours import Neighbours, among_modules, among_students
from dashboard.web import private
from data.access.errors import OWN_PROGRESS
from data.reading.attention import flags_of
from data.reading.classes.arrangement import Arranged
from data.reading.notes import notes
from data.reading.students.cell import CellPage, cell_page, cell_text
from data.reading.students.namesakes import labelled
from data.rules.attention import short
from data.rules.ids import as_uuid

OPEN: Final = "cell_panel"
"""The cell that the panel is of, or None. What is not there yet, the address says."""

OF_CLASS: Final = "cell_panel_class"
FIRST: Final = "cell_panel_first"
"""Of one opening: what tells it from others, and the section that it begins with."""

LEFT: Final = "cell_panel_left"
"""Back was chosen. It is drawn a last time, hidden: the browser did not tell yet what is being typed in it."""

DRAWN_NOW, DRAWN = "drawn now", "drawn"

HEAD: Final = "panel_head"
WHY, CORRECT, LOCK, NOTES = "What happened", "Correct", "Lock", "Notes"

_mount = browser.component("cell_panel", Path(__file__).parent, "cell_panel.js", "cell_panel.css")


def open_for(student: str, module: str) -> None:
    """The panel of this cell is drawn from the next run on, until it is closed."""
    st.session_state.pop(FIRST, None)
    _show(CellId(UUID(student), UUID(module)))


def _show(cell: CellId | None) -> None:
    # What is typed and the click that leads on may come in one run, in any order.
    form_draft.keep_open()
    form_state.forget()
    lock_form.forget()
    st.session_state[OPEN] = cell
    st.session_state.pop(LEFT, None)
    if cell is None:
        st.session_state.pop(FIRST, None)
    _write_address(cell)


def _write_address(cell: CellId | None) -> None:
    written = f"{cell.student}~{cell.module}" if cell else ""
    if st.query_params.get(CELL, "") != written:
        links.write_address({CELL: written})


def _in_address() -> CellId | None:
    student, _, module = st.query_params.get(CELL, "").partition("~")
    found = as_uuid(student), as_uuid(module)
    return CellId(found[0], found[1]) if found[0] and found[1] else None


def _open_in(class_id: UUID) -> CellId | None:
    """The address says what is open where a page is loaded or come to; else it follows."""
    is_other = st.session_state.get(OF_CLASS, class_id) != class_id
    st.session_state[OF_CLASS] = class_id
    is_left = LEFT in st.session_state
    if OPEN not in st.session_state or private.is_step_back():
        named, cell = _in_address(), st.session_state.get(OPEN)
        if named is None and cell is not None and not is_other:
            st.session_state[LEFT] = DRAWN_NOW
        elif named != cell or is_left or OPEN not in st.session_state:
            _show(named)
    elif is_other or is_left:
        _show(None)
    else:
        _write_address(st.session_state[OPEN])
    found: CellId | None = st.session_state[OPEN]
    return found


def draw(
    class_id: UUID, shown: Arranged, names: Mapping[UUID, str], *, read_only: bool = False
) -> None:
    """The panel that is open, if one is, in this class, whose students have these `names` and are `shown` in an
    order that it leads through; `read_only` beside a past day, where nothing may be corrected."""
    if _open_in(class_id) is None:
        return
    is_left = LEFT in st.session_state
    with st.container(key="cell_panel"):
        _draw_panel(class_id, shown, names, read_only)
    if is_left:
        st.session_state[LEFT] = DRAWN


@st.fragment
def _draw_panel(
    class_id: UUID, shown: Arranged, names: Mapping[UUID, str], read_only: bool
) -> None:
    cell: CellId | None = st.session_state.get(OPEN)
    if cell is None or st.session_state.get(LEFT) == DRAWN:
        # The page shows what was left in it.
        st.rerun()
    with st.container(key=HEAD):
        # A place of its own, so that what comes after stays where it is: what moved would lose the focus.
        head = st.container()
        has_moved, lock_changed = form.has_row_just_moved(), lock_form.was_just_changed()
        if has_moved or lock_changed:
            _tell_matrix(class_id, cell.student, cell.module)
    found = reads.ask(cell_page, cell.student, cell.module, class_id)
    with head:
        _draw_head(found, cell, shown, names)
    if found is None:
        paragraph("There is no such cell, or it is not yours to see.")
        return
    looks.record([cell.student])
    _draw_facts(found, cell, read_only)
    _draw_sections(found, class_id, read_only)


def _draw_head(
    found: CellPage | None, cell: CellId, shown: Arranged, names: Mapping[UUID, str]
) -> None:
    def heard() -> None:
        match st.session_state.get("panel_ways", {}).get("event"):
            case ["close", str(closed)] if st.session_state.get(FIRST, (None,))[0] == closed:
                _show(None)
            case ["go", str(student), str(module)] if as_uuid(student) and as_uuid(module):
                # Closed or elsewhere meanwhile, it is not opened again.
                if st.session_state.get(OPEN) and not private.is_step_back():
                    reads.forget()
                    _show(CellId(UUID(student), UUID(module)))

    student = found and labelled(found.student.name, namesakes.beside(names).get(cell.student))
    around = among_students(shown, cell), among_modules(shown, cell)
    token, _ = st.session_state.setdefault(FIRST, (uuid4().hex[:8], None))
    data = [
        token,
        [str(cell.student), str(cell.module)],
        student or "No such cell",
        found.one.module.name if found else "",
        [_way(one) for one in around],
        LEFT in st.session_state,
    ]
    _mount(key="panel_ways", data=data, on_event_change=heard)


def _way(found: Neighbours) -> list[object]:
    ends = (
        [str(one.student), str(one.module)] if one else None for one in (found.before, found.after)
    )
    return [found.number, found.of, *ends]


def _draw_facts(found: CellPage, cell: CellId, read_only: bool) -> None:
    one, here = found.one, zone()
    if read_only:
        notice("This is today's value. What it was that day is among the changes below.")
    st.html(f'<p class="words">{badge(one.status, marks=cell_facts.marks(one))}</p>')
    paragraph(cell_facts.sentence(one, here), quiet=True)
    of_cell = {"student": str(cell.student), "module": str(cell.module)}
    with st.container(horizontal=True):
        links.to("student", "Open the student", **of_cell)
        links.to("history", "Whole history", **of_cell)


def _draw_sections(found: CellPage, class_id: UUID, read_only: bool) -> None:
    actor = reads.visit().actor
    student, one = found.student, found.one
    may_correct = not read_only and actor.may_correct(student.id)
    if actor.may_edit and student.id == actor.id:
        notice(OWN_PROGRESS.message)
    lock = None if may_correct else locks.current(student.id, one.module.id)
    if lock is not None:
        locks.draw(lock, zone())
    token, first = st.session_state[FIRST]
    if first is None:
        is_draft = may_correct and form.is_draft(student, one, class_id)
        first = CORRECT if is_draft else WHY
        st.session_state[FIRST] = token, first
    titles = [WHY, CORRECT, LOCK, NOTES] if may_correct else [WHY, NOTES]
    # From one cell to the next the same section stays open.
    sections = dict(zip(titles, st.tabs(titles, default=first, key=f"panel_{token}"), strict=True))
    with sections[WHY]:
        _draw_why(found)
    with sections[NOTES]:
        latest_notes.draw(student.id, reads.ask(notes, student.id), may_write=actor.may_write)
    if may_correct:
        with sections[CORRECT]:
            form.draw(student, one, class_id)
        with sections[LOCK]:
            lock_form.draw(student.id, one)


def _tell_matrix(class_id: UUID, student_id: UUID, module_id: UUID) -> None:
    """A click in the panel runs the panel alone, and the page follows a little later: so the matrix is told."""
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
