"""The only list of pages."""

from __future__ import annotations

from typing import Final, NamedTuple

import streamlit as st

from dashboard import signin
from dashboard.components import wire
from data.session import Actor


class Page(NamedTuple):
    """A page: `name` is its file in views/ and its path in the URL."""

    name: str
    title: str
    icon: str
    roles: tuple[str, ...]


STAFF: Final = ("teacher", "coordinator", "admin")
EDITORS: Final = ("coordinator", "admin")

PAGES: Final = (
    Page("overview", "Overview", ":material/dashboard:", STAFF),
    Page("classroom", "Class", ":material/grid_on:", STAFF),
    Page("student", "Student", ":material/person:", STAFF),
    Page("edit", "Edit", ":material/edit:", EDITORS),
)


def run(actor: Actor) -> None:
    """Draw the navigation for this person, and the page that the URL asks for."""
    pages = [
        st.Page(
            f"views/{page.name}.py",
            title=page.title,
            icon=page.icon,
            url_path=page.name,
            default=page is PAGES[0],
        )
        for page in PAGES
        if actor.role in page.roles
    ]
    chosen = st.navigation(pages, position="top")

    def draw() -> None:
        signin.draw_person(actor)
        chosen.run()

    wire.around(draw)
