"""What is typed about a student and not saved yet: kept through refusals, outages and other pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID, uuid4, uuid5

import streamlit as st

from dashboard import reads
from dashboard.components.empty_and_error import tried
from dashboard.components.formats import minute, zone
from dashboard.components.text import alert, notice
from data.reading.notes import Note
from data.reading.students.students import Student
from data.rules.progress import Problem
from data.writing import notes
from data.writing.notes import CHANNELS, Content

DRAFTS: Final = "note_drafts"
NOTE: Final = "note"
KINDS: Final = {NOTE: "Note", **CHANNELS}

REFUSED: Final = dict.fromkeys(("empty", "too_long", "unseen", "unreadable"), "text") | {
    "day": "day",
    "kind": "kind",
}
"""By a problem's code the field that it is about; others are about no field."""

BEGUN: Final = Problem(None, "begun", "You began another correction. Save or cancel it first.")


def _token() -> str:
    return uuid4().hex[:8]


@dataclass
class NoteDraft:
    """A note, or a correction of one, as far as it is typed. `key` is what is written under: a retry meets it.

    `token` is in its widgets' keys, and stays while they are on the page.
    """

    corrects: Note | None = None
    kind: str = NOTE
    day: date | None = None
    text: str = ""
    problem: Problem | None = None
    key: UUID = field(default_factory=uuid4)
    token: str = field(default_factory=_token)

    def widget(self, name: str) -> str:
        """A widget's key."""
        return f"note_{name}_{self.token}"

    @property
    def is_typed(self) -> bool:
        """Is there something in it that would be lost?"""
        if self.corrects is None:
            return bool(self.text.strip())
        current = self.corrects.current
        return (self.text, self.kind) != (current.text, current.channel or NOTE)


@dataclass
class NoteDrafts:
    """What is begun about one student: a new note, perhaps a correction, and what was just done."""

    student: Student
    new: NoteDraft = field(default_factory=NoteDraft)
    correction: NoteDraft | None = None
    done: str | None = None
    problem: Problem | None = None

    @property
    def form(self) -> NoteDraft:
        """The one that is on the page."""
        return self.correction or self.new

    @property
    def is_typed(self) -> bool:
        """Is there something in any of them that would be lost?"""
        return self.form.is_typed or self.new.is_typed


def all_drafts() -> dict[UUID, NoteDrafts]:
    """Every student that this person began something about in this session: whoever signs in after them sees
    nothing of it."""
    everybodys: dict[UUID, dict[UUID, NoteDrafts]] = st.session_state.setdefault(DRAFTS, {})
    return everybodys.setdefault(reads.visit().actor.id, {})


def drafts_of(student: Student) -> NoteDrafts:
    """This student's drafts."""
    return all_drafts().setdefault(student.id, NoteDrafts(student))


def draw(drafts: NoteDrafts) -> None:
    """The form, what was just done, and what stood in the way."""
    form = drafts.form
    if drafts.done is not None:
        notice(drafts.done)
    _have_widgets(form)
    _draw_what(form)
    corrected = form.corrects
    st.text_area(
        "New note" if corrected is None else f"Your {called(corrected)}, corrected",
        # At each run what is typed by now: a browser that drew the page anew begins with it.
        form.text,
        key=form.widget("text"),
        height=120,
        placeholder="Plain text. Colleagues who see this student can read it; the student cannot.",
        on_change=_typed,
        args=(form,),
    )
    for problem in (form.problem, drafts.problem):
        if problem is not None:
            about = REFUSED.get(problem.code)
            alert(problem.message, field=about and form.widget(about))
    with st.container(horizontal=True):
        label = "Save note" if corrected is None else "Save correction"
        st.button(
            label, key=form.widget("save"), type="primary", on_click=_save, args=(drafts, form)
        )
        if corrected is not None:
            st.button("Cancel", key=form.widget("cancel"), on_click=_put_away, args=(drafts,))


def called(note: Note) -> str:
    """'note of 12 Nov 2026, 14:05'."""
    return f"note of {minute(note.versions[0].written_at, zone())}"


def _have_widgets(form: NoteDraft) -> None:
    """Widgets that were not on the page for a while have forgotten what they held: others take their place."""
    if form.widget("text") not in st.session_state:
        form.token = _token()


def _draw_what(form: NoteDraft) -> None:
    with st.container(horizontal=True):
        st.selectbox(
            "What it is",
            list(KINDS),
            list(KINDS).index(form.kind),
            format_func=KINDS.__getitem__,
            key=form.widget("kind"),
            on_change=_typed,
            args=(form,),
            width=180,
        )
        if form.kind != NOTE:
            form.day = day_field(form.day, form.widget("day"), lambda: _typed(form))


def day_field(day: date | None, key: str, typed: Callable[[], None]) -> date:
    """Ask on which day somebody was contacted; what it is filled with, today where no day was chosen."""
    today = reads.visit().now.astimezone(zone()).date()
    st.date_input(
        "On which day",
        day or today,
        min_value=date(1900, 1, 1),
        max_value=today,
        format="YYYY-MM-DD",
        key=key,
        on_change=typed,
        width=180,
    )
    return day or today


def _typed(form: NoteDraft) -> None:
    """Take what the widgets hold, where they are on the page."""
    widgets = st.session_state
    form.kind = widgets.get(form.widget("kind"), form.kind)
    form.day = widgets.get(form.widget("day"), form.day)
    form.text = widgets.get(form.widget("text"), form.text)


def _save(drafts: NoteDrafts, form: NoteDraft) -> None:
    """Write what is typed. A second click on the same button finds another form open, and does nothing."""
    if form is not drafts.form:
        return
    _typed(form)
    drafts.done = drafts.problem = None
    form.problem = tried(lambda: _write(drafts, form))
    if form.problem is None:
        was_correction = form.corrects is not None
        _put_away(drafts)
        drafts.done = "The correction is saved." if was_correction else "The note is saved."
    elif form.problem is notes.ALREADY:
        form.key = uuid4()


def _write(drafts: NoteDrafts, form: NoteDraft) -> Problem | None:
    actor = reads.visit().actor
    is_contact = form.kind != NOTE
    content = Content(
        form.text, form.kind if is_contact else None, form.day if is_contact else None
    )
    if form.corrects is None:
        return notes.write(actor, drafts.student.id, content, key=form.key)
    return notes.correct(actor, form.corrects, content, key=form.key)


def begin_correction(drafts: NoteDrafts, note: Note) -> None:
    """Open the form for this note; what is typed of a new one waits, and of another correction stays."""
    if drafts.correction is not None and drafts.correction.is_typed:
        drafts.problem = BEGUN
        return
    current = note.current
    kind = current.channel or NOTE
    drafts.correction = NoteDraft(note, kind, current.happened_on, current.text)
    drafts.done = drafts.problem = None


def withdraw(drafts: NoteDrafts, note: Note) -> None:
    """Withdraw it. Told twice, it is the same withdrawal."""
    key = uuid5(note.current.id, "withdrawn")
    drafts.done = None
    drafts.problem = tried(lambda: notes.withdraw(reads.visit().actor, note, key=key))
    if drafts.problem is None:
        drafts.done = "The note is withdrawn."


def look_again(drafts: NoteDrafts, latest: Note | None) -> None:
    """After a correction that came too late: the next attempt corrects what the page shows now."""
    form = drafts.correction
    if form is None or form.problem is not notes.MOVED or latest is None:
        return
    if latest.withdrawn_at is None:
        form.corrects, form.key = latest, uuid4()


def _put_away(drafts: NoteDrafts) -> None:
    if drafts.correction is None:
        drafts.new = NoteDraft()
    drafts.correction = drafts.done = drafts.problem = None
