"""A small real HTML table, for what people must read: classes, a student's modules, a history.

Drawn in the browser like the matrix, every stored text as text. Below 640 px a row becomes a card.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import streamlit as st

from dashboard.components import browser
from dashboard.reads import looks
from data.rules.ids import as_uuid

CellKind = Literal[
    "text", "number", "date", "email", "bar", "buckets", "status", "spark", "strip", "link", "links", "lines",
    "tick",
]  # fmt: skip
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
    """A heading. `kind` says how plain values are drawn; `help` is said at the heading. A column of controls
    is not `on_paper`. With `sort` the heading is a button."""

    label: str
    kind: CellKind = "text"
    help: str | None = None
    align: Align | None = None
    on_paper: bool = True
    sort: ColumnSort | None = None


@dataclass(frozen=True)
class ShareBar:
    """A fraction from 0 to 1 and the text beside it."""

    fraction: float
    text: str


@dataclass(frozen=True)
class Buckets:
    """How many completed, in progress, not started, in another status: a bar of these parts with its counts."""

    completed: int
    in_progress: int
    not_started: int
    other: int = 0


@dataclass(frozen=True)
class StatusCell:
    """A status as the database spells it, and marks (letters of `status.MARKS`)."""

    status: str
    marks: str = ""


@dataclass(frozen=True)
class Spark:
    """A small line of numbers (None leaves a gap) and the sentence that says the same."""

    values: Sequence[float | None]
    sentence: str


@dataclass(frozen=True)
class Strip:
    """One value among others on a scale from 0 to 100; what is None is not drawn, what is beyond the scale
    neither. It is a picture: the row's other cells must say the same in figures."""

    others: Sequence[float]
    half: tuple[float, float] | None
    median: float | None
    value: float | None
    limit: float | None


@dataclass(frozen=True)
class Link:
    """A link to a page: its URL path and query parameters."""

    label: str
    page: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def href(self) -> str:
        return f"{self.page}?{urlencode(self.params)}" if self.params else self.page


@dataclass(frozen=True)
class Way:
    """One of several links in a cell: its address (`mailto:` too), and the key of `status.NEEDS` whose symbol
    stands before it, if one does."""

    label: str
    href: str
    need: str | None = None


@dataclass(frozen=True)
class Ways:
    """Links below each other, and words after the last."""

    each: Sequence[Way]
    rest: str = ""


@dataclass(frozen=True)
class RowGroup:
    """A heading over the rows that follow it, with a note beside it and perhaps a link."""

    label: str
    note: str = ""
    link: Link | None = None


@dataclass(frozen=True)
class Unfold:
    """A row's heading that opens and closes what lies beneath the row: a button. The address says which row is
    open: `params` are those of the page with this row open, or of the page with it closed where it is open.

    `beneath` is escaped HTML of ours where the row is open, `links` the ways that stand below it.
    """

    label: str
    page: str
    params: Mapping[str, str]
    beneath: str | None = None
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class Tick:
    """A check box: the `name` it is told by, a label for who cannot see the row, and whether it is on."""

    name: str
    label: str
    is_on: bool


Cell = (
    Tick | Unfold | str | ShareBar | Buckets | StatusCell | Spark | Strip | Link | Ways | Sequence[str] | None
)  # fmt: skip

_mount = browser.component("table", Path(__file__).parent, "cells.js", "table.js", "table.css")


def table(
    *,
    key: str,
    caption: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell] | RowGroup],
    empty: str = "Nothing to show.",
    folded: str | None = None,
    is_captioned: bool = True,
    on_tick: Callable[[Mapping[str, bool]], None] | None = None,
    is_of_names: bool = False,
) -> None:
    """Draw the table. A link leads within the dashboard; that somebody looks at the students to whose page one
    leads is recorded, unless they are only found here by name (`is_of_names`).

    A row has one cell a column; the first is the row's heading. A group's heading begins a new part.
    Numbers and dates come formatted. `folded` are the words to click on where the table is to be seen only
    then, and on paper. Where the page has just said what the table is, the caption is for who cannot see
    alone (not `is_captioned`). `on_tick` is called after a click on a check box, before the rerun that
    follows, with all of them as they then stand: a click overtaken by the next is not lost.
    """
    heads = [
        [each.label, each.kind, each.help, each.align, each.on_paper, _sorting(each.sort)]
        for each in columns
    ]
    kinds = [each.kind for each in columns]
    body = [
        _headed(row)
        if isinstance(row, RowGroup)
        else [_drawn(*pair) for pair in zip(row, kinds, strict=True)]
        for row in rows
    ]
    data = [caption, heads, body, empty, folded, is_captioned]
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


def _drawn(cell: Cell, kind: CellKind) -> str | list[object] | None:
    """A cell as the browser gets it: text, or a list that begins with what it is."""
    match cell:
        case None:
            return None
        case str():
            return ["status", cell, ""] if kind == "status" else cell
        case ShareBar():
            return ["bar", min(max(cell.fraction, 0.0), 1.0), cell.text]
        case Buckets():
            return ["buckets", cell.completed, cell.in_progress, cell.not_started, cell.other]
        case StatusCell():
            return ["status", cell.status, cell.marks]
        case Spark():
            return ["spark", list(cell.values), cell.sentence]
        case Strip():
            return ["strip", list(cell.others), cell.half, cell.median, cell.value, cell.limit]
        case Link():
            return ["link", cell.href, cell.label]
        case Ways():
            return ["links", [[one.href, one.label, one.need] for one in cell.each], cell.rest]
        case Tick():
            return ["tick", cell.name, cell.label, cell.is_on]
        case Unfold():
            way = f"{cell.page}?{urlencode(cell.params)}"
            beneath = [[each.href, each.label] for each in cell.links]
            return ["unfold", way, cell.label, cell.beneath, beneath]
        case _:
            return ["lines", *cell]
