"""Writing to the students selected or shown: addresses, a mail in one's own program, the contact noted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final
from uuid import UUID, uuid4

import streamlit as st

from dashboard import reads
from dashboard.components import links, selection
from dashboard.components.empty_and_error import tried
from dashboard.components.formats import zone
from dashboard.components.text import alert, count, notice, paragraph
from dashboard.reads import roster
from data.i18n.formats import listed
from data.reading.classes.arrangement import Arranged
from data.rules.progress import Problem
from data.writing import notes
from data.writing.notes import CHANNELS, Content

PANEL: Final = "Message"
FORMS: Final = "message_forms"

LONGEST_ADDRESS: Final = 1_900
"""Of a prepared mail: some programs take no longer one."""


@dataclass
class ContactForm:
    """What is typed of a contact and not noted yet. `key` is what is written under: a retry meets it."""

    key: UUID = field(default_factory=uuid4)
    channel: str = "e-mail"
    text: str = ""
    done: str | None = None
    problem: Problem | None = None

    def widget(self, name: str) -> str:
        """A widget's key; another form has others."""
        return f"message_{name}_{self.key.hex[:8]}"


def draw(class_id: UUID, shown: Arranged) -> None:
    """The panel: whom it is about, and the three ways."""
    block = selection.selected(class_id)
    chosen = set(block.students) if block else None
    names = {one.id: one.name for one in shown.students if chosen is None or one.id in chosen}
    known = roster.roster(class_id).students
    addresses = {
        one.id: one.email for one in known if one.id in names and links.mail_address(one.email)
    }
    with st.container(key="bar_panel", border=True):
        _draw_addresses(names, addresses, "selected" if block else "shown")
        if reads.visit().actor.may_write and names:
            _draw_form(class_id, list(names))


def _draw_addresses(names: Mapping[UUID, str], found: Mapping[UUID, str | None], how: str) -> None:
    missing = [name for one, name in names.items() if one not in found]
    who = f"{count(len(names), 'student', 'students')} {how}"
    if missing:
        who += f", without an e-mail address {listed(missing, 'more')}"
    if not found:
        paragraph(f"{who}.")
        return
    paragraph(f"{who}. Put their addresses into the field Bcc: nobody sees whom else it goes to.")
    addresses = sorted({str(one) for one in found.values()})
    st.code(", ".join(addresses), language=None, wrap_lines=True)
    way = "mailto:?bcc=" + ",".join(filter(None, map(links.mail_address, addresses)))
    if len(way) > LONGEST_ADDRESS:
        paragraph("They are too many for a prepared mail: copy them.", quiet=True)
    else:
        st.html(
            f'<p class="words"><a href="{escape(way)}">Begin a mail in your own program</a>, with these '
            "in Bcc.</p>"
        )


def _form_of(class_id: UUID) -> ContactForm:
    everybodys: dict[UUID, dict[UUID, ContactForm]] = st.session_state.setdefault(FORMS, {})
    return everybodys.setdefault(reads.visit().actor.id, {}).setdefault(class_id, ContactForm())


def _draw_form(class_id: UUID, students: Sequence[UUID]) -> None:
    form = _form_of(class_id)
    if form.done:
        notice(form.done)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Note a contact of today",
            list(CHANNELS),
            list(CHANNELS).index(form.channel),
            format_func=CHANNELS.__getitem__,
            key=form.widget("channel"),
            on_change=_typed,
            args=(form,),
            width=180,
        )
        st.text_input(
            "About what", form.text, key=form.widget("text"), on_change=_typed, args=(form,)
        )
        st.button(
            f"Note it for {count(len(students), 'student', 'students')}",
            key=form.widget("note"),
            on_click=_note,
            args=(class_id, form, students),
        )
    if form.problem is not None:
        about = "text" if form.problem.code in ("empty", "too_long", "unseen") else None
        alert(form.problem.message, field=about and form.widget(about))


def _typed(form: ContactForm) -> None:
    """Take what the widgets hold, where they are on the page."""
    form.channel = st.session_state.get(form.widget("channel"), form.channel)
    form.text = st.session_state.get(form.widget("text"), form.text)


def _note(class_id: UUID, form: ContactForm, students: Sequence[UUID]) -> None:
    """A second click on the same button finds another form there, and does nothing."""
    if form is not _form_of(class_id):
        return
    _typed(form)
    today = reads.visit().now.astimezone(zone()).date()
    content = Content(form.text, form.channel, today)
    form.done = None
    form.problem = tried(
        lambda: notes.write_each(reads.visit().actor, students, content, key=form.key)
    )
    if form.problem is None:
        forms = st.session_state[FORMS][reads.visit().actor.id]
        done = f"Noted for {count(len(students), 'student', 'students')}."
        forms[class_id] = ContactForm(channel=form.channel, done=done)
