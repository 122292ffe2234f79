"""What a table's cells hold, and how the browser gets them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

CellKind = Literal[
    "text", "number", "date", "email", "bar", "buckets", "status", "spark", "strip", "link", "links", "lines",
    "tick",
]  # fmt: skip


@dataclass(frozen=True)
class ShareBar:
    """A fraction from 0 to 1 and the text beside it."""

    fraction: float
    text: str


@dataclass(frozen=True)
class Buckets:
    """How many completed, in progress, not started, in another status: a bar of these parts with its counts;
    perhaps a text beside it, a thin line across it at a fraction (`mark`), and below the words that say the
    same (`note`)."""

    completed: int
    in_progress: int
    not_started: int
    other: int = 0
    text: str = ""
    mark: float | None = None
    note: str = ""


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
    """Links below each other, or `beside` each other, and words after the last."""

    each: Sequence[Way]
    rest: str = ""
    beside: bool = False


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


def drawn(cell: Cell, kind: CellKind) -> str | list[object] | None:
    """A cell as the browser gets it: text, or a list that begins with what it is."""
    match cell:
        case None:
            return None
        case str():
            return ["status", cell, ""] if kind == "status" else cell
        case ShareBar():
            return ["bar", min(max(cell.fraction, 0.0), 1.0), cell.text]
        case Buckets():
            counts = cell.completed, cell.in_progress, cell.not_started, cell.other
            return ["buckets", counts, cell.text, cell.mark, cell.note]
        case StatusCell():
            return ["status", cell.status, cell.marks]
        case Spark():
            return ["spark", list(cell.values), cell.sentence]
        case Strip():
            return ["strip", list(cell.others), cell.half, cell.median, cell.value, cell.limit]
        case Link():
            return ["link", cell.href, cell.label]
        case Ways():
            ways = [[one.href, one.label, one.need] for one in cell.each]
            return ["links", ways, cell.rest, cell.beside]
        case Tick():
            return ["tick", cell.name, cell.label, cell.is_on]
        case Unfold():
            way = f"{cell.page}?{urlencode(cell.params)}"
            beneath = [[each.href, each.label] for each in cell.links]
            return ["unfold", way, cell.label, cell.beneath, beneath]
        case _:
            return ["lines", *cell]
