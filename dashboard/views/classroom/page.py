"""How does this class stand, and who needs me?"""

from __future__ import annotations

from dashboard import reads
from dashboard.components import (
    address,
    block_bar,
    cell_panel,
    class_matrix,
    filter_bar,
    last_view,
    past_day,
    view_bar,
    wire,
)
from dashboard.components.moments import share, zone
from dashboard.components.past_day import PastDay
from dashboard.components.words import count, heading, notice, opening, paragraph
from data.arrangement import Arranged
from data.attention import RULES_BY_KEY
from data.exporting import Export
from data.filters import Chosen
from data.queries import ClassPage, Matrix

PRESSING = " or ".join(RULES_BY_KEY[key].title.lower() for key in ("stuck", "failed"))


def draw() -> None:
    """The page."""
    last_view.go_back()
    asked, unread = address.filters()
    past = past_day.asked()
    page = reads.class_page(asked, past.end)
    if page.matrix is None:
        heading("Class")
        paragraph("You have no classes yet. Ask your administrator to give you one.")
        return
    last_view.remember()
    if past.end is None:
        wire.watch(page.chosen["class"])
    _draw_class(page, page.matrix, asked, past, unread)


def _draw_class(
    page: ClassPage, found: Matrix, asked: Chosen, past: PastDay, unread: list[str]
) -> None:
    wanted = address.arrangement()
    shown = reads.arranged(asked, wanted, past.end)
    name = page.options.classes[page.chosen["class"]]
    opening(name, _answer(found))
    past_day.draw(past)
    if dropped := unread + list(page.left_out):
        notice(f"Left out of this link, because it fits nothing here: {', '.join(dropped)}.")
    sentence = filter_bar.sentence(page.chosen, page.options, len(found.students))
    doors = tuple(view_bar.DOORS)
    opened = filter_bar.draw(page.chosen, page.options, sentence, doors, with_day=True)
    if opened is not None:
        now = page.chosen["class"] if past.day is None else None
        view_bar.draw(opened, found, shown, wanted, _export(name, sentence, shown, past), now)
    if not found.students or not found.modules:
        paragraph("No student fits these filters. Clear them, or choose others.")
        return
    class_matrix.draw(name, page.chosen["class"], asked, shown, wanted, past)
    if reads.visit().actor.may_edit and past.end is None:
        block_bar.draw(page.chosen)
    cell_panel.draw(read_only=past.end is not None)


def _answer(found: Matrix) -> str:
    if not found.cells:
        return "Nobody to show here."
    needy = sum(student.needs_attention for student in found.students)
    sentence = (
        f"{found.completed:,} of {count(found.cells, 'module', 'modules')} completed "
        f"({share(found.completed, found.cells)}), {found.in_progress:,} in progress, "
        f"{found.not_started:,} not started."
    )
    if needy:
        need = "student is" if needy == 1 else "students are"
        sentence += f" {needy} {need} {PRESSING}."
    return sentence


def _export(name: str, sentence: str, shown: Arranged, past: PastDay) -> Export:
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
    )


draw()
