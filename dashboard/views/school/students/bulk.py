"""Several students at once: into a class, out of one, left, back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.text import count
from dashboard.views.school import choosing
from data.i18n.formats import unlike
from data.roster.changes import RosterChange
from data.roster.reading.classes import ClassEntry
from data.roster.reading.students import StudentEntry
from data.roster.students import back, left, no_longer_counted, placed

NAME: Final = "students"

ACTIONS: Final = {
    "into": "Put into a class",
    "move": "Move into a class, out of all others",
    "out": "Take out of a class",
    "left": "Left the school",
    "back": "Are here again",
}


def draw(students: Sequence[StudentEntry], classes: Sequence[ClassEntry]) -> None:
    """What can be done with those that are ticked, and the way to its preview."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        action = st.selectbox(
            f"With {count(len(students), 'student', 'students')}",
            list(ACTIONS),
            format_func=ACTIONS.__getitem__,
            width=300,
            **choosing.kept("students_action"),
        )
        if action in ("into", "move", "out"):
            homes = {one.id: one.organisation for one in classes}
            labels = unlike({one.id: one.label for one in classes}, homes)
            st.selectbox(
                "Class",
                list(labels),
                format_func=lambda one: labels.get(one, ""),
                width=240,
                **choosing.kept("students_class"),
            )
        elif action == "left":
            st.date_input(
                "Last day", "today", format="YYYY-MM-DD", width=160, **choosing.kept("students_day")
            )
        ways = students, classes
        st.button("Preview", key="roster_bulk", type="primary", on_click=_begin, args=ways)


def _begin(students: Sequence[StudentEntry], classes: Sequence[ClassEntry]) -> None:
    action = choosing.said("students_action", "into")
    class_id = choosing.said("students_class")
    on = choosing.said("students_day") or reads.visit().now.date()
    changes = [change for one in students for change in _changes(one, action, class_id, on)]
    choosing.preview(NAME, changes, progress_notes(changes, students, classes))


def _changes(
    one: StudentEntry, action: str, class_id: UUID | None, on: date
) -> Sequence[RosterChange]:
    if action == "left":
        return left(one, on)
    if action == "back":
        return back(one)
    if class_id is None:
        return ()
    classes: Mapping[str, set[UUID]] = {
        "into": {*one.class_ids, class_id},
        "move": {class_id},
        "out": {*one.class_ids} - {class_id},
    }
    return placed(one, classes[action])


def progress_notes(
    changes: Sequence[RosterChange], students: Sequence[StudentEntry], classes: Sequence[ClassEntry]
) -> list[str]:
    """What becomes of the progress of who leaves a class."""
    if not any((one.relation, one.operation) == ("class_student", "delete") for one in changes):
        return []
    stays = "Nobody's progress changes: it goes along with the student."
    lost = no_longer_counted(changes, students, classes)
    if not lost:
        return [stays]
    are = count(
        lost, "module of the classes they leave is", "modules of the classes they leave are"
    )
    return [
        f"{stays} {are} in none of their classes then: shown with the student, counted in no class."
    ]
