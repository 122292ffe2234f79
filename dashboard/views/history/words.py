"""The history page's sentences: its answer, and what is filtered."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

from dashboard import reads
from dashboard.components.formats import day
from dashboard.components.text import count
from dashboard.views.history import filters
from dashboard.views.history.filters import HistoryQuery
from data.reading.classes import overview
from data.reading.history.changes import (
    ASKED_SOURCES,
    SOURCES,
    Change,
    HistoryFilter,
    history,
    history_count,
)
from data.reading.history.options import history_modules, history_people, history_span
from data.reading.history.saves import SavedBatch

MOST_COUNTED: Final = 10_000


def answer(asked: HistoryQuery, here: tzinfo) -> str:
    """How many changes, since when, and the last of them."""
    if asked.name:
        return (
            f"“{asked.name}” is in the name of {count(len(asked.students), 'student', 'students')}."
        )
    total = reads.ask(history_count, asked.entries, MOST_COUNTED + 1)
    if total == 0:
        return "No changes."
    many = count(total, "change", "changes")
    if total > MOST_COUNTED:
        many = f"More than {MOST_COUNTED:,} changes"
    last = reads.ask(history, asked.entries).changes[0]
    return f"{many}{_since(asked, here)}; the last {when(last.at, here)}{_who(last)}."


def answer_saves(asked: HistoryQuery, found: Sequence[SavedBatch], here: tzinfo) -> str:
    """The last of what was saved together."""
    if asked.name:
        return answer(asked, here)
    if not found:
        return "No saves."
    return f"Saves, newest first. The last was {when(found[0].at, here)}."


def _since(asked: HistoryQuery, here: tzinfo) -> str:
    """' since 1 Sep 2026'; of a filtered history only where the filter says it."""
    first = asked.entries.since
    if asked.entries == HistoryFilter():
        first, _ = reads.ask(history_span) or (None, None)
    return f" since {day(first, here)}" if first else ""


def when(moment: datetime, here: tzinfo) -> str:
    """'today at 10:12', 'on 12 Nov 2026 at 14:05'."""
    local, today = moment.astimezone(here), reads.visit().now.astimezone(here).date()
    ago = (today - local.date()).days
    on = {0: "today", 1: "yesterday"}.get(ago, f"on {day(moment, here)}")
    return f"{on} at {local:%H:%M}"


def _who(change: Change) -> str:
    if change.author:
        return f" by {change.author}"
    source = SOURCES.get(change.source, change.source)
    return f", {source[:1].lower()}{source[1:]}"


def sentence(asked: HistoryQuery, here: tzinfo, what: str = "changes") -> str:
    """What is filtered: 'Showing changes of Ann Archer, in 7 Blue, from 3 Oct 2026.'"""
    entries, parts = asked.entries, []
    if asked.student:
        parts.append(f"of {filters.named(asked.student)}")
    if entries.class_id:
        parts.append(f"in {reads.ask(overview.options, None).classes[entries.class_id]}")
    if entries.module_id:
        parts.append(f"in {reads.ask(history_modules, None)[entries.module_id]}")
    if entries.author_id:
        parts.append(f"by {reads.ask(history_people)[entries.author_id]}")
    if entries.source:
        parts.append(f"whose source is “{ASKED_SOURCES[entries.source]}”")
    if entries.since:
        parts.append(f"from {day(entries.since, here)}")
    if entries.until:
        parts.append(f"to {day(entries.until - timedelta(days=1), here)}")
    return f"Showing {what} {', '.join(parts)}." if parts else f"Showing all {what}."
