"""Correct one module of one student."""

from __future__ import annotations

import streamlit as st

from dashboard import reads
from dashboard.components import current_class, links
from dashboard.components.text import heading, markdown_safe, name_tab, notice, paragraph
from dashboard.editing import form, form_draft, lock_form
from dashboard.reads import namesakes
from data.access.errors import OWN_PROGRESS
from data.reading.classes import overview
from data.reading.students import students
from data.reading.students.namesakes import labelled
from data.reading.students.students import (
    Student,
    StudentModule,
    student_modules,
    students_of_class,
)


def draw() -> None:
    """The page: pick a student and a module, or arrive with both."""
    heading("Edit one")
    student = _pick_student()
    if student is None:
        return
    if not reads.visit().actor.may_correct(student.id):
        notice(OWN_PROGRESS.message)
        links.to("student", "Back to the student", student=str(student.id))
        return
    one = _pick_module(student)
    if one is None:
        return
    links.to("student", "Back to the student", student=str(student.id), module=str(one.module.id))
    heading(f"{namesakes.label(student.id, student.name)}: {one.module.name}", 2)
    name_tab("Edit one", student.name)
    form.draw(student, one, form_draft.class_of(student.id, one, current_class.last_shown()))
    heading("Lock this", 2)
    lock_form.draw(student.id, one)


def _pick_student() -> Student | None:
    """The URL's student; else a class and one of its students to choose from."""
    asked = links.named_in_address("student")
    student = reads.ask(students.student, asked) if asked else None
    if "student" in st.query_params and student is None:
        notice("This student was not found among yours. Choose another.")
    if student is not None:
        return student
    classes = reads.ask(overview.options, None).classes
    if not classes:
        paragraph("There are no classes yet.")
        return None
    if "edit_class" not in st.session_state and current_class.last_shown() in classes:
        st.session_state["edit_class"] = current_class.last_shown()
    class_id = st.selectbox(
        "Class", list(classes), format_func=lambda key: classes[key], key="edit_class", width=420
    )
    current_class.remember(class_id)
    names = {one.id: one.name for one in reads.ask(students_of_class, class_id)}
    beside = namesakes.beside(names)
    st.selectbox(
        "Student",
        list(names),
        index=None,
        format_func=lambda one: labelled(names[one], beside.get(one)),
        key="edit_student",
        on_change=_choose,
        args=("student", "edit_student"),
        placeholder="Choose a student",
        width=420,
    )
    return None


def _pick_module(student: Student) -> StudentModule | None:
    modules = {one.module.id: one for one in reads.ask(student_modules, student.id)}
    asked = links.named_in_address("module")
    st.session_state["edit_module"] = asked if asked in modules else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            f"Module of {markdown_safe(student.name)}",
            list(modules),
            index=None,
            format_func=lambda key: modules[key].module.name,
            key="edit_module",
            on_change=_choose,
            args=("module", "edit_module"),
            placeholder="Choose a module",
            width=420,
        )
        st.button("Another student", key="another_student", on_click=st.query_params.clear)
    return modules.get(asked) if asked else None


def _choose(name: str, key: str) -> None:
    if st.session_state[key] is not None:
        st.query_params[name] = str(st.session_state[key])


draw()
