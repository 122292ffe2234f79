"""People and classes from a file: what it comes to, line by line, what is asked, then exactly that is saved."""

from __future__ import annotations

from typing import Final

import streamlit as st

from dashboard.components.text import alert, count, paragraph
from dashboard.editing.tables_in import verdicts
from dashboard.views.school import roster_preview
from dashboard.views.school.roster_file import file_lines, questions, source, state
from dashboard.views.school.roster_file.state import FILE, RosterFile
from data.roster.files.comparing.verdicts import Comparison
from data.roster.reading.managed import ManagedSchool

NAME: Final = "roster_file"


def draw(school: ManagedSchool) -> None:
    """The preview where one is open; else the file that is open; else where one comes from."""
    if roster_preview.draw(NAME, "From a file"):
        return
    file = FILE.current()
    if file is not None:
        _draw_file(file, school)
    elif school.organisations:
        source.draw(school.organisations[0].id)


def is_begun() -> bool:
    """Is a list open, or pasted, that is not saved?"""
    return FILE.current() is not None or bool(source.pasted().strip())


def _draw_file(file: RosterFile, school: ManagedSchool) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        paragraph(file.name, fit=True)
        st.button("Another file", key=file.key("close"), on_click=FILE.close)
    questions.draw_whose(file, school)
    comparison = verdicts.looking(lambda step: state.compared(file, step))
    if comparison is None:
        alert(str(file.unreadable))
        questions.draw_unreadable(file)
        return
    questions.draw_understood(file, comparison)
    paragraph(verdicts.sentence(comparison.counts, file_lines.WORDS))
    questions.draw_stops(file, comparison)
    _draw_button(file, comparison)
    file_lines.draw(file, comparison)


def _draw_button(file: RosterFile, comparison: Comparison) -> None:
    """No way on while something is asked that only a person can answer."""
    if comparison.stops or not comparison.changes:
        return
    changes = count(len(comparison.changes), "change", "changes")
    left_out = len(comparison.unclear)
    without = f" without {count(left_out, 'unclear line', 'unclear lines')}" if left_out else ""
    st.button(
        f"Preview {changes}{without}",
        key=file.key("preview"),
        type="primary",
        on_click=_begin,
        args=(comparison,),
    )


def _begin(comparison: Comparison) -> None:
    roster_preview.begin(NAME, comparison.changes, source="file", on_saved=_forget)


def _forget() -> None:
    FILE.close()
    source.forget()
