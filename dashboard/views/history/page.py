"""What changed, by whom, why, and how is it put back?"""

from __future__ import annotations

from datetime import tzinfo
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import (
    batch_list,
    history,
    history_bar,
    history_export,
    history_words,
    kept,
    links,
    pager,
    putting_back,
)
from dashboard.components.history_bar import Asked
from dashboard.components.moments import zone
from dashboard.components.words import notice, opening, paragraph
from data.queries import HistoryFilter


def draw() -> None:
    """The page: single changes, what was saved together, or one of these."""
    here = zone()
    if "batch" in st.query_params:
        _draw_batch(links.named_in_address("batch"), here)
    elif history_bar.shows_saves():
        _draw_saves(here)
    else:
        _draw_changes(here)


def _draw_changes(here: tzinfo) -> None:
    asked = history_bar.read()
    _draw_head(asked, history_words.answer(asked, here))
    if history_bar.draw(asked, history_words.sentence(asked, here), ("Export",)) and not asked.name:
        history_export.draw(asked.entries)
    if asked.name:
        history_bar.draw_students(asked)
        return
    if not _draw_restore(asked, here):
        _draw_entries(asked.entries, here, asked.student.name if asked.student else "")


def _draw_entries(
    asked: HistoryFilter,
    here: tzinfo,
    student: str = "",
    choosing: history.Choosing | None = None,
) -> None:
    before = pager.number()
    page = reads.history(asked, before)
    history.draw_entries(
        page.changes,
        here,
        key="entries",
        caption="Changes, newest first",
        may_restore=reads.visit().actor.may_edit,
        of_student=student,
        keepings=kept.on_page(asked, page, is_first=before is None),
        choosing=choosing,
    )
    pager.draw(str(page.next_before_id) if page.next_before_id else None)


def _draw_restore(asked: Asked, here: tzinfo) -> bool:
    """The way to a cell's earlier values, where the URL asks for it; True while it fills the page."""
    entry, module = links.number_in_address("entry"), asked.entries.module_id
    if not (entry is not None and asked.student and module and reads.visit().actor.may_edit):
        return False
    who = asked.student.name, reads.history_modules(None)[module]
    return putting_back.draw_restore(asked.student.id, module, who, entry, here)


def _draw_saves(here: tzinfo) -> None:
    asked, before = history_bar.read(), pager.uuid_here()
    found = reads.batches(asked.entries, reads.batch(before) if before else None)
    _draw_head(asked, history_words.answer_saves(asked, found, here))
    history_bar.draw(asked, history_words.sentence(asked, here, "saves"), ())
    if asked.name:
        history_bar.draw_students(asked)
        return
    batch_list.draw(found, here, may_undo=reads.visit().actor.may_edit)
    pager.draw(str(found[-1].id) if len(found) == reads.SAVES_A_PAGE else None)


def _draw_head(asked: Asked, answer: str) -> None:
    opening("History", answer)
    if asked.unread:
        notice(f"Left out of this link, because it fits nothing here: {', '.join(asked.unread)}.")


def _draw_batch(batch_id: UUID | None, here: tzinfo) -> None:
    batch = reads.batch(batch_id) if batch_id else None
    if batch is None:
        opening("History", "This save was not found among the changes that you may see.")
        links.to("history", "The whole history")
        return
    names = putting_back.names_of(reads.batch_changes(batch.id))
    if st.query_params.pop("undo", None) and batch.editable and not batch.is_undone:
        putting_back.begin_undo(batch, names)
    opening("History", batch_list.sentence(batch, here))
    if batch.reason:
        paragraph(f"Reason: {batch.reason}")
    links.to("history", "The whole history")
    if putting_back.draw_undo(batch, names):
        return
    _draw_entries(
        HistoryFilter(batch_id=batch.id), here, choosing=putting_back.choosing(batch, names)
    )


draw()
