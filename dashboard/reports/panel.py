"""Reports to hand out: what shall be in them, the making with its progress, and the download."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import day, zone
from dashboard.components.links import download
from dashboard.components.text import alert, count, notice, paragraph
from dashboard.reads import fresh
from dashboard.reports import job as report_job
from dashboard.reports.job import Job
from data.files.reporting import making as reporting
from data.files.reporting.contents import ReportOptions
from data.files.reporting.making import Kind, Making, OfClass, Report, fits_one_pdf
from data.i18n.formats import unlike
from data.reading import notes
from data.reading.classes.arrangement import Arranged
from data.reading.notes import Note
from data.reading.students.page import StudentPage
from data.writing.notes import CHANNELS

ASKED: Final = "report_asked"

EVERY: Final = 0.5  # seconds between two looks at the progress

KINDS: Final[dict[Kind, str]] = {
    "pdf": "One PDF, each student on a new page",
    "zip": "A ZIP with one PDF per student",
}


@dataclass(frozen=True)
class ReportRequest:
    """What is asked for: one student, or these of a class. Another request is another report."""

    actor_id: UUID
    student_ids: tuple[UUID, ...]
    over_time: bool
    attention: bool
    signature: bool
    notes: frozenset[UUID] = frozenset()
    class_id: UUID | None = None
    class_name: str = ""
    kind: Kind = "pdf"


def draw_student(page: StudentPage) -> None:
    """The student page's section: one student's report."""
    paragraph(
        "A PDF of a page or two, to hand to a parent or the student. Its text can be selected and read aloud.",
        quiet=True,
    )
    over_time, attention, signature = _choices()
    request = ReportRequest(
        reads.visit().actor.id,
        (page.student.id,),
        over_time,
        attention,
        signature,
        notes=_chosen_notes(page.student.id),
    )
    _draw_job(request, "Make the report")


def draw_class(class_id: UUID, name: str, shown: Arranged) -> None:
    """Behind the class page's Export: reports of exactly the students that are shown."""
    students = tuple(student.id for student in shown.students)
    paragraph(
        f"A report on each student shown ({len(students):,}), on all modules of the class.",
        quiet=True,
    )
    kind = _kind(len(students), len(shown.modules) + shown.hidden)
    request = ReportRequest(
        reads.visit().actor.id, students, *_choices(), class_id=class_id, class_name=name, kind=kind
    )
    if students:
        _draw_job(request, f"Make {count(len(students), 'report', 'reports')}")


def _choices() -> tuple[bool, bool, bool]:
    with st.container(horizontal=True, key="report_choices"):
        return (
            st.checkbox("Progress over time", value=True, key="report_over_time"),
            st.checkbox("What needs attention", key="report_attention"),
            st.checkbox("Lines for signatures", key="report_signature"),
        )


def _kind(students: int, modules: int) -> Kind:
    """One file or many; too large a class gets no choice."""
    if not fits_one_pdf(students, modules):
        paragraph("So many reports come as a ZIP with one PDF per student.")
        return "zip"
    return st.radio(
        "File",
        list(KINDS),
        format_func=KINDS.__getitem__,
        key="report_kind",
        horizontal=True,
        label_visibility="collapsed",
    )


def _chosen_notes(student_id: UUID) -> frozenset[UUID]:
    standing = {
        one.id: one for one in reads.ask(notes.notes, student_id) if one.withdrawn_at is None
    }
    if not standing:
        return frozenset()
    labels = unlike({key: _label(note) for key, note in standing.items()})
    chosen = st.multiselect(
        "Notes to print",
        list(standing),
        format_func=labels.__getitem__,
        key=f"report_notes_{student_id}",
        placeholder="None",
    )
    return frozenset(chosen)


def _label(note: Note) -> str:
    """'12 Nov 2026, phone call: The first words …'."""
    now = note.current
    words = " ".join(now.text.split())
    kind = CHANNELS.get(now.channel or "", "note").lower()
    return f"{day(now.written_at, zone())}, {kind}: {words[:60]}{'…' if len(words) > 60 else ''}"


def _draw_job(request: ReportRequest, label: str) -> None:
    if st.session_state.pop(ASKED, False):
        _begin(request)
    job = report_job.current(request)
    if job is None:
        st.button(label, key="report_make", type="primary", on_click=_ask)
    elif not job.ended.is_set():
        _watch(request)
    elif job.report is not None:
        _draw_finished(job.report)
    else:
        alert(job.problem or "The report could not be made. Try again.")
        st.button("Try again", key="report_again", type="primary", on_click=_ask)


def _ask() -> None:
    """A choice may come in one run with the click: the report is of what is chosen then."""
    st.session_state[ASKED] = True


@st.fragment(run_every=EVERY)
def _watch(request: ReportRequest) -> None:
    """How far it is, twice a second; the page itself stands still meanwhile."""
    job = report_job.current(request)
    if job is None or job.ended.is_set():
        st.rerun()
        return
    done, total = job.making.done, job.making.total
    st.progress(done / total if total else 0.0, text=_progress(job))
    st.button("Cancel", key="report_cancel", on_click=report_job.drop)


def _progress(job: Job) -> str:
    done, total = job.making.done, job.making.total
    if job.is_waiting:
        return "Waiting for other reports to be finished …"
    if total <= 1:
        return "Making the report …"
    if done == total:
        return f"All {total} students are read. Making the pages …"
    return f"{done} of {total} students …"


def _draw_finished(report: Report) -> None:
    notice("The file is ready.")
    for problem in report.problems:
        paragraph(problem)
    size = len(report.content) // 1024 + 1
    download(
        f"Download {'ZIP' if report.filename.endswith('.zip') else 'PDF'} ({size:,} kB)",
        report.content,
        report.filename,
        key="report_download",
        is_primary=True,
    )


def _begin(request: ReportRequest) -> None:
    visit = reads.visit()
    options = ReportOptions(
        made_at=visit.now,
        zone=zone(),
        author=visit.actor.full_name,
        over_time=request.over_time,
        attention=request.attention,
        signature=request.signature,
        notes=request.notes,
    )

    def make(making: Making) -> Report:
        if request.class_id is None:
            student_id = request.student_ids[0]
            return fresh.ask_as(visit.actor, reporting.student_report, student_id, options, making)
        asked = OfClass(request.class_id, request.class_name, request.student_ids)
        return fresh.ask_as(
            visit.actor, reporting.class_report, asked, options, request.kind, making
        )

    report_job.begin(visit.actor.id, request, make)
