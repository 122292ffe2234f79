"""What is typed about a student and not saved yet: kept through refusals, outages and other pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID, uuid4, uuid5

import streamlit as st

from dashboard import reads
from dashboard.components.formats import minute, zone
from dashboard.components.text import alert, notice
from data.access.errors import DataError
from data.reading.notes import Note
from data.reading.students.students import Student
from data.rules.progress import Problem
from data.writing import notes
from data.writing.notes import CHANNELS, Content

DESKS: Final = "note_desks"
NOTE: Final = "note"
KINDS: Final = {NOTE: "Note", **CHANNELS}

BEGUN: Final = Problem(None, "begun", "You have begun another correction: save or cancel it first.")


def _token() -> str:
    return uuid4().hex[:8]


@dataclass
class Form:
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
class Desk:
    """What is begun about one student: a new note, perhaps a correction, and what was just done."""

    student: Student
    new: Form = field(default_factory=Form)
    correction: Form | None = None
    done: str | None = None
    problem: Problem | None = None

    @property
    def form(self) -> Form:
        """The one that is on the page."""
        return self.correction or self.new

    @property
    def is_typed(self) -> bool:
        """Is there something in any of them that would be lost?"""
        return self.form.is_typed or self.new.is_typed


def desks() -> dict[UUID, Desk]:
    """Every student that this person began something about in this session: whoever signs in after them sees
    nothing of it."""
    everybodys: dict[UUID, dict[UUID, Desk]] = st.session_state.setdefault(DESKS, {})
    return everybodys.setdefault(reads.visit().actor.id, {})


def desk_of(student: Student) -> Desk:
    """This student's desk."""
    return desks().setdefault(student.id, Desk(student))


def draw(desk: Desk) -> None:
    """The form, what was just done, and what stood in the way."""
    form = desk.form
    if desk.done is not None:
        notice(desk.done)
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
    for problem in (form.problem, desk.problem):
        if problem is not None:
            alert(problem.message)
    with st.container(horizontal=True):
        label = "Save note" if corrected is None else "Save correction"
        st.button(label, key=form.widget("save"), type="primary", on_click=_save, args=(desk, form))
        if corrected is not None:
            st.button("Cancel", key=form.widget("cancel"), on_click=_put_away, args=(desk,))


def called(note: Note) -> str:
    """'note of 12 Nov 2026, 14:05'."""
    return f"note of {minute(note.versions[0].written_at, zone())}"


def _have_widgets(form: Form) -> None:
    """Widgets that were not on the page for a while have forgotten what they held: others take their place."""
    if form.widget("text") not in st.session_state:
        form.token = _token()


def _draw_what(form: Form) -> None:
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
            today = reads.visit().now.astimezone(zone()).date()
            form.day = form.day or today
            st.date_input(
                "On which day",
                form.day,
                min_value=date(1900, 1, 1),
                max_value=today,
                format="YYYY-MM-DD",
                key=form.widget("day"),
                on_change=_typed,
                args=(form,),
                width=180,
            )


def _typed(form: Form) -> None:
    """Take what the widgets hold, where they are on the page."""
    held = st.session_state
    form.kind = held.get(form.widget("kind"), form.kind)
    form.day = held.get(form.widget("day"), form.day)
    form.text = held.get(form.widget("text"), form.text)


def _save(desk: Desk, form: Form) -> None:
    """Write what is typed. A second click on the same button finds another form open, and does nothing."""
    if form is not desk.form:
        return
    _typed(form)
    desk.done = desk.problem = None
    form.problem = _attempt(lambda: _write(desk, form))
    if form.problem is None:
        was_correction = form.corrects is not None
        _put_away(desk)
        desk.done = "The correction is saved." if was_correction else "The note is saved."
    elif form.problem is notes.ALREADY:
        form.key = uuid4()


def _write(desk: Desk, form: Form) -> Problem | None:
    actor = reads.visit().actor
    is_contact = form.kind != NOTE
    content = Content(
        form.text, form.kind if is_contact else None, form.day if is_contact else None
    )
    if form.corrects is None:
        return notes.write(actor, desk.student.id, content, key=form.key)
    return notes.correct(actor, form.corrects, content, key=form.key)


def begin_correction(desk: Desk, note: Note) -> None:
    """Open the form for this note; what is typed of a new one waits, and of another correction stays."""
    if desk.correction is not None and desk.correction.is_typed:
        desk.problem = BEGUN
        return
    current = note.current
    kind = current.channel or NOTE
    desk.correction = Form(note, kind, current.happened_on, current.text)
    desk.done = desk.problem = None


def withdraw(desk: Desk, note: Note) -> None:
    """Withdraw it. Told twice, it is the same withdrawal."""
    key = uuid5(note.current.id, "withdrawn")
    desk.done = None
    desk.problem = _attempt(lambda: notes.withdraw(reads.visit().actor, note, key=key))
    if desk.problem is None:
        desk.done = "The note is withdrawn."


def look_again(desk: Desk, latest: Note | None) -> None:
    """After a correction that came too late: the next attempt corrects what the page shows now."""
    form = desk.correction
    if form is None or form.problem is not notes.MOVED or latest is None:
        return
    if latest.withdrawn_at is None:
        form.corrects, form.key = latest, uuid4()


def _put_away(desk: Desk) -> None:
    if desk.correction is None:
        desk.new = Form()
    desk.correction = desk.done = desk.problem = None


def _attempt(write: Callable[[], Problem | None]) -> Problem | None:
    """What is wrong, the database's absence included: what is typed stays either way."""
    try:
        return write()
    except DataError as error:
        return Problem(None, "away", str(error))
