"""All stored data of a student, to take along: made when it is asked for, and logged."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components.table import Column, table
from dashboard.components.text import alert, paragraph
from dashboard.reports import export_files
from dashboard.web.limits.heavy_work import TABLES
from data.files.student_record.gather import StudentRecord, counted, student_record
from data.files.student_record.write import record_as_json, record_as_xlsx, record_file_name
from data.reading.students.page import StudentPage
from data.rules.progress import Problem

FILES: Final[dict[str, tuple[str, Callable[[StudentRecord], bytes]]]] = {
    "Excel": ("xlsx", record_as_xlsx),
    "JSON": ("json", record_as_json),
}


def draw(page: StudentPage) -> None:
    """What it is, and the ways to have it made."""
    paragraph(
        "For a student who asks what is stored about them: every module, the whole history, the notes with all "
        "their versions, each part with what it means. Who makes such a file, and of whom, is recorded."
    )
    with st.container(horizontal=True):
        wanted = [name for name in FILES if st.button(f"Make {name} file", key=f"record_{name}")]
    for name in wanted:
        _make(name, page)


def _make(name: str, page: StudentPage) -> None:
    ending, written = FILES[name]
    with st.spinner("Gathering everything …"), TABLES.one(reads.visit().actor.id):
        found = student_record(reads.visit().actor, page.student.id)
        if isinstance(found, Problem):
            alert(found.message)
            return
        made = written(found)
    paragraph(
        "Look through it before you hand it out: reasons, notes and saves may speak of other people."
    )
    key = f"download_record_{name}"
    export_files.offer(name, made, record_file_name(found, ending), key=key)
    table(
        key="record_parts",
        caption="What is in it",
        columns=("Part", Column("Rows", "number"), "What it means"),
        rows=[(part.title, f"{number:,}", part.meaning) for part, number in counted(found)],
    )
