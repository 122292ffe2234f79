"""The faces of expected states: the database away, a thing not found, nothing to show, names that are old."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.formats import day, minute, zone
from dashboard.components.text import alert, heading, opening, paragraph
from data.access.errors import DatabaseAway, DataError, Misconfigured
from data.access.outage_words import CROWDED, FULL, READ_ONLY
from data.i18n.formats import listed
from data.reading import people
from data.reading.attachment import THE_PLATFORMS, Attachment, attachment
from data.reading.classes.overview import ClassOptions
from data.reading.history.options import history_cut
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
    is_away = isinstance(error, DatabaseAway)
    return "The database " + HEADINGS.get(error.state, "is away" if is_away else "is not ready")


HEADINGS: Final = {
    READ_ONLY: "can only be read",
    FULL: "has no room left",
    CROWDED: "is busy",
}

ONLY_READ: Final = "The database can only be read just now, so nothing can be saved."
"""Above every page of whoever is signed in then."""


def draw_refused(title: str) -> None:
    """The whole page, where it is not for this person. Courtesy: the database refuses all the same."""
    opening(title, f"This page is for coordinators. Ask {whom_to_ask()} for what you need.")


def draw_too_many_pages(most: int) -> None:
    """The whole page, where its person has as many open already."""
    words = f"You have {most} pages open. Close those that you no longer need, then load this one again."
    opening("Too many open pages", words)


def draw_no_classes(title: str) -> None:
    """The whole page, where its person has no class: the way to one, or who makes it."""
    if is_attached():
        opening(title, f"You have no classes yet. {THE_PLATFORMS}")
    elif reads.visit().actor.may_edit:
        opening(title, "You have no classes yet. Add one.")
        draw_next_steps()
    else:
        opening(title, f"You have no classes yet. Ask {whom_to_ask()} to add you to one.")


def draw_no_students(title: str) -> None:
    """The same, where its person sees no student."""
    if is_attached():
        opening(title, f"You have no students yet. {THE_PLATFORMS}")
    elif reads.visit().actor.may_edit:
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
    if is_attached():
        paragraph(f"This class has no {missing} yet. {THE_PLATFORMS}")
    elif reads.visit().actor.may_edit:
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
    if is_attached():
        paragraph(THE_PLATFORMS)
        links.to("school", "What was read, and when")
        return
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


def tried(write: Callable[[], Problem | None]) -> Problem | None:
    """What is wrong, the database's absence included: what is typed stays either way."""
    try:
        return write()
    except DataError as error:
        return Problem(None, "away", str(error))


def unsure(error: DataError) -> Problem:
    """What is said where a save was not answered. It is asked again under the same id."""
    after_all = " If it was saved after all, saving again changes nothing twice."
    return Problem(None, "away", f"{error}{'' if error.state in (READ_ONLY, FULL) else after_all}")


# --- where people and classes are a platform's ---

OLD: Final = timedelta(hours=1)
NOT_RECORDED: Final = "Changes made on the platform itself are not in the history."


def is_attached() -> bool:
    """Are people, classes and modules read from a platform, so that nobody changes them here?"""
    return reads.ask(attachment) is not None


def draw_known_since(before: str = " Who recorded what was there before is not known.") -> None:
    """Where the history begins late, quietly when, and what that means of the time before."""
    cut = reads.ask(history_cut)
    if cut is not None:
        unseen = f" {NOT_RECORDED}" if is_read_later() else ""
        paragraph(f"Known since {day(cut, zone())}.{before}{unseen}", quiet=True)


def is_read_later() -> bool:
    """Is what the platform writes seen only when it is read again, so that no history tells of it?"""
    found = reads.ask(attachment)
    return found is not None and not found.has_triggers


def draw_read_at() -> None:
    """Of when figures are that are made by reading, and what nobody can know of them."""
    found = reads.ask(attachment)
    if found is not None and not found.has_triggers:
        paragraph(
            f"As of {when(found.refreshed_at)}. {NOT_RECORDED} Activity there is known only by its dates.",
            quiet=True,
        )


def draw_age() -> None:
    """How old the names are, quietly; aloud where they could not be read again, with the way to what to do."""
    found = reads.ask(attachment)
    if found is None:
        return
    what = "Names" if found.has_triggers else "Names and counts"
    if found.failed_at is None:
        again = " They are read again as soon as somebody opens a class." if is_old(found) else ""
        unseen = "" if found.has_triggers else f" {NOT_RECORDED}"
        paragraph(f"{what} as of {when(found.refreshed_at)}.{again}{unseen}", quiet=True)
        return
    alert(
        f"{what} as of {when(found.refreshed_at)}: they could not be read again since. Whoever is new on the "
        f"platform is missing here.{' Progress is as new as ever.' if found.has_triggers else ''}"
    )
    if reads.visit().actor.may_edit:
        links.to("school", "What is wrong, and reading them again")


def is_old(found: Attachment) -> bool:
    """Is the last reading long ago? So it is where nobody had a page open."""
    return found.refreshed_at is None or reads.visit().now - found.refreshed_at > OLD


def when(moment: datetime | None) -> str:
    """'08:12', of today; '28 Nov 2026, 08:12' of another day."""
    if moment is None:
        return "never"
    here = zone()
    local, today = moment.astimezone(here), reads.visit().now.astimezone(here).date()
    return f"{local:%H:%M}" if local.date() == today else minute(moment, here)
