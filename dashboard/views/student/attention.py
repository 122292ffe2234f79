"""Responding to what is flagged of a student, and what staff responded, with the way to take that back."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID, uuid5

import streamlit as st

from dashboard import reads
from dashboard.components.formats import minute, zone
from dashboard.components.table import Cell, Column, table
from dashboard.components.text import paragraph
from dashboard.views.student import response_form
from dashboard.views.student.response_form import Key
from dashboard.web import wire
from data.i18n.formats import unlike
from data.reading.flag_responses import GivenResponse, flag_responses
from data.reading.students.page import StudentPage
from data.rules.attention import RULES_BY_KEY
from data.writing.flag_responses import RESPONSES, TAKEN_BACK, FlagResponse

FORM: Final = "asks_response"
BACK: Final = "responses_back"
LEFT: Final = "a class they have left"

COLUMNS: Final = (
    "What was flagged",
    "Class",
    "Response",
    "By",
    Column("On", "date"),
    "Note",
    "Now",
)


def counted(page: StudentPage) -> int:
    """How many flags there are."""
    return len(page.flagged.flags)


def draw(page: StudentPage) -> None:
    """The form, and what was responded."""
    given = {(one.class_id, one.rule): one for one in reads.ask(flag_responses, page.student.id)}
    response_form.look_again(page.student.id, {one.id for one in given.values()})
    draft, may_write = response_form.draft_of(page.student.id), reads.visit().actor.may_write
    names = dict(zip(page.student.class_ids, page.student.classes, strict=True))
    flags = {(one.class_id, one.rule): one for one in page.flagged.flags}
    paragraph(
        "What staff respond is for everybody who works with the class: a reason that was responded to is not "
        "listed until it changes (seen), for 14 days (contacted), or for good (not a concern).",
        quiet=True,
    )
    if may_write:
        with st.container(key=FORM, width=640):
            response_form.draw(draft, page.student.id, flags, _labels(flags, names))
        if flags and draft.text.strip():
            wire.ask_before_leaving()
    if not given:
        paragraph("Nobody has responded to anything yet.", quiet=True)
        return
    if may_write:
        _draw_taking_back(page.student.id, given, _labels(given, names))
    table(
        key="responses",
        caption="What staff responded",
        columns=COLUMNS,
        rows=[_row(one, key in flags, names) for key, one in given.items()],
    )


def _labels(keys: Mapping[Key, object], names: Mapping[UUID, str]) -> dict[Key, str]:
    """The class is said where two are of one rule."""
    titles = {key: _title(key[1]) for key in keys}
    return unlike(titles, {key: names.get(key[0], LEFT) for key in keys})


def _title(rule: str) -> str:
    known = RULES_BY_KEY.get(rule)
    return known.title if known else "A rule that is no longer there"


def _draw_taking_back(
    student_id: UUID, given: Mapping[Key, GivenResponse], labels: Mapping[Key, str]
) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Responses to take back",
            [*given],
            format_func=lambda key: labels.get(key, str(key)),
            key=BACK,
            placeholder="Choose responses",
        )
        st.button(
            "Take back",
            key="responses_take_back",
            disabled=not chosen,
            on_click=_take_back,
            args=(student_id, given),
        )


def _row(one: GivenResponse, is_flagged: bool, names: Mapping[UUID, str]) -> list[Cell]:
    return [
        _title(one.rule),
        names.get(one.class_id, LEFT),
        RESPONSES.get(one.response, one.response),
        one.author or "A colleague",
        minute(one.at, zone()),
        one.text,
        "flagged again" if is_flagged else "not listed",
    ]


def _take_back(student_id: UUID, given: Mapping[Key, GivenResponse]) -> None:
    """Told twice, it is the same."""
    draft, me = response_form.draft_of(student_id), reads.visit().actor.id
    for key in st.session_state[BACK]:
        back = FlagResponse(key[0], student_id, key[1], TAKEN_BACK)
        draft.write(back, None, uuid5(given[key].id, f"{TAKEN_BACK} {me}"))
        if draft.problem is not None:
            return
    st.session_state[BACK] = []
    draft.done = "Taken back."
