"""Notes as a list people can read, each with its earlier versions: every stored text as text, drawn in the
browser like the table. However many there are, it is one element.

(Of Streamlit's own elements fifty notes take 300, and nine times the server's time at each rerun.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard.components import browser

KEY: Final = "note_list"

_mount = browser.component("note_list", Path(__file__).parent, "note_list.js", "note_list.css")


@dataclass(frozen=True)
class EarlierVersion:
    """What a note said before, and until when."""

    when: str
    text: str


@dataclass(frozen=True)
class ListedNote:
    """One note. `what` it is, `by` whom and when, `aside` what became of it; a withdrawn one has no text of its
    own. `mine` may be corrected and withdrawn."""

    id: UUID
    what: str
    by: str
    text: str | None
    aside: str | None
    earlier: tuple[EarlierVersion, ...]
    mine: bool


def draw(
    entries: Sequence[ListedNote],
    *,
    empty: str,
    correcting: UUID | None,
    on_correct: Callable[[UUID], None],
    on_withdraw: Callable[[UUID], None],
) -> None:
    """The list. `correcting` is the note that the form above it is open for. A call names a note of mine."""
    mine = {str(one.id): one.id for one in entries if one.mine}

    def called() -> None:
        match st.session_state.get(KEY, {}).get("event"):
            case ["correct", str(written)] if written in mine:
                on_correct(mine[written])
            case ["withdraw", str(written)] if written in mine:
                on_withdraw(mine[written])

    data = [
        [
            str(one.id), one.what, one.by, one.text, one.aside,
            [[each.when, each.text] for each in one.earlier], one.mine,
        ]
        for one in entries
    ]  # fmt: skip
    _mount(key=KEY, data=[data, empty, str(correcting or "")], on_event_change=called)
