"""How do I do that? The guide for staff, from the very file that GitHub shows."""

import re
from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st

from dashboard.components.empty_and_error import is_attached
from dashboard.components.text import notice, opening

GUIDE: Final = Path(__file__).resolve().parents[3] / ".github" / "USING.md"
ANSWER: Final = "What you can do here, by task."
MISSING: Final = "The guide was not installed here. It is the file .github/USING.md of the program."

# What is only so where people and classes are entered here, or else only where they are not. (Streamlit draws
# any string that stands by itself in a page.)
ENTERED_HERE: Final = {
    "Begin with an empty school",
    "Look after your school",
    "Take people and classes from a file",
}
READ_FROM_A_PLATFORM: Final = {"Where people and classes are your platform's"}


class Task(NamedTuple):
    """A section of the guide: its heading, and its text in Markdown."""

    title: str
    text: str

    @property
    def anchor(self) -> str:
        """The last part of the address that leads to it."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


def tasks(guide: str) -> list[Task]:
    """The sections of a guide; what stands before the first is left out."""
    parts = re.split(r"^## (.+)\n", guide, flags=re.MULTILINE)[1:]
    return [Task(title, text) for title, text in zip(parts[::2], parts[1::2], strict=True)]


def matching(found: list[Task], words: str) -> list[Task]:
    """The sections that hold each of the words, wherever; all where there are none."""
    wanted = words.casefold().split()
    return [one for one in found if all(word in "\n".join(one).casefold() for word in wanted)]


def draw() -> None:
    """The page."""
    opening("Help", ANSWER)
    if not GUIDE.exists():
        notice(MISSING)
        return
    words = st.text_input(
        "Search", key="about", bind="query-params", placeholder="Such as: undo", width=320
    )
    not_so = ENTERED_HERE if is_attached() else READ_FROM_A_PLATFORM
    so = [one for one in tasks(GUIDE.read_text(encoding="utf-8")) if one.title not in not_so]
    found = matching(so, words)
    if not found:
        notice(f"Nothing in the guide matches “{words.strip()}”.")
        return
    # Only our own text is drawn as Markdown: nothing here was stored by anybody.
    with st.container(key="guide_contents"):
        st.markdown("\n".join(f"- [{one.title}](#{one.anchor})" for one in found))
    with st.container(key="guide"):
        for one in found:
            st.header(one.title, anchor=one.anchor)
            st.markdown(one.text)


draw()
