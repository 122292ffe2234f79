"""What changed, by whom, why, and how is it put back?"""

from datetime import tzinfo
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links, pager
from dashboard.components.formats import zone
from dashboard.components.text import opening, paragraph
from dashboard.editing import change_table, locks, preview_tables
from dashboard.reads import carried
from dashboard.views.history import export, filters, lines, saves, undo, words
from dashboard.views.history.filters import HistoryQuery
from data.reading.history.changes import MOST_ROWS, HistoryFilter, history
from data.reading.history.options import history_modules
from data.reading.history.saves import batch, batch_changes, batches

A_PAGE: Final = 50  # saves


def draw() -> None:
    """The page: single changes, what was saved together, or one of these."""
    here = zone()
    if "batch" in st.query_params:
        _draw_batch(links.named_in_address("batch"), here)
    elif filters.shown() == filters.SAVES:
        _draw_saves(here)
    else:
        _draw_changes(here)


def _draw_changes(here: tzinfo) -> None:
    asked = filters.read()
    _draw_head(asked, words.answer(asked, here))
    if filters.draw(asked, words.sentence(asked, here), ("Export",)) and not asked.name:
        export.draw(asked.entries)
    if asked.name:
        filters.draw_students(asked)
        return
    if not _draw_restore(asked, here):
        _draw_entries(asked.entries, here, filters.named(asked.student))


def _draw_entries(
    asked: HistoryFilter,
    here: tzinfo,
    student: str = "",
) -> None:
    before = pager.number()
    page = reads.ask(history, asked, before)
    is_summed_up = filters.shown() == filters.SUMMED_UP
    change_table.draw_entries(
        lines.summed_up(page.changes, here) if is_summed_up else page.changes,
        here,
        key="entries",
        caption="Changes, newest first",
        reader=reads.visit().actor,
        of_student=student,
        lock_events=locks.on_page(asked, page, is_first=before is None),
    )
    pager.draw(str(page.next_before_id) if page.next_before_id else None)


def _draw_restore(asked: HistoryQuery, here: tzinfo) -> bool:
    """The way to a cell's earlier values, where the URL asks for it; True while it fills the page."""
    entry, module = links.number_in_address("entry"), asked.entries.module_id
    if entry is None or asked.student is None or module is None:
        return False
    if not reads.visit().actor.may_correct(asked.student.id):
        return False
    who = asked.student.name, reads.ask(history_modules, None)[module]
    return undo.draw_restore(asked.student.id, module, who, entry, here)


def _draw_saves(here: tzinfo) -> None:
    asked, before = filters.read(), pager.uuid_here()
    found = reads.ask(batches, reads.ask(batch, before) if before else None, A_PAGE, asked.entries)
    _draw_head(asked, words.answer_saves(asked, found, here))
    filters.draw(asked, words.sentence(asked, here, "saves"), ())
    if asked.name:
        filters.draw_students(asked)
        return
    saves.draw(found, here, may_undo=reads.visit().actor.may_edit)
    pager.draw(str(found[-1].id) if len(found) == A_PAGE else None)


def _draw_head(asked: HistoryQuery, answer: str) -> None:
    if asked.entries.class_id:
        carried.remember(asked.entries.class_id)
    opening("History", answer)
    empty_and_error.draw_known_since()
    links.draw_ignored(asked.unread)
    filters.draw_periods()


def _draw_batch(batch_id: UUID | None, here: tzinfo) -> None:
    chosen = reads.ask(batch, batch_id) if batch_id else None
    if chosen is None:
        opening(
            "History",
            "This save was not found among the changes that you may see and that are kept.",
        )
        links.to("history", "The whole history")
        return
    changes = reads.ask(batch_changes, chosen.id, MOST_ROWS)
    names = undo.names_of(changes)
    if st.query_params.pop("undo", None) and chosen.editable and not chosen.is_undone:
        undo.begin_undo(chosen, names)
    opening("History", saves.sentence(chosen, here))
    if chosen.reason:
        paragraph(f"Reason: {chosen.reason}")
    links.to("history", "The whole history")
    if undo.draw_undo(chosen, names):
        return
    change_table.draw_entries(
        preview_tables.paged(undo.in_order(changes, names), f"batch_page_{chosen.id}"),
        here,
        key="entries",
        caption="Changes, by student",
        reader=reads.visit().actor,
        choosing=undo.choosing(chosen, names),
    )


draw()
