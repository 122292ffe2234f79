"""The history that is shown, taken along as a file."""

from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from typing import Any, Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components.formats import zone
from dashboard.components.text import paragraph
from dashboard.reads import fresh
from dashboard.reports import export_files
from dashboard.web.limits.heavy_work import TABLES
from dashboard.web.private import DeltaGenerator
from data.access import audit
from data.files.exporting.history import history_as_csv, history_as_xlsx
from data.reading.history.changes import (
    MOST_ROWS,
    Change,
    HistoryFilter,
    history_count,
    whole_history,
)
from data.writing.disclosures import disclosed

STEP: Final = 500
Writer = Callable[[Iterable[Change], tzinfo], bytes]
FILES: Final[dict[str, tuple[str, Writer]]] = {
    "CSV": ("csv", history_as_csv),
    "Excel": ("xlsx", history_as_xlsx),
}


def draw(asked: HistoryFilter) -> None:
    """A file of everything that is filtered, on all its pages."""
    with st.container(key="bar_panel", border=True):
        paragraph(
            "Everything that matches the filters, one row per changed value; "
            f"of more than {MOST_ROWS:,} changes, only the newest.",
            quiet=True,
        )
        with st.container(horizontal=True):
            wanted = [name for name in FILES if st.button(f"Make {name} file", key=f"make_{name}")]
        for name in wanted:
            _make(name, asked)


def _make(name: str, asked: HistoryFilter) -> None:
    ending, written = FILES[name]
    here = zone()
    bar = st.progress(0.0, text="Writing the file …")
    total = reads.ask(history_count, asked, MOST_ROWS)

    def write(connection: Any) -> bytes:
        students = set[UUID]()
        changes = _watched(whole_history(connection, asked), total, bar, students)
        made = written(changes, here)
        disclosed(connection, "file", students, asked.class_id)
        return made

    with TABLES.one(reads.visit().actor.id):
        made = fresh.ask(write)
    bar.empty()
    audit.record("history exported", reads.visit().actor, changes=min(total, MOST_ROWS))
    today = reads.visit().now.astimezone(here).date()
    export_files.offer(name, made, f"History {today}.{ending}", key=f"download_{name}")


def _watched(
    changes: Iterator[Change], total: int, bar: DeltaGenerator, students: set[UUID]
) -> Iterator[Change]:
    for number, change in enumerate(changes):
        if number % STEP == 0:
            bar.progress(min(number / max(total, 1), 1.0), text="Writing the file …")
        students.add(change.student_id)
        yield change
