"""How does this class stand, and who needs me?"""

import streamlit as st

from dashboard import page_style, reads
from dashboard.components import (
    address,
    empty_and_error,
    filter_bar,
    links,
    selection,
)
from dashboard.components.formats import share, zone
from dashboard.components.text import count, opening, others, paragraph
from dashboard.pages import may_open
from dashboard.reads import carried, class_table, looks, student_list
from dashboard.views.classroom import (
    arrange_and_export,
    attention,
    cell_panel,
    charts,
    last_view,
    matrix_adapter,
    message,
    past_day,
    target,
)
from dashboard.views.classroom.entry import block, cell
from dashboard.views.classroom.past_day import PastDay
from dashboard.web import wire
from data.files.exporting.rows import Export
from data.reading.classes.arrangement import Arranged, Arrangement
from data.reading.classes.matrix import Matrix
from data.reading.classes.overview import ClassOptions
from data.reading.classes.page import ClassPage, class_page
from data.reading.filters import Chosen


def draw() -> None:
    """The page."""
    page_style.use_whole_width()
    last_view.go_back()
    asked, unread = address.filters()
    past = past_day.asked()
    page = reads.ask(class_page, asked, past.end)
    if page.matrix is None:
        empty_and_error.draw_no_classes("Class")
        return
    last_view.remember()
    carried.remember(page.chosen["class"])
    if past.end is None:
        wire.watch(page.chosen["class"])
    wanted = address.arrangement()
    shown = class_table.arranged(asked, wanted, past.end)
    # A place of its own: where the page moved down, what is being typed in the panel would be lost.
    with st.container():
        _draw_class(page, page.matrix, asked, wanted, shown, past, unread)
    names = {student.id: student.name for student in page.matrix.students}
    cell_panel.draw(page.chosen["class"], shown, names, read_only=past.end is not None)


def _draw_class(
    page: ClassPage,
    found: Matrix,
    asked: Chosen,
    wanted: Arrangement,
    shown: Arranged,
    past: PastDay,
    unread: list[str],
) -> None:
    looks.record((student.id for student in shown.students), page.chosen["class"])
    name = page.options.classes[page.chosen["class"]]
    student_list.show(name, (student.id for student in shown.students))
    opening(name, _answer(found, page.options), beside=charts.beside(found) if found.cells else "")
    past_day.draw(past)
    target.draw_head(page.chosen, found, past)
    if past.end is None:
        empty_and_error.draw_read_at()
    links.draw_ignored([*unread, *page.left_out], name)
    sentence = filter_bar.sentence(page.chosen, page.options, len(found.students))
    is_past = past.end is not None
    panels = (*arrange_and_export.PANELS, *(() if is_past else (target.PANEL, message.PANEL)))
    opened = filter_bar.draw(
        page.chosen, page.options, sentence, panels, with_day=True, is_past=is_past
    )
    if opened == target.PANEL:
        target.draw_panel(page.chosen["class"])
    elif opened == message.PANEL:
        message.draw(page.chosen["class"], shown)
    elif opened is not None:
        now = page.chosen["class"] if past.day is None else None
        arrange_and_export.draw(
            opened, found, shown, wanted, _export(page, name, sentence, shown, past), now
        )
    if not found.students or not found.modules:
        if not empty_and_error.draw_unfilled_class(page.chosen["class"], page.options):
            paragraph("No student matches these filters. Clear them, or choose others.")
        return
    stuck_after = page.figures.stuck_after if page.figures else None
    matrix_adapter.draw(name, page.chosen["class"], asked, shown, wanted, past, stuck_after)
    if may_open("bulk", reads.visit().actor) and past.end is None:
        cell.draw(page.chosen["class"])
        block.draw(page.chosen["class"])
        selection.draw(page.chosen)
    if past.end is None and page.figures:
        attention.draw(page.chosen["class"], page.figures)


def _answer(found: Matrix, options: ClassOptions) -> str:
    if not found.cells:
        if options.students and not options.all_modules:
            return f"{count(options.students, 'student', 'students')}, and no modules yet."
        return "Nobody to show here."
    needy = sum(bool(student.flags) for student in found.students)
    sentence = (
        f"{found.completed:,} of {count(found.cells, 'module', 'modules')} completed "
        f"({share(found.completed, found.cells)}), {found.in_progress:,} in progress, "
        f"{found.not_started:,} not started{others(found.other)}."
    )
    if needy:
        sentence += f" {count(needy, 'student needs', 'students need')} attention."
    return sentence


def _export(page: ClassPage, name: str, sentence: str, shown: Arranged, past: PastDay) -> Export:
    visit = reads.visit()
    if past.day is not None:
        # First of all: a long name is cut at its end.
        name, sentence = f"As of {past.day}, {name}", f"As it stood at {past.words}. {sentence}"
    return Export(
        title=name,
        modules=shown.modules,
        students=shown.students,
        cell_order=tuple(column.module.id for column in shown.modules),
        filters=sentence,
        author=visit.actor.full_name,
        made_at=visit.now,
        zone=zone(),
        class_id=page.chosen["class"],
        held=[page.figures] if page.figures else (),
    )


draw()
