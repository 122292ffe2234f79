"""Data protection, for administrators: one student who is looked for, and what holds for everybody."""

from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.formats import minute, zone
from dashboard.components.table import Column, Link, table
from dashboard.components.text import heading, notice, paragraph
from dashboard.views.school.data_protection import disclosures, erasure, retention
from data.data_protection.erasure import erasures
from data.roster.reading.managed import ManagedSchool
from data.roster.reading.students import StudentEntry, found_students, student_entries

SHOW: Final = "data-protection"
SEEN: Final = "seen"
"""In the address where a student's record is asked for, and not the erasure."""

A_PAGE: Final = 50


def draw(school: ManagedSchool) -> None:  # noqa: ARG001 - as every section
    """The student whom the address names, or the way to one and what was done before."""
    asked = links.named_in_address("student")
    if asked is not None:
        links.to("school", "Find another student", show=SHOW)
        one = next(iter(reads.ask(student_entries, (asked,))), None)
        if one is None:
            notice("This student isn’t in the school’s list.")
            return
        if SEEN in st.query_params:
            disclosures.draw(one)
        else:
            erasure.draw(one)
        return
    erasure.draw_done()
    _draw_search()
    retention.draw()
    _draw_erasures()


def _draw_search() -> None:
    heading("Erase a student, or read who has seen their data", 2)
    typed = st.text_input(
        "Find a student",
        key="protection_student",
        placeholder="Part of a name, e-mail or number",
        width=480,
    ).strip()
    if not typed:
        paragraph(
            "An erasure removes all about a student, for good. What would go is listed before you confirm. "
            "The record tells who of the staff looked at a student’s data or exported it.",
            quiet=True,
        )
        return
    found = reads.ask(found_students, typed, None, "all")
    table(
        key="protection_students",
        caption="Students found",
        columns=(
            "Name",
            "School number",
            Column("E-mail", "email"),
            "Classes",
            Column("Who has seen it", "link", on_paper=False),
        ),
        rows=[_row(one) for one in reads.ask(student_entries, found[:A_PAGE])],
        empty=f"No student matches “{typed}”.",
        is_captioned=False,
    )
    if len(found) > A_PAGE:
        paragraph(f"These are the first {A_PAGE}. Type more of the name.", quiet=True)


def _row(one: StudentEntry) -> tuple[Link, str, str, str, Link]:
    to = {"show": SHOW, "student": str(one.id)}
    name, seen = Link(one.full_name, "school", to), Link("Record", "school", to | {SEEN: "yes"})
    classes = "; ".join((*one.classes, *one.earlier))
    return name, one.number or "", one.email or "", classes, seen


def _draw_erasures() -> None:
    table(
        key="protection_erasures",
        caption="Erasures",
        columns=("When", "By", Column("Rows", "number")),
        rows=[
            (minute(one.at, zone()), one.author or "Somebody", f"{one.rows:,}")
            for one in reads.ask(erasures)
        ],
        empty="Nobody was erased yet.",
    )
