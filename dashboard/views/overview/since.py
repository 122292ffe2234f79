"""What is new in my classes: since I was last here, since Friday, or in 7 days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, section_bar
from dashboard.components.formats import PERIODS, WEEK, began, day, zone
from dashboard.components.table import Cell, Column, Link, Way, Ways, table
from dashboard.components.text import count, heading, paragraph
from dashboard.reads import carried, looks, namesakes
from data.reading.classes.news import LONGEST, ClassNews, news
from data.reading.classes.overview import ClassSummary
from data.reading.filters import NEEDED
from data.reading.history.changes import ANY_STAFF
from data.reading.history.options import history_cut
from data.rules.attention import RULES_BY_KEY
from data.writing.news_read import read_news

SINCE: Final = "since"
VISIT: Final = "visit"
TITLES: Final = {VISIT: "Since I was last here", **PERIODS}
COLUMNS: Final = (Column("Class", "link"), Column("What is new", "links"))

FIRST: Final = 8
"""So many classes are seen at once; those after them when they are asked for."""
MOST: Final = 100


@dataclass(frozen=True)
class Period:
    """Which of the TITLES, and when it began; whoever was away for longer was `cut_short`."""

    key: str
    since: datetime
    cut_short: bool = False

    @property
    def written(self) -> str:
        """As an address says when it began: by a word where it has one, else by the day."""
        return self.key if self.key in PERIODS else f"{self.since.astimezone(zone()):%Y-%m-%d}"


@dataclass(frozen=True)
class News:
    """What is new in a period: as a sentence, in how many classes, and a row for each of the first of them; and
    when I was last here before."""

    period: Period
    last: datetime | None
    answer: str
    classes: int
    rows: Sequence[Sequence[Cell]]


def read(classes: Sequence[ClassSummary]) -> News:
    """Whoever reads it has read it, from their next visit on."""
    last = read_news(reads.visit().actor)
    period = _period(last)
    if SINCE in st.query_params:
        carried.remember_days(period.written)
    found = reads.ask(news, period.since, MOST)
    by_class = _by_class(found.first, {one.id: one.name for one in classes})
    if not by_class:
        return News(period, last, f"Nothing new since {_moment(period)}.", 0, [])
    (first, (gravest, *_)), *_ = by_class
    where = f"in {count(found.classes, 'class', 'classes')}, first of all {first.label}"
    answer = f"New since {_moment(period)} {where}: {gravest.words(None)}."
    return News(period, last, answer, found.classes, _rows(by_class, period.written))


def draw(found: News) -> None:
    """The section."""
    period, last, rows = found.period, found.last, found.rows
    heading(f"New since {_moment(period)}", 2)
    offered = [key for key in TITLES if last or key != VISIT]
    section_bar.draw("./", [_way(key, period) for key in offered], label="Period")
    _draw_limits(period, last)
    if not rows:
        paragraph("Nothing new in your classes.")
        return
    table(
        key="news", caption="New, by class", columns=COLUMNS, rows=rows[:FIRST], is_captioned=False
    )
    if len(rows) > FIRST:
        words = f"{count(found.classes - FIRST, 'more class', 'more classes')} with something new"
        table(
            key="more_news",
            caption="New, in more classes",
            columns=COLUMNS,
            rows=rows[FIRST:],
            folded=words,
        )


def _period(last: datetime | None) -> Period:
    """What the address asks for; else since the last visit, and 7 days where there was none."""
    asked = st.query_params.get(SINCE, "")
    if asked not in PERIODS and last is not None:
        here = zone()
        today = datetime.combine(reads.visit().now.astimezone(here).date(), time(), tzinfo=here)
        month = today - LONGEST
        return Period(VISIT, max(last, month), cut_short=last < month)
    key = asked if asked in PERIODS else WEEK
    return Period(key, began(key))


def _moment(period: Period) -> str:
    if period.key == VISIT and not period.cut_short:
        return empty_and_error.when(period.since)
    return day(period.since, zone()) or ""


def _way(key: str, shown: Period) -> section_bar.SectionLink:
    return section_bar.SectionLink(
        TITLES[key], st.query_params.to_dict() | {SINCE: key}, key == shown.key
    )


def _draw_limits(period: Period, last: datetime | None) -> None:
    """What cannot be told, and why."""
    here, cut = zone(), reads.ask(history_cut)
    if period.cut_short:
        words = f"You were last here on {day(last, here)}. Only {LONGEST.days} days are listed."
        paragraph(words, quiet=True)
    if cut is not None and cut > period.since:
        paragraph(
            f"The history begins on {day(cut, here)}. Only completions are known before.",
            quiet=True,
        )
    if empty_and_error.is_read_later():
        unknown = (
            "Who got stuck or fell below a pass mark on the platform itself is not listed here."
        )
        paragraph(unknown, quiet=True)


def _by_class(
    found: Sequence[ClassNews], names: Mapping[UUID, str]
) -> list[tuple[Link, list[ClassNews]]]:
    news_of: dict[UUID, list[ClassNews]] = {}
    for one in found:
        news_of.setdefault(one.class_id, []).append(one)
    return [
        (Link(names[id_], "classroom", {"class": str(id_)}), each)
        for id_, each in news_of.items()
        if id_ in names  # Else it came while the page was read.
    ]


def _rows(by_class: Sequence[tuple[Link, Sequence[ClassNews]]], since: str) -> list[list[Cell]]:
    found = [one for _, each in by_class for one in each]
    looks.record(one.student_id for one in found if one.student_id)
    names = namesakes.labels((one.student_id, one.student_name) for one in found if one.student_id)
    return [
        [link, Ways([_way_to(each, names, since) for each in of_class], beside=True)]
        for link, of_class in by_class
    ]


def _way_to(one: ClassNews, names: Mapping[UUID, str], since: str) -> Way:
    """What happened, and the way to it: the student where it is one, else where the class shows it."""
    is_grave = one.kind in RULES_BY_KEY
    name = names.get(one.student_id) if one.student_id else None
    return Way(one.words(name), _link(one, since).href, one.kind if is_grave else None)


def _link(one: ClassNews, since: str) -> Link:
    if one.student_id:
        return Link("", "student", {"student": str(one.student_id)})
    of_class = {"class": str(one.class_id)}
    if one.kind == "changed":
        return Link("", "history", of_class | {"source": ANY_STAFF, "since": since})
    if one.kind == "completed" and not empty_and_error.is_read_later():
        return Link("", "history", of_class | {"since": since})
    return Link(
        "", "classroom", of_class | ({"attention": NEEDED} if one.kind in RULES_BY_KEY else {})
    )
