"""The lines of a table by what becomes of them, those that could not be taken first."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal
from functools import partial
from typing import Final

import streamlit as st

from dashboard.components.links import download
from dashboard.components.table import Cell, Column, table
from dashboard.editing.preview_tables import changed_lines, paged
from dashboard.editing.tables_in import verdicts
from dashboard.reads import fresh, looks, namesakes
from dashboard.views.upload.state import Upload
from data.files.importing.judging.verdicts import Judgement, Line, Verdict
from data.files.importing.refused import problems_csv, why_not
from data.reading.row_values import scores_in_details
from data.rules.progress import Field, Key

WORDS: Final = {
    Verdict.PROBLEM: ("line with a problem", "lines with a problem"),
    Verdict.UNKNOWN_STUDENT: ("line with an unknown student", "lines with an unknown student"),
    Verdict.UNKNOWN_MODULE: ("line with an unknown module", "lines with an unknown module"),
    Verdict.DUPLICATE: ("duplicate line", "duplicate lines"),
    Verdict.CHANGE: ("change", "changes"),
    Verdict.REPEATED: ("line that repeats another", "lines that repeat another"),
    Verdict.NO_CHANGE: ("line without a change", "lines without a change"),
}
"""In the order of the page: what needs somebody first."""


def draw(upload: Upload, judgement: Judgement, here: tzinfo) -> None:
    """The lines, a hundred at a time, of one verdict or of all."""
    everything = f"All {len(judgement.lines):,} lines, problems first"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = verdicts.choose(
            judgement.counts, WORDS, everything, key=upload.key("verdict"), persist_state="page"
        )
        if judgement.rejected:
            download(
                "Download the problem lines",
                partial(problems_csv, upload.sheet, judgement),
                "problem lines.csv",
                key=upload.key("problems"),
            )
    place = {verdict: at for at, verdict in enumerate(WORDS)}
    lines = sorted(
        (line for line in judgement.lines if wanted in (verdicts.ALL, line.verdict)),
        key=lambda line: place[line.verdict],
    )
    _draw_table(upload, paged(lines, upload.key(f"page_{wanted}")), here)


def _draw_table(upload: Upload, lines: Sequence[Line], here: tzinfo) -> None:
    scored = [
        (line.edit.student_id, line.edit.module_id)
        for line in lines
        if line.edit is not None and Field.SCORE in line.edit.changes
    ]
    in_details = fresh.ask(scores_in_details, scored) if scored else {}
    students = namesakes.labels(
        (line.student.id, line.student.name) for line in lines if line.student
    )
    looks.record(students)
    table(
        key=upload.key("lines"),
        caption="Lines of the file",
        columns=("Where", "Student", "Module", "Verdict", Column("What", "lines")),
        rows=[
            (
                f"Line {line.line}",  # which heads a card on a phone
                students[line.student.id] if line.student else None,
                line.module.name if line.module else None,
                line.verdict.value.capitalize(),
                _what(line, here, in_details),
            )
            for line in lines
        ],
    )


def _what(line: Line, here: tzinfo, in_details: Mapping[Key, Decimal]) -> Cell:
    if line.edit is not None and line.settled is not None:
        score = in_details.get((line.edit.student_id, line.edit.module_id))
        changed = changed_lines(line.edit.seen, line.settled.values, here, score)
        return [*changed, *line.notes, *line.settled.consequences]
    return [why_not(line)] if line.problems else [*line.notes] or None
