"""How does this class stand, and who needs me?"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import tzinfo
from typing import Any

import streamlit as st

from dashboard import reads
from dashboard.components import (
    address,
    block_bar,
    cell_panel,
    filter_bar,
    view_bar,
    wire,
)
from dashboard.components import matrix as grid
from dashboard.components.moments import day, share, zone
from dashboard.components.words import count, heading, notice, opening, paragraph
from data.arrangement import Arranged, Arrangement
from data.exporting import Export
from data.filters import Chosen
from data.queries import ClassPage, Matrix

LAST_VIEW = "last_view"


def draw() -> None:
    """The page."""
    _return_to_last_view()
    asked, unread = address.filters()
    page = reads.class_page(asked)
    if page.matrix is None:
        heading("Class")
        paragraph("You have no classes yet. Ask your administrator to give you one.")
        return
    _remember_view()
    wire.watch(page.chosen["class"])
    wanted = address.arrangement()
    _draw_class(page, page.matrix, asked, wanted, unread)


def _return_to_last_view() -> None:
    """Without an address: where this person was before, else their default view, else the last visit."""
    if address.parameters():
        return
    saved: dict[str, Any] | None = st.session_state.get(LAST_VIEW)
    if saved is None:
        default = next((view for view in reads.saved_views() if view.is_default), None)
        saved = dict(default.parameters) if default else _from_cookie()
    address.go_to(saved)


def _from_cookie() -> dict[str, str]:
    try:
        kept = json.loads(wire.read(wire.LAST_VIEW) or "{}")
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}


def _remember_view() -> None:
    here = address.parameters()
    st.session_state[LAST_VIEW] = here
    kept = {key: value for key, value in here.items() if key != "name"}
    wire.keep(wire.LAST_VIEW, json.dumps(kept, sort_keys=True) if kept else "")


def _draw_class(
    page: ClassPage, found: Matrix, asked: Chosen, wanted: Arrangement, unread: list[str]
) -> None:
    shown = reads.arranged(asked, wanted)
    name = page.options.classes[page.chosen["class"]]
    opening(name, _answer(found))
    if dropped := unread + list(page.left_out):
        notice(f"Left out of this link, because it fits nothing here: {', '.join(dropped)}.")
    sentence = filter_bar.sentence(page.chosen, page.options, len(found.students))
    opened = filter_bar.draw(page.chosen, page.options, sentence, tuple(view_bar.DOORS))
    if opened is not None:
        view_bar.draw(opened, found, shown, wanted, _export(name, sentence, shown))
    if not found.students or not found.modules:
        paragraph("No student fits these filters. Clear them, or choose others.")
        return
    _draw_matrix(name, asked, shown, wanted)
    if reads.visit().actor.may_edit:
        block_bar.draw(page.chosen)
    cell_panel.draw()


def _answer(found: Matrix) -> str:
    needy = sum(student.needs_attention for student in found.students)
    sentence = (
        f"{found.completed:,} of {count(found.cells, 'module', 'modules')} completed "
        f"({share(found.completed, found.cells)}), {found.in_progress:,} in progress, "
        f"{found.not_started:,} not started."
    )
    if needy:
        need = "student is" if needy == 1 else "students are"
        sentence += f" {needy} {need} stuck in a quiz or below a pass mark."
    return sentence


def _export(name: str, sentence: str, shown: Arranged) -> Export:
    visit = reads.visit()
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


def _draw_matrix(name: str, asked: Chosen, shown: Arranged, wanted: Arrangement) -> None:
    here = zone()
    data = reads.drawn(
        asked,
        wanted,
        (str(here), block_bar.cleared()),
        lambda: _as_drawn(name, shown, wanted, here),
    )
    grid.show(
        "matrix",
        data,
        lambda: (
            {str(column.module.id) for column in shown.modules},
            {str(student.id) for student in shown.students},
        ),
        _follow,
    )


def _as_drawn(name: str, shown: Arranged, wanted: Arrangement, here: tzinfo) -> bytes:
    groups: tuple[str | None, ...] = shown.groups or (None,) * len(shown.students)
    return grid.drawn(
        key="matrix",
        label=f"{name}: students by modules",
        modules=[
            grid.Module(
                str(column.module.id),
                column.module.name,
                column.module.type,
                column.completed,
                column.in_progress,
                column.not_started,
                pinned=column.module.id in shown.pins,
            )
            for column in shown.modules
        ],
        students=[
            grid.Student(
                str(student.id),
                student.name,
                student.cells,
                student.completed,
                student.in_progress,
                student.not_started,
                day(student.last_activity, here),
                group,
            )
            for student, group in zip(shown.students, groups, strict=True)
        ],
        sort=wanted.sort,
        density=wanted.density,
        can_edit=reads.visit().actor.may_edit,
        cleared=block_bar.cleared(),
    )


def _follow(event: grid.Event) -> None:
    if event.kind == "open" and event.student and event.module:
        cell_panel.open_for(event.student, event.module)
    if event.kind == "block":
        block_bar.select(event.students, event.modules)
    if event.kind == "sort" and event.by:
        address.write_arranged(replace(address.arrangement(), sort=event.by))


draw()
