"""Notes on a student: writing one, and what was written, with every earlier version."""

from datetime import tzinfo
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components.formats import minute, zone
from dashboard.editing.latest_notes import kind_of
from dashboard.views.student import note_form, note_list
from dashboard.views.student.note_list import EarlierVersion, ListedNote
from dashboard.web import wire
from data.access.session import Actor
from data.reading import notes
from data.reading.notes import Note, Version
from data.reading.students.page import StudentPage

FORM: Final = "asks_note"
"""Its container; the wire asks before a page is left where something is typed in one called so."""


def counted(page: StudentPage) -> int:
    """How many stand."""
    return page.note_count


def draw(page: StudentPage) -> None:
    """The form and the list."""
    drafts = note_form.drafts_of(page.student)
    found = {one.id: one for one in reads.ask(notes.notes, page.student.id)}
    correcting = drafts.correction and drafts.correction.corrects
    note_form.look_again(drafts, found.get(correcting.id) if correcting else None)
    actor, here = reads.visit().actor, zone()
    if actor.may_write:
        with st.container(key=FORM, width=640):
            note_form.draw(drafts)
    note_list.draw(
        [_entry(one, actor, here) for one in found.values()],
        empty="Nobody has written anything about this student yet.",
        correcting=correcting.id if correcting else None,
        on_correct=lambda note: note_form.begin_correction(drafts, found[note]),
        on_withdraw=lambda note: note_form.withdraw(drafts, found[note]),
    )
    if drafts.is_typed:
        wire.ask_before_leaving()


def _entry(one: Note, actor: Actor, here: tzinfo) -> ListedNote:
    by = f"{one.author or 'A colleague'}, {minute(one.versions[0].written_at, here)}"
    earlier = [*one.earlier, one.current] if one.withdrawn_at else one.earlier
    return ListedNote(
        one.id,
        kind_of(one.current),
        by,
        None if one.withdrawn_at else one.current.text,
        _aside(one, here),
        tuple(EarlierVersion(_when(each, here), each.text) for each in reversed(earlier)),
        one.author_id == actor.id and actor.may_write and one.withdrawn_at is None,
    )


def _aside(one: Note, here: tzinfo) -> str | None:
    if one.withdrawn_at is not None:
        return f"Withdrawn by its author on {minute(one.withdrawn_at, here)}."
    return f"Corrected on {minute(one.current.written_at, here)}." if one.earlier else None


def _when(version: Version, here: tzinfo) -> str:
    return f"{kind_of(version)}, written {minute(version.written_at, here)}"
