"""Set the same for many students at once."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import address, empty_and_error, links, selection
from dashboard.components.text import alert, count, name_tab, opening, paragraph
from dashboard.editing import preview
from dashboard.editing.preview import Proposal
from dashboard.reads import carried, fresh, roster
from dashboard.views.bulk import target
from dashboard.views.bulk import values as bulk_values
from data.access.errors import DataError
from data.files.importing.stored import current_values
from data.reading.catalogue import Module
from data.reading.classes.page import ClassPage, class_page
from data.rules import bulk
from data.rules.progress import Values

NAME: Final = "bulk"
ASKED: Final = "bulk_asked"


def draw() -> None:
    """The page: who, which modules, what to set; then the preview of exactly that."""
    asked, unread = address.filters()
    page = reads.ask(class_page, asked)
    if page.matrix is None:
        empty_and_error.draw_no_classes("Edit many")
        return
    carried.remember(page.chosen["class"])
    name = page.options.classes[page.chosen["class"]]
    opening("Edit many", f"Set values for many students in {name}.")
    name_tab("Edit many", name)
    links.to("classroom", "Back to the class", **carried.address_of("classroom"))
    links.draw_ignored([*unread, *page.left_out], name)
    if preview.is_open(NAME):
        if preview.draw(NAME) is None:
            return
        selection.done()
    _draw_form(page)


def _draw_form(page: ClassPage) -> None:
    asked = bool(st.session_state.pop(ASKED, False))
    # A place of their own: who is meant may take questions, and the values' fields stay where they are.
    with st.container():
        chosen = target.draw(page)
    students, modules = chosen.students, chosen.modules
    values = bulk_values.draw(show_problems=asked)
    only_where_empty = st.toggle(
        "Only where nothing is recorded yet",
        key="bulk_only_empty",
        help="A value is set only where there is none; a status only where the module is not started.",
        persist_state="page",
    )
    rows = len(students) * len(modules)
    paragraph(
        f"{count(len(students), 'student', 'students')} × "
        f"{count(len(modules), 'module', 'modules')}: {count(rows, 'row', 'rows')}."
    )
    if asked and rows > bulk.MOST_ROWS:
        many = f"These are too many: at most {bulk.MOST_ROWS:,} rows at once. Choose fewer."
        alert(many, field=chosen.students_field)
    elif asked and not rows:
        if not students:
            alert("Choose at least one student.", field=chosen.students_field)
        if not modules:
            alert("Choose at least one module.", field=chosen.modules_field)
    elif asked and values is not None:
        _begin(page, students, modules, values, only_where_empty)
    st.button("Preview", key="bulk_preview", type="primary", on_click=_ask)


def _ask() -> None:
    st.session_state[ASKED] = True


def _begin(
    page: ClassPage,
    students: Sequence[UUID],
    modules: Sequence[Module],
    values: Values,
    only_where_empty: bool,
) -> None:
    names = {one.id: one.name for one in roster.roster(page.chosen["class"]).students}
    by_id: Mapping[UUID, Module] = {module.id: module for module in modules}
    keys = [(student, module) for student in students if student in names for module in by_id]
    try:
        current = fresh.ask(current_values, keys)
    except DataError as error:
        alert(str(error))
        return
    stored = {key: current[key].values for key in keys}
    proposals = [
        Proposal(
            edit,
            names[edit.student_id],
            by_id[edit.module_id].name,
            by_id[edit.module_id].type,
        )
        for edit in bulk.edits(stored, values, only_where_empty=only_where_empty)
    ]
    preview.begin(NAME, proposals, source="bulk")
    st.rerun()


draw()
