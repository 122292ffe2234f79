"""How the class is shown: arranged, kept as a named view, taken along as a file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import address
from dashboard.components.text import alert, paragraph
from dashboard.reports import elsewhere, export_files, panel
from data.files.exporting.rows import Export
from data.i18n.formats import unlike
from data.reading.classes.arrangement import NEED, Arranged, Arrangement
from data.reading.classes.matrix import Matrix
from data.reading.saved_views import SavedView, saved_views
from data.rules.details import type_label
from data.writing.saved_views import LONGEST_NAME, make_default, remove_view, save_view


def draw(
    opened: str,
    found: Matrix,
    shown: Arranged,
    wanted: Arrangement,
    export: Export,
    reports_of: UUID | None,
) -> None:
    """What is behind the open panel, between the bar and the table; reports only of a class as it is now."""
    with st.container(key="bar_panel", border=True):
        PANELS[opened](found, shown, wanted, export)
        if opened == "Export" and reports_of is not None:
            elsewhere.draw(reports_of, export)
            panel.draw_class(reports_of, export.title, shown)


def _arrange(found: Matrix, shown: Arranged, wanted: Arrangement, _: Export) -> None:
    modules = [column.module for column in found.modules]
    types = {one.id: type_label(one.type) for one in modules}
    names = unlike({one.id: one.name for one in modules}, types)
    groups: dict[UUID | str, str] = {}
    if any(student.flags for student in found.students):
        groups[NEED] = "Why they need attention"
    groups.update(names.items())
    st.session_state["view_group"] = wanted.group if wanted.group in groups else None
    st.session_state["view_pins"] = [pin for pin in wanted.pins if pin in names]
    st.session_state["view_hide"] = wanted.hide_finished
    with st.container(horizontal=True):
        st.selectbox(
            "Group students by need, or by their status in a module",
            list(groups),
            index=None,
            format_func=groups.__getitem__,
            key="view_group",
            placeholder="Not grouped",
            on_change=_write,
        )
        st.multiselect(
            "Modules to show first",
            list(names),
            format_func=lambda module: names[module],
            key="view_pins",
            placeholder="None",
            on_change=_write,
        )
    st.toggle("Hide modules everybody has completed", key="view_hide", on_change=_write)
    if shown.hidden:
        paragraph(f"Hidden because everybody has completed them: {shown.hidden}.", quiet=True)


def _write() -> None:
    state = st.session_state
    pins: Sequence[UUID] = state["view_pins"]
    address.write_arranged(
        replace(
            address.arrangement(),
            group=state["view_group"],
            pins=tuple(pins),
            hide_finished=state["view_hide"],
        )
    )


def _views(_found: Matrix, _shown: Arranged, _wanted: Arrangement, _export: Export) -> None:
    views: Sequence[SavedView] = reads.ask(saved_views)
    by_id = {view.id: view for view in views}
    labels = unlike({view.id: _label(view) for view in views})
    here = address.parameters()
    shown = next((view for view in views if dict(view.parameters) == here), None)
    st.session_state["view_open"] = shown.id if shown else None
    st.selectbox(
        "Open a view",
        list(by_id),
        index=None,
        format_func=labels.__getitem__,
        key="view_open",
        placeholder="Choose a view" if views else "None saved yet",
        on_change=_open,
        args=(by_id,),
    )
    if shown is not None and shown.is_mine:
        with st.container(horizontal=True):
            if shown.is_default:
                st.button("No default", key="view_no_default", on_click=_default, args=(None,))
            else:
                st.button("Make default", key="view_default", on_click=_default, args=(shown.id,))
            st.button("Remove", key="view_remove", on_click=_remove, args=(shown.id,))
    st.text_input("Name this view", key="view_name", max_chars=LONGEST_NAME)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Save view", key="view_save", on_click=_save)
        actor = reads.visit().actor
        if actor.organisation and actor.may_write:
            st.toggle("Share it with my organisation", key="view_share")
    if problem := st.session_state.pop("view_problem", None):
        alert(problem, field="view_name")


def _label(view: SavedView) -> str:
    if view.is_default:
        return f"{view.name} (my default)"
    if view.is_mine:
        return f"{view.name} (shared)" if view.is_shared else view.name
    return f"{view.name} (from {view.owner_name or 'a colleague'})"


def _open(by_id: dict[UUID, SavedView]) -> None:
    chosen = by_id.get(st.session_state["view_open"])
    if chosen is not None:
        address.go_to(dict(chosen.parameters))


def _save() -> None:
    state = st.session_state
    problem = save_view(
        reads.visit().actor,
        state["view_name"],
        address.parameters(),
        is_shared=bool(state.get("view_share")),
    )
    if problem is not None:
        state["view_problem"] = problem.message
    else:
        state["view_name"] = ""


def _default(view_id: UUID | None) -> None:
    make_default(reads.visit().actor, view_id)


def _remove(view_id: UUID) -> None:
    remove_view(reads.visit().actor, view_id)


def _export(_found: Matrix, _shown: Arranged, _wanted: Arrangement, export: Export) -> None:
    paragraph("Exactly what is shown: these students, modules and this order.", quiet=True)
    export_files.draw(export)


PANELS: Final = {"Arrange": _arrange, "Views": _views, "Export": _export}
"""The panels in the bar, and what is drawn behind each."""
