"""Which rows of the table are shown: the filters of the class page, in the URL."""

from typing import Any, Final

import streamlit as st

from dashboard.components import filter_bar, selection
from dashboard.components.formats import zone
from dashboard.components.toolbar import Control, FilterSet, ToolbarEvent, by_address, toolbar
from dashboard.reads import carried
from dashboard.views.grid import pages
from data.reading.classes.overview import ClassOptions
from data.reading.filters import FILTERS, Chosen, read_filters

FIRST: Final = ("class", "module", "name", "status")
FURTHER: Final = tuple(one.key for one in FILTERS if one.key not in FIRST)
OF_STUDENTS: Final = frozenset({"attention", "score", "since"})
"""What of these says whose rows are shown, and not which."""

ALL: Final = carried.ALL
"""Instead of a module in the URL: every module of the class."""

NARROWING: Final = ("name", "status", *FURTHER)
"""What can be turned off."""

ROWS: Final = "rows"
BLOCK: Final = "block"
"""What is chosen instead of filters: the cells that are selected in the class."""

LOCKED: Final = (
    "Filters are locked until you save or discard, so that every change stays with its row."
)


def asked() -> dict[str, Any]:
    """The filters the URL asks for; what is unreadable there is left out."""
    return read_filters(st.query_params.to_dict(), zone())[0]


def fitted(wanted: Chosen, options: ClassOptions) -> dict[str, Any]:
    """With a class that is on offer and one of its modules: the first, unless all are asked for. The cells that
    are selected in the class come before all that, unless the URL says otherwise."""
    block = selection.selected(wanted["class"])
    if block and st.query_params.get(ROWS) != ALL:
        return {"class": wanted["class"], BLOCK: block}
    chosen = {key: value for key, value in wanted.items() if key not in ("class", "module")}
    chosen["class"] = wanted["class"]
    if chosen.get("type") not in options.types:
        chosen.pop("type", None)
    module = wanted.get("module")
    if module in options.modules:
        chosen["module"] = module
    elif st.query_params.get("module") != ALL:
        offered = (one for one in options.all_modules if chosen.get("type") in (None, one.type))
        if one := next(offered, None):
            chosen["module"] = one.id
    return chosen


def draw(chosen: Chosen, options: ClassOptions, sentence: str, *, locked: bool) -> None:
    """The bar. Locked, it says why and how to go on."""
    by_key = {one.key: one for one in FILTERS}
    controls = []
    for key in FIRST[:1] if BLOCK in chosen else FIRST:
        one = by_key[key]
        names = dict(one.choices(options)) if one.choices else {}
        listed = [(one.write(value), name) for value, name in names.items()]
        written = one.write(chosen[key]) if key in chosen else ""
        if key == "module":
            listed.append((ALL, "All modules"))
            written = written or ALL
        nothing = None if key in ("class", "module") else "Any"
        note = None if key == "status" else one.help
        controls.append(Control(key, one.label, one.kind, written, listed, nothing, note))
    if BLOCK not in chosen:
        controls += [filter_bar.control(by_key[key], chosen, options) for key in FURTHER]
    if block := selection.selected(chosen["class"]):
        ways = [("", f"The {block.words} selected in the class"), (ALL, "By filters")]
        controls.append(Control(ROWS, "Rows", "choice", "" if BLOCK in chosen else ALL, ways))
    toolbar(
        key="grid_filters",
        label="Rows to show",
        controls=controls,
        sentence=LOCKED if locked else sentence,
        can_clear=bool({*NARROWING} & set(chosen)),
        locked=locked,
        on_event=_follow,
    )


def _follow(event: ToolbarEvent) -> None:
    st.query_params.pop(pages.PAGE, None)
    match event:
        case FilterSet("class", written):
            st.query_params.from_dict({"class": written})
        case _:
            by_address(*NARROWING)(event)
