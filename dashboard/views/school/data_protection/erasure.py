"""Erasing one student: what would go, the name to type, and the button that does it."""

from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error
from dashboard.components.table import Column, table
from dashboard.components.text import alert, count, heading, notice, paragraph
from dashboard.reads import fresh
from data.access.errors import DataError
from data.data_protection.erasure import KINDS, Extent, erase_student, extent_of_erasure
from data.roster.reading.students import StudentEntry
from data.rules.progress import Problem

SHOWN: Final = "erasure_shown"
"""What was shown of whom: reading it is as much work as erasing is."""

DONE: Final = "erasure_done"
TROUBLE: Final = "erasure_trouble"

STAYS: Final = (
    "What others wrote in their own words stays (notes about other students, reasons of locks), and so do "
    "backups, exported files and ids in the audit log. A student whom a roster file or a platform still has "
    "comes back with it: take them out there first."
)


def draw(one: StudentEntry) -> None:
    """What there is about this student, and the way to erase it."""
    heading(f"Erase {one.full_name}", 2)
    # Of two of one name it must be plain which of them goes.
    if told := [part for part in (one.number, one.email, *one.classes, *one.earlier) if part]:
        paragraph("; ".join(told), quiet=True)
    if one.id == reads.visit().actor.id:
        notice("This is about yourself: only another administrator erases it.")
        return
    if trouble := st.session_state.pop(TROUBLE, None):
        alert(trouble)
    extent = _extent(one.id)
    if isinstance(extent, Problem):
        notice(extent.message)
        return
    paragraph(
        f"{count(extent.rows, 'row', 'rows')} would go, from the history too. Nobody can bring them back."
    )
    table(
        key="erasure_extent",
        caption="What goes",
        columns=("What", Column("How many", "number")),
        rows=[
            (KINDS[kind][number != 1].capitalize(), f"{number:,}")
            for kind, number in extent.counts.items()
        ],
    )
    if extent.mentions:
        notes = count(
            extent.mentions, "note about another student names", "notes about others name"
        )
        paragraph(f"{notes} this student. They stay: notes are not rewritten.")
    paragraph(STAYS, quiet=True)
    _draw_confirmation(one)


def draw_done() -> None:
    """That it was done, once; what is shown of the next student is counted anew."""
    st.session_state.pop(SHOWN, None)
    if done := st.session_state.pop(DONE, None):
        notice(done)


def _extent(student_id: UUID) -> Extent | Problem:
    shown = st.session_state.get(SHOWN)
    if shown is None or shown[0] != student_id:
        shown = student_id, fresh.ask(extent_of_erasure, student_id)
        st.session_state[SHOWN] = shown
    found: Extent | Problem = shown[1]
    return found


def _draw_confirmation(one: StudentEntry) -> None:
    key = f"erasure_name_{one.id.hex[:8]}"
    name = one.full_name.strip() or str(one.id)
    paragraph(f"To confirm, type the name: {name}")
    st.text_input("Name", key=key, width=480, autocomplete="off")
    st.button(
        "Erase for good", key="erasure_erase", type="primary", on_click=_erase, args=(one.id, key)
    )


def _erase(student_id: UUID, key: str) -> None:
    try:
        done = erase_student(reads.visit().actor, student_id, st.session_state.get(key, ""))
    except DataError as error:
        done = empty_and_error.unsure(error)
    if isinstance(done, Problem):
        st.session_state[TROUBLE] = done.message
        return
    st.session_state.pop(SHOWN, None)
    st.session_state.pop(key, None)
    st.session_state[DONE] = f"Erased: {count(done.rows, 'row', 'rows')}."
    st.query_params.pop("student", None)
