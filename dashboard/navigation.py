"""The only list of pages."""

from __future__ import annotations

from typing import Final, NamedTuple

import streamlit as st

from dashboard import signin
from dashboard.components import block_bar, saved_notice, unsaved, wire
from data.session import Actor


class Page(NamedTuple):
    """A page: `name` is its file in views/ and its path in the URL; `section` the menu it stands in, if any."""

    name: str
    title: str
    icon: str
    roles: tuple[str, ...]
    section: str = ""


STAFF: Final = ("teacher", "coordinator", "admin")
EDITORS: Final = ("coordinator", "admin")
CORRECT: Final = "Correct"

PAGES: Final = (
    Page("overview", "Overview", ":material/dashboard:", STAFF),
    Page("classroom", "Class", ":material/grid_on:", STAFF),
    Page("student", "Student", ":material/person:", STAFF),
    Page("module", "Module", ":material/menu_book:", STAFF),
    Page("history", "History", ":material/history:", STAFF),
    Page("edit", "One module", ":material/edit:", EDITORS, CORRECT),
    Page("grid", "As a table", ":material/table_edit:", EDITORS, CORRECT),
    Page("bulk", "Many at once", ":material/checklist:", EDITORS, CORRECT),
    Page("upload", "From a file", ":material/upload_file:", EDITORS, CORRECT),
    Page("check", "Data check", ":material/rule:", EDITORS, CORRECT),
)


def run(actor: Actor) -> None:
    """Draw the navigation for this person, and the page that the URL asks for."""
    sections: dict[str, list[st.Page]] = {}
    for page in PAGES:
        if actor.role in page.roles:
            sections.setdefault(page.section, []).append(_streamlit_page(page))
    chosen = st.navigation(sections, position="top")

    def draw() -> None:
        signin.draw_person(actor)
        if actor.may_edit and chosen.url_path != "grid":
            unsaved.draw()
        unsaved.draw_notes(chosen.url_path)
        if chosen.url_path != "classroom":
            block_bar.drop()
        chosen.run()
        saved_notice.draw()

    wire.around(draw)


def _streamlit_page(page: Page) -> st.Page:
    return st.Page(
        f"views/{page.name}.py",
        title=page.title,
        icon=page.icon,
        url_path=page.name,
        default=page is PAGES[0],
    )
