"""The menu, and what every page has around it."""

import streamlit as st

from dashboard import pages, reads, unsaved
from dashboard.components import empty_and_error
from dashboard.components.text import alert
from dashboard.editing import saved_notice
from dashboard.pages import Page, may_open
from dashboard.reads import carried
from dashboard.reports import job
from dashboard.signin import gate
from dashboard.web import private, wire
from data.access.errors import DataError
from data.access.session import Actor


def run(actor: Actor) -> None:
    """Draw the navigation for this person, and the page that the URL asks for."""
    # What is not for this person is not in the menu, but a link to it is answered in our words.
    menu: dict[str, list[st.Page]] = {}
    for one in pages.PAGES:
        listed = _streamlit_page(one, is_listed=may_open(one.name, actor))
        menu.setdefault(one.group, []).append(listed)
    chosen = st.navigation(menu, position="top")
    name = chosen.url_path or pages.PAGES[0].name
    page = next(one for one in pages.PAGES if one.name == name)

    def draw() -> None:
        gate.draw_person(actor)
        if actor.database.is_read_only:
            alert(empty_and_error.ONLY_READ)
        try:
            # A place of its own: where the page moved down, what is being typed in it would be lost.
            with st.container():
                if name != "grid" and may_open("grid", actor):
                    unsaved.draw()
                unsaved.draw_notes(name)
                unsaved.draw_responses(name)
                unsaved.draw_school(name)
            job.start_of_page()
            if may_open(name, actor):
                carried.follow(page, is_step_back=private.is_step_back())
                chosen.run()
                wire.lead(*carried.ways(page))
            else:
                empty_and_error.draw_refused(chosen.title)
            job.end_of_page()
        except DataError as error:
            empty_and_error.draw_outage(error)
            st.stop()
        saved_notice.draw()

    wire.around(draw, chosen.url_path, reads.visit().now)


def hide() -> None:
    """No menu where nobody is signed in; the address stays what it was, and is opened after the sign-in."""
    st.navigation([_streamlit_page(page) for page in pages.PAGES], position="hidden")


def _streamlit_page(page: Page, *, is_listed: bool = True) -> st.Page:
    return st.Page(
        f"views/{page.name}/page.py",
        title=page.title,
        icon=page.icon,
        url_path=page.name,
        default=page is pages.PAGES[0],
        visibility="visible" if is_listed else "hidden",
    )
