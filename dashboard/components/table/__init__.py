"""A small real HTML table, for what people must read: classes, a student's modules, a history.

Drawn in the browser like the matrix, every stored text as text. Below 640 px a row becomes a card.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from dashboard.components import browser
from dashboard.components.table.cells import (
    Buckets,
    Cell,
    CellKind,
    Link,
    ShareBar,
    Spark,
    StatusCell,
    Strip,
    Tick,
    Unfold,
    Way,
    Ways,
    drawn,
)
from dashboard.reads import looks
from data.rules.ids import as_uuid

__all__ = [
    "Align",
    "Buckets",
    "Cell",
    "CellKind",
    "Column",
    "ColumnSort",
    "Link",
    "Order",
    "RowGroup",
    "ShareBar",
    "Spark",
    "StatusCell",
    "Strip",
    "Tick",
    "Unfold",
    "Way",
    "Ways",
    "table",
]

Align = Literal["left", "right"]
Order = Literal["none", "ascending", "descending"]


@dataclass(frozen=True)
class ColumnSort:
    """How the rows stand by a column now, and the page with its rows sorted by it, or the other way round."""

    order: Order
    page: str
    params: Mapping[str, str]


@dataclass(frozen=True)
class Column:
    """A heading that is more than its words. `kind` says how plain values are drawn; `help` is said at the
    heading. A column of controls is not `on_paper`. With `sort` the heading is a button. Where no row has
    anything in it, a column `if_any` is left out."""

    label: str
    kind: CellKind = "text"
    help: str | None = None
    align: Align | None = None
    on_paper: bool = True
    sort: ColumnSort | None = None
    if_any: bool = False


@dataclass(frozen=True)
class RowGroup:
    """A heading over the rows that follow it, with a note beside it and perhaps a link."""

    label: str
    note: str = ""
    link: Link | None = None


_mount = browser.component("table", Path(__file__).parent, "cells.js", "table.js", "table.css")


def table(
    *,
    key: str,
    caption: str,
    columns: Sequence[Column | str],
    rows: Sequence[Sequence[Cell] | RowGroup],
    empty: str = "Nothing to show.",
    folded: str | None = None,
    is_folded_on_phones_only: bool = False,
    is_captioned: bool = True,
    on_tick: Callable[[Mapping[str, bool]], None] | None = None,
    is_of_names: bool = False,
) -> None:
    """Draw the table. A link leads within the dashboard; that somebody looks at the students to whose page one
    leads is recorded, unless they are only found here by name (`is_of_names`).

    A row has one cell a column; the first is the row's heading. A group's heading begins a new part.
    Numbers and dates come formatted. `folded` are the words to click on where the table is to be seen only
    then, and on paper; with `is_folded_on_phones_only`, only where rows are cards. Where the page has just
    said what the table is, the caption is for who cannot see alone (not `is_captioned`). `on_tick` is called
    after a click on a check box, before the rerun that follows, with all of them as they then stand: a click
    overtaken by the next is not lost.
    """
    known = [Column(each) if isinstance(each, str) else each for each in columns]
    known, rows = _with_something(known, rows)
    heads = [
        [each.label, each.kind, each.help, each.align, each.on_paper, _sorting(each.sort)]
        for each in known
    ]
    kinds = [each.kind for each in known]
    body = [
        _headed(row)
        if isinstance(row, RowGroup)
        else [drawn(*pair) for pair in zip(row, kinds, strict=True)]
        for row in rows
    ]
    data = [caption, heads, body, empty, folded, is_captioned, is_folded_on_phones_only]
    cells = [cell for row in rows if not isinstance(row, RowGroup) for cell in row]
    if not is_of_names:
        to = [cell.params for cell in cells if isinstance(cell, Link) and cell.page == "student"]
        looks.record(filter(None, (as_uuid(each.get("student", "")) for each in to)))
    if on_tick is None:
        _mount(key=key, data=data)
        return
    names = {cell.name for cell in cells if isinstance(cell, Tick)}
    notify = on_tick
    _mount(
        key=key,
        data=data,
        on_event_change=lambda: notify(_ticked(st.session_state[key].get("event"), names)),
    )


def _with_something(
    columns: list[Column], rows: Sequence[Sequence[Cell] | RowGroup]
) -> tuple[list[Column], Sequence[Sequence[Cell] | RowGroup]]:
    """Without the columns that are there only if there is anything in them."""
    cells = [row for row in rows if not isinstance(row, RowGroup)]
    left_out = {
        place
        for place, column in enumerate(columns)
        if column.if_any and all(row[place] in (None, "") for row in cells)
    }
    if not left_out:
        return columns, rows

    def kept(row: Sequence[Cell]) -> list[Cell]:
        return [cell for place, cell in enumerate(row) if place not in left_out]

    return (
        [column for place, column in enumerate(columns) if place not in left_out],
        [row if isinstance(row, RowGroup) else kept(row) for row in rows],
    )


def _ticked(value: object, names: Collection[str]) -> dict[str, bool]:
    """The browser's word, taken only where it speaks of what was drawn."""
    found = {}
    match value:
        case ["ticks", list(pairs)]:
            for pair in pairs:
                match pair:
                    case [str(name), bool(is_on)] if name in names:
                        found[name] = is_on
    return found


def _sorting(sort: ColumnSort | None) -> list[str] | None:
    return None if sort is None else [sort.order, f"{sort.page}?{urlencode(sort.params)}"]


def _headed(group: RowGroup) -> dict[str, object]:
    """A group's heading as the browser gets it."""
    way = None if group.link is None else [group.link.href, group.link.label]
    return {"group": group.label, "note": group.note, "link": way}
