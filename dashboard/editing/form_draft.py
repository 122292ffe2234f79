"""What is typed into a form and not saved: kept at every change in the draft of its class, as the table does.
Each finds there what was typed in the other."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import zone
from dashboard.components.text import alert, paragraph
from dashboard.editing.form_state import FORM, EditForm, begin, forget
from data.access.errors import DataError
from data.reading import drafts
from data.reading.drafts import Draft, Unread
from data.reading.students.students import StudentModule
from data.rules.progress import Edit, Field, Key, Problem, Values, check
from data.writing.drafts import save_draft

AWAY: Final = Problem(
    None,
    "away",
    "Your draft could not be stored yet. It is only on this page: do not close it.",
)


def class_of(student_id: UUID, one: StudentModule, shown: UUID | None) -> UUID | None:
    """The class in whose draft a form is kept that no class was opened for: the one that holds it already, else
    the one `shown` last, else the student's first that has the module; None where none has."""
    classes = sorted(one.class_ids, key=lambda each: each != shown)
    key = student_id, one.module.id
    held = (each for each in classes if _left(reads.ask(drafts.draft, each), key))
    return next(held, classes[0] if classes else None)


def opened(student_id: UUID, one: StudentModule, class_id: UUID | None) -> EditForm:
    """The form over what the row holds, or as it was left: then over what was seen then."""
    form = begin(student_id, one)
    form.class_id = class_id
    left = class_id and _left(reads.ask(drafts.draft, class_id), (student_id, one.module.id))
    return form.left_with(*left) if left else form


def draw(form: EditForm) -> None:
    """That it is kept, or why not, and the way to be rid of it."""
    if form.draft_problem is not None:
        alert(form.draft_problem.message)
    if not form.is_draft:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        paragraph("Not saved yet: kept as a draft.", quiet=True, fit=True)
        st.button("Discard draft", key=form.key("discard"), on_click=_discard, args=(form,))


def _discard(form: EditForm) -> None:
    drop(form)
    reads.forget()
    forget()


def keep(form: EditForm) -> None:
    """Keep what is typed; nothing, where nothing is."""
    # A value and the click that saved it may come in one run, in any order.
    is_open = st.session_state.get(FORM) is form
    typed = form.typed()
    if form.class_id is None or not is_open or not (typed or form.is_draft):
        return
    values, _ = check(typed, reads.visit().now, zone())
    refused = {name: str(typed[name]) for name in typed if name not in values}
    key = form.student_id, form.module_id
    edits = [Edit(*key, values, form.seen)] if values else []
    unread = [Unread(*key, refused, form.seen)] if refused else []
    form.draft_problem = _save(form.class_id, edits, unread, key)
    if form.draft_problem is None:
        form.is_draft = bool(typed)


def keep_open() -> None:
    """Keep what is typed in the form that is open. Where it closes: that run may have overtaken the one that
    is just keeping it, and would not see it."""
    form = st.session_state.get(FORM)
    if isinstance(form, EditForm):
        keep(form)


def drop(form: EditForm) -> None:
    """It was saved, or is not wanted any more."""
    if form.class_id is not None and form.is_draft:
        form.draft_problem = _save(form.class_id, [], [], (form.student_id, form.module_id))
        form.is_draft = False


def _save(class_id: UUID, edits: list[Edit], unread: list[Unread], key: Key) -> Problem | None:
    try:
        return save_draft(reads.visit().actor, class_id, edits, unread, replacing=[key])
    except DataError:
        return AWAY


def _left(draft: Draft, key: Key) -> tuple[Values, Values, Mapping[Field, str]] | None:
    """What was seen, what was read of what was typed, and what could not be read."""
    edit = next((one for one in draft.edits if (one.student_id, one.module_id) == key), None)
    text = next((one for one in draft.unread if (one.student_id, one.module_id) == key), None)
    found = edit or text
    if found is None:
        return None
    return found.seen, edit.changes if edit else {}, text.typed if text else {}
