"""The only list of the student page's sections. The URL says which is open (`?show=`): only it is drawn."""

from collections.abc import Callable
from typing import Final, NamedTuple
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import section_bar
from dashboard.components.section_bar import PageHead
from dashboard.reports import panel
from dashboard.views.student import (
    attention,
    compared,
    modules,
    notes,
    over_time,
    student_record,
    timeline,
)
from data.access.session import Actor
from data.reading.students.page import StudentPage

SHOW: Final = "show"


class StudentSection(NamedTuple):
    """One section: its name in the URL, its title, what draws it, perhaps how many are in it, who gets it."""

    key: str
    title: str
    draw: Callable[[StudentPage], None]
    counted: Callable[[StudentPage], int] | None = None
    is_for: Callable[[Actor, UUID], bool] = lambda actor, student_id: True


SECTIONS: Final = (
    StudentSection("modules", "Modules", modules.draw),
    StudentSection("time", "Over time", over_time.draw),
    StudentSection("compared", "Compared", compared.draw),
    StudentSection("timeline", "Timeline", timeline.draw),
    StudentSection(
        *("attention", "Attention", attention.draw, attention.counted),
        is_for=lambda actor, student_id: actor.id != student_id,
    ),
    StudentSection(
        *("notes", "Notes", notes.draw, notes.counted),
        is_for=lambda actor, student_id: actor.id != student_id,
    ),
    StudentSection("report", "Report", panel.draw_student),
    StudentSection("held", "All stored data", student_record.draw, is_for=Actor.may_correct),
)


def draw(page: StudentPage, head: PageHead) -> None:
    """The head with the row of sections, and the one that is open; the first where the URL asks for none."""
    mine = [one for one in SECTIONS if one.is_for(reads.visit().actor, page.student.id)]
    asked = st.query_params.get(SHOW, "")
    shown = next((one for one in mine if one.key == asked), mine[0])
    section_bar.draw("student", [_way(one, page, shown) for one in mine], head)
    shown.draw(page)


def _way(
    section: StudentSection, page: StudentPage, shown: StudentSection
) -> section_bar.SectionLink:
    number = section.counted(page) if section.counted else 0
    title = f"{section.title} ({number})" if number else section.title
    to = {"student": str(page.student.id), SHOW: section.key}
    if section is SECTIONS[0]:
        del to[SHOW]
    return section_bar.SectionLink(title, to, section is shown)
