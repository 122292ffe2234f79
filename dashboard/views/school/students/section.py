"""The students of the school: a list to search, a form for one, and actions for those that are ticked."""

from collections.abc import Sequence
from functools import partial
from typing import Final, cast
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.table import Column, Link, Tick, table
from dashboard.components.text import count, paragraph
from dashboard.components.toolbar import Control, by_address, toolbar
from dashboard.views.school import choosing, roster_preview
from dashboard.views.school.students import bulk, form
from data.i18n.dates import short_date
from data.roster.reading.classes import ClassEntry, class_entries
from data.roster.reading.managed import ManagedSchool
from data.roster.reading.students import State, StudentEntry, found_students, student_entries

A_PAGE: Final = 100

STATES: Final = (("left", "Those who left"), ("all", "Everybody"))


def draw(school: ManagedSchool) -> None:
    """The list, or what is open instead of it: one student, a new one, or the preview of a change of many."""
    classes = reads.ask(class_entries)
    if roster_preview.draw(bulk.NAME, "Change several students"):
        return
    asked = links.named_in_address("student")
    if "new" in st.query_params or asked:
        links.to("school", "All students", show="students")
        form.draw(school, classes, asked)
        return
    _draw_list(classes)


def _draw_list(classes: Sequence[ClassEntry]) -> None:
    here = [one for one in classes if one.archived_at is None]
    typed, class_id, state = _asked()
    found = reads.ask(found_students, typed, class_id, state)
    links.to("school", "Add a student", show="students", new="1")
    toolbar(
        key="roster_students_bar",
        label="Students to show",
        controls=_controls(here, typed, class_id, state),
        sentence=f"{count(len(found), 'student', 'students')}.",
        can_clear=bool(typed or class_id or state != "here"),
        on_event=by_address("name", "class", "state"),
    )
    entries = reads.ask(student_entries, found[:A_PAGE])
    chosen = choosing.draw(bulk.NAME, [one.id for one in entries])
    if chosen:
        bulk.draw([one for one in entries if one.id in chosen], here)
    table(
        key="roster_students",
        caption="Students",
        columns=(
            "Name",
            "School number",
            Column("E-mail", "email"),
            "Classes",
            Column("Left on", "date"),
            Column("Choose", on_paper=False),
        ),
        rows=[_row(one, chosen) for one in entries],
        empty=_nothing(typed, class_id, state),
        is_captioned=False,
        on_tick=partial(choosing.take_ticks, bulk.NAME),
    )
    if len(found) > A_PAGE:
        paragraph(
            f"These are the first {A_PAGE} of {len(found):,}. Type more of the name.", quiet=True
        )


def _nothing(typed: str, class_id: UUID | None, state: State) -> str:
    if typed or class_id or state != "here":
        return "No student is like that."
    return "There are no students yet. Add one, or bring them in from a file."


def _row(one: StudentEntry, chosen: set[UUID]) -> tuple[Link, str, str, str, str, Tick]:
    left = short_date(one.left_on) if one.left_on else ("" if one.is_active else "not active")
    return (
        Link(one.full_name, "school", {"show": "students", "student": str(one.id)}),
        one.number or "",
        one.email or "",
        "; ".join(one.classes),
        left,
        Tick(str(one.id), one.full_name, one.id in chosen),
    )


def _asked() -> tuple[str, UUID | None, State]:
    state = st.query_params.get("state", "here")
    known = {key for key, _ in STATES}
    return (
        st.query_params.get("name", ""),
        links.named_in_address("class"),
        cast("State", state if state in known else "here"),
    )


def _controls(
    classes: Sequence[ClassEntry], typed: str, class_id: UUID | None, state: State
) -> list[Control]:
    return [
        Control("name", "Name, e-mail or number", "text", typed),
        Control(
            "class",
            "Class",
            "choice",
            str(class_id or ""),
            [(str(one.id), one.label) for one in classes],
            nothing="All classes",
        ),
        Control(
            *("state", "Show", "choice", "" if state == "here" else state),
            STATES,
            nothing="Those who are here",
        ),
    ]
