"""Notes on a student where there is room for a few: what kind each is, and the newest of them."""

from collections.abc import Sequence
from html import escape
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import links
from dashboard.components.formats import minute, zone
from dashboard.components.text import paragraph
from data.i18n.dates import short_date
from data.reading.notes import Note, Version
from data.writing.notes import CHANNELS

MOST: Final = 3


def kind_of(version: Version) -> str:
    """'Note', 'Phone call on 1 Mar 2026'."""
    if version.channel is None or version.happened_on is None:
        return "Note"
    return f"{CHANNELS.get(version.channel, 'Contact')} on {short_date(version.happened_on)}"


def draw(student: UUID, found: Sequence[Note], *, may_write: bool) -> None:
    """The newest of these notes, which come newest first, and the way to all of them."""
    current = [one for one in found if one.withdrawn_at is None]
    if not current:
        paragraph("Nobody has written anything about this student yet.", quiet=True)
    else:
        st.html("".join(_drawn(one) for one in current[:MOST]))
    if len(current) > MOST:
        paragraph(f"These are the newest {MOST} of {len(current)} notes.", quiet=True)
    way = "Write a note, or read all" if may_write else "All notes on this student"
    links.to("student", way, student=str(student), show="notes")


def _drawn(one: Note) -> str:
    by = f"{kind_of(one.current)} · {one.author or 'A colleague'}, {minute(one.current.written_at, zone())}"
    lines = escape(one.current.text).replace("\n", "<br>")
    return f'<div class="cell-note"><p class="words-quiet">{escape(by)}</p><p class="words">{lines}</p></div>'
