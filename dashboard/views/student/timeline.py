"""What changed for one student, by whom and why: day by day, newest first."""

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links, pager
from dashboard.components.formats import zone
from dashboard.components.text import escape, paragraph
from dashboard.editing import change_table, locks
from data.i18n.dates import date_with_weekday
from data.reading.history.changes import Change, HistoryFilter, history
from data.reading.locks import LockEvent
from data.reading.students.page import StudentPage

A_PAGE: Final = 50


def draw(page: StudentPage) -> None:
    """A page of the changes, and the ways to older ones and to the history with its filters."""
    here = zone()
    empty_and_error.draw_known_since()
    asked, before = HistoryFilter(student_id=page.student.id), pager.number()
    found = reads.ask(history, asked, before, A_PAGE)
    entries = change_table.in_order(
        found.changes, locks.on_page(asked, found, is_first=before is None)
    )
    if not entries:
        paragraph("Nothing has changed since the history began.", quiet=True)
        return
    st.html(f'<div class="timeline">{"".join(_days(entries, here))}</div>')
    pager.draw(str(found.next_before_id) if found.next_before_id else None)
    links.to("history", "Open in History, to filter or export", student=str(page.student.id))


def _days(entries: Sequence[Change | LockEvent], here: tzinfo) -> Iterator[str]:
    by_day = groupby(entries, key=lambda one: one.at.astimezone(here).date())
    for day, of_day in by_day:
        items = "".join(_entry(one, here) for one in of_day)
        yield f'<h2 class="words-h2">{date_with_weekday(day)}</h2><ol>{items}</ol>'


def _entry(one: Change | LockEvent, here: tzinfo) -> str:
    at = one.at.astimezone(here)
    lines = (
        change_table.lines(one, here)
        if isinstance(one, Change)
        else change_table.lock_event_lines(one, here)
    )
    changed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    why = f"<p>Reason: <bdi>{escape(one.reason)}</bdi></p>" if one.reason else ""
    return (
        f'<li><time datetime="{at.isoformat()}">{at:%H:%M}</time><div>'
        f"<p><strong><bdi>{escape(change_table.module_name(one))}</bdi></strong> "
        f'<span class="words-quiet">{_by(one)}</span></p><ul>{changed}</ul>{why}</div></li>'
    )


def _by(one: Change | LockEvent) -> str:
    return escape(change_table.by(one) if isinstance(one, Change) else one.author or "")
