"""Who and what is in this school, and what was changed of it?"""

import streamlit as st

from dashboard import reads
from dashboard.components.text import count, opening
from dashboard.views.school import sections
from data.roster.reading.managed import ManagedSchool, managed_school


def draw() -> None:
    """The sentence that says how much there is, the sections, and the one that is open."""
    school = reads.ask(managed_school)
    opening("School", _how_much(school))
    sections.draw(school, st.query_params.get(sections.SHOW, ""))


def _how_much(school: ManagedSchool) -> str:
    """'60 students in 3 classes, 4 colleagues, 12 modules.'"""
    students = count(school.students, "student", "students")
    classes = count(school.classes, "class", "classes")
    staff = count(school.staff, "colleague", "colleagues")
    return f"{students} in {classes}, {staff}, {count(school.modules, 'module', 'modules')}."


draw()
