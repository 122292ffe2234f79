"""Correct one module of one student."""

from collections.abc import Mapping
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.text import heading, markdown_safe, name_tab, notice
from dashboard.editing import form, form_draft, lock_form
from dashboard.reads import carried, looks, namesakes
from data.access.errors import OWN_PROGRESS
from data.i18n.formats import unlike
from data.reading.classes import overview
from data.reading.students import students
from data.reading.students.namesakes import labelled
from data.reading.students.students import (
    Student,
    StudentModule,
    student_modules,
    students_of_class,
)
from data.rules.details import type_label


def draw() -> None:
    """The page: pick a student and a module, or arrive with both."""
    student = _asked_student()
    classes = {} if student is not None else reads.ask(overview.options, None).classes
    if student is None and not classes:
        empty_and_error.draw_no_classes("Edit one")
        return
    heading("Edit one")
    if student is None:
        _draw_choice(classes)
        return
    if not reads.visit().actor.may_correct(student.id):
        notice(OWN_PROGRESS.message)
        links.to("student", "Back to the student", student=str(student.id))
        return
    looks.record([student.id])
    one = _pick_module(student)
    if one is None:
        return
    links.to("student", "Back to the student", student=str(student.id), module=str(one.module.id))
    heading(f"{namesakes.label(student.id, student.name)}: {one.module.name}", 2)
    name_tab("Edit one", student.name)
    form.draw(student, one, form_draft.class_of(student.id, one, carried.last_shown()))
    heading("Lock this", 2)
    lock_form.draw(student.id, one)


def _asked_student() -> Student | None:
    asked = links.named_in_address("student")
    return reads.ask(students.student, asked) if asked else None


def _draw_choice(classes: Mapping[UUID, str]) -> None:
    """A class and one of its students to choose from."""
    if "student" in st.query_params:
        notice("This student was not found among yours. Choose another.")
    asked = links.named_in_address("class")
    st.session_state["edit_class"] = asked if asked in classes else next(iter(classes))
    class_id = st.selectbox(
        "Class",
        list(classes),
        format_func=lambda key: classes[key],
        key="edit_class",
        on_change=_choose,
        args=("class", "edit_class"),
        width=420,
    )
    carried.remember(class_id)
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


def _pick_module(student: Student) -> StudentModule | None:
    modules = {one.module.id: one for one in reads.ask(student_modules, student.id)}
    types = {key: type_label(one.module.type) for key, one in modules.items()}
    names = unlike({key: one.module.name for key, one in modules.items()}, types)
    asked = links.named_in_address("module")
    st.session_state["edit_module"] = asked if asked in modules else None
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            f"Module of {markdown_safe(student.name)}",
            list(modules),
            index=None,
            format_func=names.__getitem__,
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
