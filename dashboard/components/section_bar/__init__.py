"""A page's sections as a quiet row of links: each is an address, so Back, a bookmark and a second tab work.

(Streamlit's segmented control is a group of radio buttons: it writes the address, but Back does not go back.)

The page's head may be drawn along with them, title, answer and what needs attention: one element, where three
would each cost their time to mount.
"""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from urllib.parse import urlencode

from dashboard.components import browser
from dashboard.components.table import Link
from dashboard.components.text import name_tab


@dataclass(frozen=True)
class SectionLink:
    """The link to one section of the same page: its title, the page's parameters, and whether it is open."""

    title: str
    params: Mapping[str, str]
    is_open: bool


@dataclass(frozen=True)
class AttentionPoint:
    """What needs attention by one rule: sentences that lead there, and the rule in words. `need` is a key of
    `status.NEEDS`, whose symbol stands before them."""

    need: str
    ways: Sequence[Link]
    rule: str


@dataclass(frozen=True)
class PlaceInList:
    """Where what the page shows is in the list that `href` leads to: `number` `of` so many, between two
    addresses; '' before the first and after the last."""

    title: str
    href: str
    number: int
    of: int
    before: str
    after: str


@dataclass(frozen=True)
class PageHead:
    """How a page opens: its title, who it is about, the sentence that answers its question, what needs
    attention (or, where nothing does, the sentence that says so), and the way on to the next of a list."""

    title: str
    who: str
    answer: str
    points: Sequence[AttentionPoint]
    nothing: str
    place: PlaceInList | None = None


_mount = browser.component(
    "section_bar", Path(__file__).parent, "section_bar.js", "section_bar.css"
)


def draw(
    page: str,
    ways: Sequence[SectionLink],
    head: PageHead | None = None,
    *,
    label: str = "Sections of this page",
    key: str = "sections",
) -> None:
    """The row, under the head where one is given; `page` is the page's path in the URL, and `label` says what
    the row is for to who cannot see it. A page's second row has a `key` of its own."""
    if head:
        name_tab(head.title)
    drawn = [[f"{page}?{urlencode(one.params)}", one.title, one.is_open] for one in ways]
    _mount(key=key, data=[drawn, _drawn(head) if head else None, label])


def _drawn(head: PageHead) -> list[object]:
    points = [
        [one.need, [[way.href, way.label] for way in one.ways], one.rule] for one in head.points
    ]
    place = [*astuple(head.place)] if head.place else None
    return [head.title, head.who, head.answer, points, head.nothing, place]
