"""The faces of expected states: the database away, a thing not found, nothing to show."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard import reads
from dashboard.components.text import alert, heading, opening
from data.access.errors import DatabaseAway, DataError, Misconfigured


def _look_again() -> None:
    """The rerun itself is the next try."""


def draw_outage(error: DataError, retry: Callable[[], None] = _look_again) -> None:
    """The whole page, where the database is away or not as it should be. Stop the run after it: then what
    is typed and chosen on the page is kept for the next try."""
    heading(_outage(error))
    alert(str(error))
    if not isinstance(error, Misconfigured):
        st.button("Try again", key="try_again", type="primary", on_click=retry)


def _outage(error: DataError) -> str:
    if isinstance(error, Misconfigured):
        return "The dashboard is not set up"
    return "The database is " + ("away" if isinstance(error, DatabaseAway) else "not ready")


def draw_refused(title: str) -> None:
    """The whole page, where it is not for this person. Courtesy: the database refuses all the same."""
    opening(title, "This page is for coordinators. Ask one of them for what you need.")


def draw_too_many_pages(most: int) -> None:
    """The whole page, where its person has as many open already."""
    words = f"You have {most} pages open. Close those that you no longer need, then load this one again."
    opening("Too many open pages", words)


def draw_no_classes(title: str) -> None:
    """The whole page, where its person has no class; whoever could ask nobody is told who adds them."""
    if reads.visit().actor.role == "admin":
        opening(title, "There are no classes yet. Whoever runs the database adds them.")
    else:
        opening(title, "You have no classes yet. Ask your administrator to add you to one.")


def unsure(error: DataError) -> str:
    """The sentence where a save was not answered. It is asked again under the same id."""
    return f"{error} If it was saved after all, saving again changes nothing twice."
