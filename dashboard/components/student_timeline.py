"""What changed for one student, by whom and why: day by day, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from html import escape
from itertools import groupby
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import history, links, pager
from dashboard.components.moments import zone
from dashboard.components.words import paragraph
from data.queries import SOURCES, Change, HistoryFilter, StudentPage

A_PAGE: Final = 50


def draw(page: StudentPage) -> None:
    """A page of the changes, and the ways to older ones and to the history with its filters."""
    here = zone()
    found = reads.history(HistoryFilter(student_id=page.student.id), pager.number(), A_PAGE)
    if not found.changes:
        paragraph("Nothing has changed since the history began.", quiet=True)
        return
    st.html(f'<div class="timeline">{"".join(_days(found.changes, here))}</div>')
    pager.draw(str(found.next_before_id) if found.next_before_id else None)
    links.to("history", "The same with filters and files", student=str(page.student.id))


def _days(changes: Sequence[Change], here: tzinfo) -> Iterator[str]:
    by_day = groupby(changes, key=lambda change: change.at.astimezone(here).date())
    for day, of_day in by_day:
        entries = "".join(_entry(change, here) for change in of_day)
        yield f'<h2 class="words-h2">{day:%A} {day.day} {day:%B %Y}</h2><ol>{entries}</ol>'


def _entry(change: Change, here: tzinfo) -> str:
    at = change.at.astimezone(here)
    changed = "".join(f"<li>{escape(line)}</li>" for line in history.lines(change, here))
    why = f"<p>Reason: <bdi>{escape(change.reason)}</bdi></p>" if change.reason else ""
    return (
        f'<li><time datetime="{at.isoformat()}">{at:%H:%M}</time><div>'
        f"<p><strong><bdi>{escape(change.module_name or history.GONE_MODULE)}</bdi></strong> "
        f'<span class="words-quiet">{_by(change)}</span></p><ul>{changed}</ul>{why}</div></li>'
    )


def _by(change: Change) -> str:
    """Whose work it was: 'The student's own work', or who of the staff, and by which way."""
    source = SOURCES.get(change.source, change.source)
    return escape(f"{change.author} ({source.lower()})" if change.author else source)
