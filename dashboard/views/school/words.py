"""Sentences of the school's pages."""

from __future__ import annotations

from dashboard.components.text import count
from data.roster.reading.managed import ManagedSchool


def how_much(school: ManagedSchool) -> str:
    """'60 students in 3 classes, 4 colleagues, 12 modules.'"""
    students = count(school.students, "student", "students")
    classes = count(school.classes, "class", "classes")
    staff = count(school.staff, "colleague", "colleagues")
    return f"{students} in {classes}, {staff}, {count(school.modules, 'module', 'modules')}."
