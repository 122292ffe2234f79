"""Who is this student, how do they stand, and why?"""

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.formats import zone
from dashboard.components.table import Column, Link, table
from dashboard.components.text import heading, notice, paragraph
from dashboard.reads import looks, namesakes, student_list
from dashboard.views.student import head, sections
from data.reading.students.page import student_page
from data.reading.students.students import find_students, has_students


def draw() -> None:
    """The page: one student, or the way to one."""
    asked = links.named_in_address("student")
    page = reads.ask(student_page, asked, links.named_in_address("module")) if asked else None
    if page is None:
        if "student" in st.query_params:
            notice("This student was not found among yours. Look for them by name.")
        _draw_search()
        return
    looks.record([page.student.id])
    sections.draw(page, head.head(page, zone()))


def _draw_search() -> None:
    if not reads.ask(has_students):
        empty_and_error.draw_no_students("Student")
        return
    heading("Student")
    name = st.text_input(
        "Find a student",
        key="find",
        placeholder="Part of a name or e-mail",
        width=480,
        bind="query-params",
    )
    wanted = name.strip()
    if not wanted:
        paragraph(
            "Type parts of a name, in any order; accents, hyphens and capitals do not matter.",
            quiet=True,
        )
        return
    found = reads.ask(find_students, wanted)
    student_list.show(f"Found: {wanted}", (one.id for one in found))
    names = namesakes.labels_beside_emails(found)
    rows = [
        (
            Link(names[one.id], "student", {"student": str(one.id)}),
            ", ".join(one.classes),
            one.email,
        )
        for one in found
    ]
    table(
        key="found_students",
        caption="Students found",
        columns=("Student", "Classes", Column("E-mail", "email")),
        rows=rows,
        empty=f"No student of yours matches “{wanted}”.",
        is_of_names=True,
    )
    if len(found) == 50:
        paragraph("These are the first 50. Type more of the name.", quiet=True)


draw()
