"""The faces of expected states: the database away, a thing not found, nothing to show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.text import alert, heading, opening, paragraph
from data.access.errors import DatabaseAway, DataError, Misconfigured
from data.i18n.formats import listed
from data.reading import people
from data.reading.classes.overview import ClassOptions
from data.roster.reading.managed import managed_school
from data.rules.progress import Problem
from data.settings import read_settings


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
    opening(title, f"This page is for coordinators. Ask {whom_to_ask()} for what you need.")


def draw_too_many_pages(most: int) -> None:
    """The whole page, where its person has as many open already."""
    words = f"You have {most} pages open. Close those that you no longer need, then load this one again."
    opening("Too many open pages", words)


def draw_no_classes(title: str) -> None:
    """The whole page, where its person has no class: the way to one, or who makes it."""
    if reads.visit().actor.may_edit:
        opening(title, "You have no classes yet. Add one.")
        draw_next_steps()
    else:
        opening(title, f"You have no classes yet. Ask {whom_to_ask()} to add you to one.")


def draw_no_students(title: str) -> None:
    """The same, where its person sees no student."""
    if reads.visit().actor.may_edit:
        opening(title, "There are no students yet. Add some.")
        draw_next_steps()
    else:
        opening(title, f"You have no students yet. Ask {whom_to_ask()} to add you to a class.")


def draw_nothing_to_import_to() -> bool:
    """The ways to students and modules, without which no progress is imported; False where there are some."""
    school = reads.ask(managed_school)
    if school.students and school.modules:
        return False
    paragraph("Progress is imported once there are students and modules.")
    draw_next_steps()
    return True


def draw_unfilled_class(class_id: UUID, options: ClassOptions) -> bool:
    """What a class lacks, and the way to it or who adds it; False where it has students and modules."""
    parts = {"students": options.students, "modules": len(options.all_modules)}
    missing = listed([name for name, many in parts.items() if not many])
    if not missing:
        return False
    if reads.visit().actor.may_edit:
        paragraph(f"This class has no {missing} yet.")
        links.to("school", f"Add {missing} to it", show="classes", **{"class": str(class_id)})
    else:
        paragraph(f"This class has no {missing} yet. Ask {whom_to_ask()} to add them.")
    return True


STEPS: Final = (
    ("classes", "Add classes"),
    ("students", "Add students"),
    ("modules", "Add modules"),
    ("classes", "Give classes their modules"),
    ("staff", "Add colleagues"),
)
"""What a school is made of, in the order in which it is entered: the School page's section, and the link."""


def draw_next_steps() -> None:
    """For whoever manages the school: the ways to what it lacks, and how much there is of the rest."""
    school = reads.ask(managed_school)
    there = (school.classes, school.students, school.modules, 0, school.staff - 1)
    paragraph("A school is entered in this order:")
    for (section, words), many in zip(STEPS, there, strict=True):
        so_far = f" ({many:,} so far)" if many > 0 else ""
        links.to("school", f"{words}{so_far}", show=section)
    links.to("school", "Or take people and classes from a file", show="file")


def whom_to_ask() -> str:
    """By name, as words that follow “Ask”."""
    names = reads.ask(people.whom_to_ask)
    if not names:
        return read_settings().contact
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def unsure(error: DataError) -> Problem:
    """What is said where a save was not answered. It is asked again under the same id."""
    words = f"{error} If it was saved after all, saving again changes nothing twice."
    return Problem(None, "away", words)
