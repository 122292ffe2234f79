"""Choosing students by pasting names, e-mails or ids, with a question for whoever was not recognised."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components.text import alert, count, markdown_safe, paragraph
from data.files.importing.people import recognise_people
from data.files.importing.roster import KnownStudent, Roster
from data.i18n.formats import few, quoted
from data.reading.students.namesakes import Named, apart, labelled

FIELD: Final = "paste_people"
MOST_QUESTIONS: Final = 10
"""Each is a widget; whoever has more to answer puts the list right first."""

Doubtful = Sequence[tuple[str, Sequence[KnownStudent]]]


def draw(roster: Roster) -> tuple[UUID, ...]:
    """The field, who was recognised, and the questions; returns those meant, nobody twice."""
    text = st.text_area(
        "Names, e-mails or ids",
        key=FIELD,
        height=140,
        placeholder="One per line, or separated by commas",
        persist_state="page",
    )
    if not text.strip():
        paragraph("Paste a list from a message or a spreadsheet.", quiet=True)
        return ()
    found = recognise_people(text, roster)
    wanted = len(found.found) + len(found.unknown) + len(found.ambiguous)
    place = st.container()
    meant = [*found.found, *_ask(found.unknown, "is not in this class. Who is meant?")]
    meant += _ask(found.ambiguous, "is the name of several students. Who is meant?")
    with place:
        paragraph(f"{len(set(meant)):,} of {count(wanted, 'person', 'people')} recognised.")
    return tuple(dict.fromkeys(meant))


def _ask(doubtful: Doubtful, question: str) -> list[UUID]:
    """A choice for everybody who may be one of a few; the others are only named."""
    asked = [(written, likely) for written, likely in doubtful if likely]
    chosen: list[UUID] = []
    for written, likely in asked[:MOST_QUESTIONS]:
        beside = apart(Named(one.id, one.name, one.email) for one in likely)
        names = {one.id: labelled(one.name, one.email or beside.get(one.id)) for one in likely}
        one = st.selectbox(
            f"“{markdown_safe(written[:80])}” {question}",
            list(names),
            index=None,
            format_func=names.__getitem__,
            key=f"paste_meant_{written[:200]}",
            placeholder="Leave out, or choose",
            width=520,
            persist_state="page",
        )
        chosen += [one] if one is not None else []
    left = [written for written, likely in doubtful if not likely]
    left += [written for written, _ in asked[MOST_QUESTIONS:]]
    if left:
        alert(f"Not in this class: {few(quoted(one[:80] for one in left), 20)}.", field=FIELD)
    return chosen
