"""Several classes at once: given modules, into the next year, archived, in use again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.text import count
from dashboard.views.school import choosing
from data.i18n.formats import unlike
from data.roster.classes import archived, corrected, following, next_year
from data.roster.reading.classes import ClassEntry
from data.roster.reading.modules import module_entries
from data.rules.details import type_label
from data.rules.roster import tidy

NAME: Final = "classes"

ACTIONS: Final = {
    "next": "Copy into the next school year",
    "modules": "Give them modules",
    "archive": "Archive",
    "use": "Put in use again",
}

NEXT: Final = (
    "The new classes have the same names, teachers and modules. Where a class moves up, change its name "
    "afterwards in its form."
)
NO_YEAR: Final = "Say which school year comes next: another than the classes have."
ARCHIVED: Final = (
    "Archived classes are out of the lists and counts. They are found and read as before, and nothing of "
    "their students' progress changes."
)


def draw(classes: Sequence[ClassEntry]) -> None:
    """What can be done with those that are ticked, and the way to its preview."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        action = st.selectbox(
            f"With {count(len(classes), 'class', 'classes')}",
            list(ACTIONS),
            format_func=ACTIONS.__getitem__,
            width=300,
            **choosing.kept("classes_action"),
        )
        if action == "next":
            year = following(classes[0].school_year)
            st.text_input("School year", year, width=140, **choosing.kept("classes_year"))
            st.checkbox("With their students", **choosing.kept("classes_students"))
            st.checkbox("Archive the old ones", True, **choosing.kept("classes_archive"))
        elif action == "modules":
            offered = [one for one in reads.ask(module_entries) if not one.retired_at]
            types = {one.id: type_label(one.type) for one in offered}
            modules = unlike({one.id: one.name for one in offered}, types)
            st.multiselect(
                "Modules, after those that they have",
                list(modules),
                format_func=lambda one: modules.get(one, ""),
                width=420,
                **choosing.kept("classes_modules"),
            )
        st.button(
            "Preview", key="roster_class_bulk", type="primary", on_click=_begin, args=(classes,)
        )


def _begin(classes: Sequence[ClassEntry]) -> None:
    match choosing.said("classes_action", "next"):
        case "next":
            _begin_next_year(classes)
        case "modules":
            _begin_modules(classes)
        case action:
            _begin_archiving(classes, reads.visit().now if action == "archive" else None)


def _begin_modules(classes: Sequence[ClassEntry]) -> None:
    """In the order in which they were chosen; who has one already has it where it was."""
    chosen: Sequence[UUID] = choosing.said("classes_modules", ())
    changes = [
        change
        for one in classes
        for change in corrected(
            one, {}, one.teacher_ids, list(dict.fromkeys((*one.module_ids, *chosen)))
        )
    ]
    choosing.preview(NAME, changes)


def _begin_archiving(classes: Sequence[ClassEntry], at: datetime | None) -> None:
    changes = [change for one in classes for change in archived(one, at)]
    choosing.preview(NAME, changes, [ARCHIVED] if at else [])


def _begin_next_year(classes: Sequence[ClassEntry]) -> None:
    year = tidy(choosing.said("classes_year"))
    archive = reads.visit().now if choosing.said("classes_archive", True) else None
    with_students = bool(choosing.said("classes_students"))
    changes = [
        change
        for one in classes
        if year and year != one.school_year
        for change in next_year(one, one.name, year, with_students=with_students, archive=archive)
    ]
    choosing.preview(NAME, changes, [NEXT if changes else NO_YEAR])
