"""The only list of pages."""

from __future__ import annotations

from typing import Final, NamedTuple

import streamlit as st

from dashboard import unsaved
from dashboard.components import empty_and_error, selection
from dashboard.editing import saved_notice
from dashboard.reports import job
from dashboard.roles import EDITORS, STAFF
from dashboard.signin import gate
from dashboard.web import wire
from data.access.errors import DataError
from data.access.session import Actor


class Page(NamedTuple):
    """A page: `name` is its folder in views/ and its path in the URL."""

    name: str
    title: str
    icon: str
    roles: tuple[str, ...]


PAGES: Final = (
    Page("overview", "Overview", ":material/dashboard:", STAFF),
    Page("classroom", "Class", ":material/grid_on:", STAFF),
    Page("student", "Student", ":material/person:", STAFF),
    Page("module", "Module", ":material/menu_book:", STAFF),
    Page("history", "History", ":material/history:", STAFF),
    Page("edit", "Edit one", ":material/edit:", EDITORS),
    Page("grid", "Edit as a table", ":material/table_edit:", EDITORS),
    Page("bulk", "Edit many", ":material/checklist:", EDITORS),
    Page("upload", "Import a file", ":material/upload_file:", EDITORS),
    Page("check", "Data check", ":material/rule:", EDITORS),
    Page("help", "Help", ":material/help:", STAFF),
)


def run(actor: Actor) -> None:
    """Draw the navigation for this person, and the page that the URL asks for."""
    # What is not for this person is not in the menu, but a link to it is answered in our words.
    pages = {page: _streamlit_page(page, is_listed=actor.role in page.roles) for page in PAGES}
    chosen = st.navigation(list(pages.values()), position="top")
    asked = next(page for page, one in pages.items() if one is chosen)

    def draw() -> None:
        gate.draw_person(actor)
        try:
            if actor.may_edit and chosen.url_path != "grid":
                unsaved.draw()
            unsaved.draw_notes(chosen.url_path)
            if chosen.url_path != "classroom":
                selection.drop()
            job.start_of_page()
            if actor.role in asked.roles:
                chosen.run()
            else:
                empty_and_error.draw_refused(asked.title)
            job.end_of_page()
        except DataError as error:
            empty_and_error.draw_outage(error)
            st.stop()
        saved_notice.draw()

    wire.around(draw)


def hide() -> None:
    """Take the menu off a page on which nobody is signed in any more; the address stays what it was."""
    st.navigation([_streamlit_page(page) for page in PAGES], position="hidden")


def _streamlit_page(page: Page, *, is_listed: bool = True) -> st.Page:
    return st.Page(
        f"views/{page.name}/page.py",
        title=page.title,
        icon=page.icon,
        url_path=page.name,
        default=page is PAGES[0],
        visibility="visible" if is_listed else "hidden",
    )
