"""Findings that somebody dismissed, and the way to list them again."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import minute, zone
from dashboard.components.table import Cell, Column, Link, table
from dashboard.components.text import count, heading, paragraph
from dashboard.editing.change_table import GONE_MODULE, GONE_STUDENT
from dashboard.editing.preview_tables import paged
from dashboard.reads import namesakes
from dashboard.views.check import state
from data.i18n.formats import unlike
from data.reading.data_check.found import Dismissal, dismissals
from data.reading.data_check.rules import RULES_BY_KEY
from data.writing.dismissals import withdraw_dismissals

AGAIN: Final = "check_again"
A_PAGE: Final = 50

COLUMNS: Final = ("Student", "Module", "What was found", "Left by", Column("On", "date"), "Reason")


def draw() -> None:
    """The list, latest first; nothing where nothing was left."""
    left = reads.ask(dismissals)
    if not left:
        return
    heading("Left as they are", 2)
    rows = count(len(left), "row was left as it is", "rows were left as they are")
    paragraph(f"{rows}. A row that changes later is listed again.", quiet=True)
    page = paged(left, "check_left", A_PAGE)
    students = namesakes.labels((one.student_id, one.student_name) for one in page)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        labels = unlike(
            {
                one: f"{_student(one, students)}: {_module(one)}, {_kind(one).lower()}"
                for one in page
            }
        )
        chosen = st.multiselect(
            "Rows to check again",
            page,
            format_func=lambda one: labels.get(one, str(one)),
            key=AGAIN,
            placeholder="Choose rows",
        )
        st.button("Check again", key="check_judge", disabled=not chosen, on_click=_judge)
    table(
        key="check_left_rows",
        caption="Left as they are",
        columns=COLUMNS,
        rows=[_row(one, _student(one, students)) for one in page],
    )


def _row(one: Dismissal, student: str) -> list[Cell]:
    return [
        Link(student, "student", {"student": str(one.student_id)}),
        _module(one),
        _kind(one),
        one.author,
        minute(one.at, zone()),
        one.reason,
    ]


def _student(one: Dismissal, students: Mapping[UUID, str]) -> str:
    return students.get(one.student_id, GONE_STUDENT)


def _module(one: Dismissal) -> str:
    return one.module_name or GONE_MODULE


def _kind(one: Dismissal) -> str:
    rule = RULES_BY_KEY.get(one.rule)
    return rule.title if rule else "A kind that is no longer checked"


def _judge() -> None:
    chosen: list[Dismissal] = st.session_state[AGAIN]
    actor = reads.visit().actor
    for key in {one.rule for one in chosen}:
        withdraw_dismissals(
            actor, key, [(one.student_id, one.module_id) for one in chosen if one.rule == key]
        )
    st.session_state[AGAIN] = []
    reads.forget()
    state.forget(f"{count(len(chosen), 'row is', 'rows are')} checked again.")
