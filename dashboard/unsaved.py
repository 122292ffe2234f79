"""What was typed and is not saved, told on every other page."""

from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.text import count, notice
from dashboard.reads import namesakes
from dashboard.views.school.begun import begun_in_school
from dashboard.views.student import note_form, response_form
from dashboard.web import wire
from data.reading.drafts import drafts


def draw() -> None:
    """A sentence and the way back for each class with unsaved changes; nothing where there is none."""
    for draft in reads.ask(drafts):
        if draft.class_name is None:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            rows = count(draft.count, "row", "rows")
            notice(f"You have unsaved changes in {rows} of {draft.class_name}.", fit=True)
            links.to("grid", "Continue editing", **{"class": str(draft.class_id)})


def draw_notes(page: str) -> None:
    """The same for each student whom a note was begun on; `page` is the one that is open, which may show it."""
    for student_id, begun in note_form.all_drafts().items():
        if page == "student" and _shows(student_id, "notes"):
            continue
        begun.done = begun.problem = None
        if not begun.is_typed:
            continue
        wire.ask_before_leaving()
        named = namesakes.label(student_id, begun.student.name)
        with st.container(horizontal=True, vertical_alignment="center"):
            notice(f"You have a note on {named} that is not saved.", fit=True)
            links.to("student", "Continue editing", student=str(student_id), show="notes")


def draw_responses(page: str) -> None:
    """The same of responses to what is flagged."""
    for student_id, begun in response_form.all_drafts().items():
        if not begun.text.strip() or (page == "student" and _shows(student_id, "attention")):
            continue
        wire.ask_before_leaving()
        with st.container(horizontal=True, vertical_alignment="center"):
            notice(
                "You have a response to what is flagged of a student that is not saved.", fit=True
            )
            links.to("student", "Continue editing", student=str(student_id), show="attention")


def draw_school(page: str) -> None:
    """The same for what was begun on the School page."""
    for one in begun_in_school():
        wire.ask_before_leaving()
        if page == "school" and one.is_shown:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            notice(one.sentence, fit=True)
            links.to("school", "Continue editing", **one.way)


def _shows(student_id: UUID, section: str) -> bool:
    return (
        links.named_in_address("student") == student_id and st.query_params.get("show") == section
    )
