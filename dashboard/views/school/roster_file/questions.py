"""What is asked of a file: whose it is, of what it is the whole, what columns mean, whether so many leave."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from dashboard.components.text import alert, markdown_safe, paragraph
from dashboard.views.school.roster_file.state import RosterFile
from data.i18n.formats import few, unlike
from data.roster.files.comparing.new_people import ONLY_NAME
from data.roster.files.comparing.verdicts import Comparison
from data.roster.files.reading.headings import Column, is_private
from data.roster.files.reading.systems import ALL_SCHOOLS, UnclearSchool
from data.roster.files.reading.tables import UnknownHeadings
from data.roster.reading.managed import ManagedSchool

COMPLETE: Final = {
    "nothing": "Nobody leaves by this list",
    "classes": "Others in these classes leave them",
    "school": "Others have left the school",
}
NAMESAKES: Final = {None: "Not said yet", "one": "One person", "several": "Several people"}

Say = Callable[..., None]
"""Takes what is said by its name."""

MOST_COLUMNS: Final = 12
MOST_NAMES: Final = 30


def draw_whose(file: RosterFile, school: ManagedSchool) -> None:
    """Whose people they are, for whoever manages several organisations."""
    names = unlike({one.id: one.name for one in school.organisations})
    if len(names) < 2:
        return
    chosen = st.selectbox(
        "Organisation",
        list(names),
        index=list(names).index(file.organisation),
        format_func=lambda one: names[one],
        key=file.key("organisation"),
        width=420,
        persist_state="session",
    )
    if chosen != file.organisation:
        file.belongs_to(chosen)


def draw_unreadable(file: RosterFile) -> None:
    """What only a person can say before it can be read."""
    if isinstance(file.unreadable, UnclearSchool):
        _choose_school(file, file.unreadable.schools)
    elif isinstance(file.unreadable, UnknownHeadings):
        _choose_columns(file, file.unreadable.headings)


def _choose_school(file: RosterFile, schools: tuple[str, ...]) -> None:
    st.selectbox(
        "School of the package",
        [*schools, ALL_SCHOOLS],
        index=None,
        format_func=lambda one: "All of them" if one == ALL_SCHOOLS else one,
        width=420,
        **_heard(file, "school", file.read_otherwise),
    )


def _choose_columns(file: RosterFile, headings: tuple[str, ...]) -> None:
    """A field a heading, all taken at once."""
    with st.form(file.key("columns"), border=False):
        chosen = {
            one: st.selectbox(
                markdown_safe(one),
                [None, *Column],
                format_func=lambda meant: "Not used" if meant is None else meant.value,
                key=file.key(f"column_{at}"),
                width=320,
                persist_state="session",
            )
            for at, one in enumerate(headings[:MOST_COLUMNS])
            if one and not is_private(one)
        }
        if st.form_submit_button("Read it so"):
            file.read_otherwise(columns=chosen)
            st.rerun()


def draw_understood(file: RosterFile, comparison: Comparison) -> None:
    """What was seen of the file, and what else may be said of a list."""
    if comparison.notices:
        paragraph(" ".join(comparison.notices), quiet=True)
    if file.given is None or file.given.source is not None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _choice(file, "complete", "Who is not in the list", COMPLETE, file.read_otherwise)
        _text(file, "year", "School year of the classes", "2026/27")
        if not file.given.classes or file.read_as.class_name:
            _text(file, "class_name", "Class of everybody in the list", "10C")
    if file.answers.namesakes or _asks_about_namesakes(comparison):
        _choice(file, "namesakes", "New people of one name are", NAMESAKES, file.answer)


def _asks_about_namesakes(comparison: Comparison) -> bool:
    return any(ONLY_NAME in words for one in comparison.unclear for words in one.sentences)


def _choice(file: RosterFile, name: str, label: str, words: Mapping[Any, str], say: Say) -> None:
    st.selectbox(
        label,
        list(words),
        format_func=words.__getitem__,
        width=320,
        **_heard(file, name, say),
    )


def _text(file: RosterFile, name: str, label: str, example: str) -> None:
    def say(**said: str) -> None:
        file.read_otherwise(**{name: said[name].strip() or None})

    st.text_input(label, placeholder=example, width=260, **_heard(file, name, say))


def _heard(file: RosterFile, name: str, say: Say) -> dict[str, Any]:
    """How a widget is told apart, is found as it was after another page, and says what was said in it."""
    key = file.key(name)
    return {
        "key": key,
        "persist_state": "session",
        "on_change": lambda: say(**{name: st.session_state[key]}),
    }


def draw_stops(file: RosterFile, comparison: Comparison) -> None:
    """What is not done without a word of this person, by name."""
    for stop in comparison.stops:
        alert(stop.sentence)
        if stop.kind == "leavers":
            paragraph(f"{few(stop.names, MOST_NAMES)}.")
    kinds = {one.kind for one in comparison.stops}
    if "leavers" in kinds or file.answers.allow_leavers:
        st.checkbox("They leave", **_heard(file, "allow_leavers", file.answer))
    if "renames" in kinds or file.answers.allow_renames:
        label = "They are the same people, with another name and address"
        st.checkbox(label, **_heard(file, "allow_renames", file.answer))
