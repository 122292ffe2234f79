"""What the module page is asked for: read from the URL, and drawn as one bar of native controls."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import streamlit as st

from dashboard.components import filter_bar, links
from dashboard.components.formats import zone
from dashboard.components.toolbar import Control, FiltersCleared, FilterSet, ToolbarEvent, toolbar
from data.reading.filters import FILTERS, Chosen, read_filters, write_filters
from data.reading.modules.page import ModulePage

ALL: Final = "all"
"""The class in the URL that means all of mine; so does none."""

SHOW: Final = "show"
NEED: Final = "need"
SORT: Final = "sort"
EXPORT: Final = "Export"

NARROWING: Final = ("name", "status", "score", "since")


@dataclass(frozen=True)
class ModuleQuery:
    """What the URL asks for; `unread` are the labels of what could not be read."""

    module: UUID | None
    filters: dict[str, Any]
    unread: tuple[str, ...]


def asked() -> ModuleQuery:
    """Read the URL."""
    written = st.query_params.to_dict()
    if written.get("class") == ALL:
        del written["class"]
    module = links.named_in_address("module")
    of_page = {key: written[key] for key in written if key != "module"}
    filters, unread = read_filters(of_page, zone())
    for of_class in ("type", "attention"):
        filters.pop(of_class, None)
    return ModuleQuery(module, filters, tuple(unread))


def address(page: ModulePage, **further: str) -> dict[str, str]:
    """The page's parameters as it is shown now, but for the section; `further` ones replace its own."""
    written = {"class": ALL} | write_filters(page.chosen) | {"module": str(page.module.id)}
    return written | further


def draw(page: ModulePage) -> str | None:
    """The bar; returns the panel that is open."""
    by_key = {one.key: one for one in FILTERS}
    return toolbar(
        key="module_filters",
        label="Filters",
        controls=[
            _class_control(page),
            Control(
                "module",
                by_key["module"].label,
                "choice",
                str(page.module.id),
                [(str(module), name) for module, name in page.options.modules.items()],
            ),
            *(filter_bar.control(by_key[key], page.chosen, page.options) for key in NARROWING),
        ],
        sentence=sentence(page),
        can_clear=any(key in page.chosen for key in NARROWING),
        panels=[EXPORT],
        on_event=lambda event: _follow(event, page),
    )


def _class_control(page: ModulePage) -> Control:
    classes = [(str(one), name) for one, name in page.options.classes.items()]
    if page.may_choose_all:
        classes.insert(0, (ALL, f"All {len(classes)} of my classes that have it"))
    chosen = page.chosen.get("class", ALL)
    return Control("class", "Class", "choice", str(chosen), classes)


def sentence(page: ModulePage) -> str:
    """'Showing 3 of 28 students in 7 Blue, with …'."""
    parts = filter_bar.sentences(page.chosen, page.options)
    if "class" not in page.chosen:
        parts.insert(0, f"in all {len(page.options.classes)} of my classes")
    shown = len(page.found.students)
    return f"Showing {shown:,} of {page.eligible:,} students {', '.join(parts)}."


def _follow(event: ToolbarEvent, page: ModulePage) -> None:
    match event:
        case FilterSet("module", written):
            _go(page, page.chosen, module=written)
        case FilterSet(key, written):
            # "All" is no class's id, and so reads as none.
            _go(page, filter_bar.with_choice(page.chosen, key, written))
        case FiltersCleared():
            _go(page, {key: page.chosen[key] for key in ("class",) if key in page.chosen})


def _go(page: ModulePage, chosen: Chosen, module: str = "") -> None:
    kept = {key: st.query_params[key] for key in (SHOW, SORT) if key in st.query_params}
    named = {"class": ALL} | write_filters(chosen) | {"module": module or str(page.module.id)}
    st.query_params.from_dict(named | kept)
