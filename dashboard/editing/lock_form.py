"""Keep this: a correction made to stand against the platform, and let go again. Never by itself."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.components.empty_and_error import is_read_later, tried
from dashboard.components.formats import zone
from dashboard.components.text import alert, notice, paragraph
from dashboard.editing import locks
from dashboard.editing.change_table import names, shown
from data.reading.locks import Lock, locked_with
from data.reading.students.students import StudentModule
from data.rules.progress import Field, Problem, Values
from data.rules.reasons import LONGEST_REASON
from data.writing.locks import lock, unlock

FORM: Final = "lock_form"
LOCKED: Final = "Locked. The platform cannot change it until somebody unlocks it."
LOCKED_HERE: Final = (
    "Locked: whoever edits it here is told so. The platform can change it all the same."
)
"""What a lock does where no trigger guards it."""
JUST_CHANGED: Final = "lock_just_changed"


@dataclass
class LockForm:
    """One opening of the controls. `token` is in its widgets' keys: another opening has other widgets."""

    student_id: UUID
    module_id: UUID
    is_choosing: bool = False
    problem: Problem | None = None
    done: str | None = None
    token: str = field(default_factory=lambda: uuid4().hex[:8])

    def key(self, name: str) -> str:
        """A widget's key."""
        return f"lock_{name}_{self.token}"

    @property
    def refused(self) -> str | None:
        """The key of the widget that the problem is about."""
        why = "why" if self.is_choosing else "why_unlock"
        names = {"reason": why, "fields": "fields"}
        found = names.get(self.problem.code) if self.problem else None
        return found and self.key(found)


def was_just_changed() -> bool:
    """Did the run's click lock or unlock something? True once: the page around shows the mark, or none."""
    return bool(st.session_state.pop(JUST_CHANGED, False))


def forget() -> None:
    """Another opening begins with nothing chosen and nothing told."""
    st.session_state.pop(FORM, None)


def draw(student_id: UUID, one: StudentModule) -> None:
    """What is locked here now, and the way to lock or unlock. For editors."""
    form = _form(student_id, one.module.id)
    current = locks.current(student_id, one.module.id)
    if form.done is not None:
        notice(form.done)
    if form.problem is not None:
        alert(form.problem.message, field=form.refused)
    if current is not None:
        locks.draw(current, zone())
    elif form.done is None:
        paragraph("Nothing is locked here: the platform may compute other values at any time.")
    if form.is_choosing:
        _draw_choice(form, one)
    elif not one.has_row and current is None:
        paragraph("Nothing was recorded here yet. Save a correction first, then lock it.")
    else:
        _draw_ways(form, one, current)


def _form(student_id: UUID, module_id: UUID) -> LockForm:
    form = st.session_state.get(FORM)
    if isinstance(form, LockForm) and (form.student_id, form.module_id) == (student_id, module_id):
        return form
    form = LockForm(student_id, module_id)
    st.session_state[FORM] = form
    return form


def _draw_ways(form: LockForm, one: StudentModule, current: Lock | None) -> None:
    if current is not None:
        st.text_input(
            "Reason for unlocking",
            key=form.key("why_unlock"),
            max_chars=LONGEST_REASON,
            placeholder="Optional",
        )
        st.button("Unlock", key=form.key("unlock"), on_click=_unlock, args=(form,))
    if one.has_row and (current is None or len(current.values) < len(Field)):
        label = "Lock a value here" if current is None else "Lock more"
        st.button(label, key=form.key("choose"), on_click=_choose, args=(form,))


def _draw_choice(form: LockForm, one: StudentModule) -> None:
    seen = one.values
    chosen = st.pills(
        "Values to lock" if is_read_later() else "Values that the platform may not change",
        list(Field),
        selection_mode="multi",
        format_func=lambda name: f"{name.label}: {shown(name, seen[name], zone())}",
        key=form.key("fields"),
    )
    along = set(reads.ask(locked_with, tuple(chosen), one.status, one.module.type)) - set(chosen)
    if along:
        paragraph(f"Locked with it, because they belong together: {names(along)}.", quiet=True)
    st.text_input(
        "Reason for locking",
        key=form.key("why"),
        max_chars=LONGEST_REASON,
        placeholder="Everybody who sees the value can read it (required)",
    )
    with st.container(horizontal=True):
        st.button("Lock this", key=form.key("lock"), on_click=_lock, args=(form, seen))
        st.button("Cancel", key=form.key("cancel"), on_click=_begin_anew, args=(form,))


def _choose(form: LockForm) -> None:
    form.is_choosing, form.problem, form.done = True, None, None


def _lock(form: LockForm, seen: Values) -> None:
    """Lock what the person looked at: `seen` are the values of the run that drew the button."""
    fields = st.session_state.get(form.key("fields")) or []
    why = st.session_state.get(form.key("why"), "")
    actor = reads.visit().actor
    form.problem = tried(lambda: lock(actor, form.student_id, form.module_id, fields, why, seen))
    if form.problem is None:
        _begin_anew(form, LOCKED_HERE if is_read_later() else LOCKED)
    _look_again(form)


def _unlock(form: LockForm) -> None:
    why = st.session_state.get(form.key("why_unlock"))
    actor = reads.visit().actor
    form.problem = tried(lambda: unlock(actor, form.student_id, form.module_id, why))
    if form.problem is None:
        _begin_anew(form, "Unlocked. It stays as it is until the platform computes it anew.")
    _look_again(form)


def _begin_anew(form: LockForm, done: str | None = None) -> None:
    st.session_state[FORM] = LockForm(form.student_id, form.module_id, done=done)


def _look_again(form: LockForm) -> None:
    """What was read before is old now: after a change, and where somebody else's came in between."""
    if form.problem is not None and form.problem.code == "away":
        return
    reads.forget()
    if form.problem is None or form.problem.code in ("moved", "not_locked"):
        st.session_state[JUST_CHANGED] = True
