"""How each of my classes is doing, as a table."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import links
from dashboard.components.formats import share, zone
from dashboard.components.table import Buckets, Cell, Column, Link, Spark, Way, Ways, table
from dashboard.components.text import count, heading, paragraph
from data.reading.classes.overview import TREND_WEEKS, ClassSummary
from data.reading.classes.targets import SetTarget, current_targets
from data.reading.filters import NEEDED
from data.rules.attention import RULES
from data.rules.target import day_in_words, in_words

COLUMNS = (
    Column("Class", "link"),
    Column("Organisation"),
    Column("Students", "number"),
    Column("Completed", "buckets", help="Of all modules of all its students."),
    Column("Last 7 days", "number", help="Modules completed, less what was taken back."),
    Column("Last 8 weeks", "spark", help="Share completed at the end of each week."),
    Column("Need attention", "links", help="By any rule; a student may be counted under several."),
)
ORGANISATION: Final = 1

FIRST: Final = 20
"""Of more classes than these, those in need come first, and all of them when they are asked for."""
ALL: Final = "all"


def draw(classes: Sequence[ClassSummary], known: int) -> None:
    """The section; of so many weeks it is `known` how they began."""
    heading("Classes", 2)
    shows_all = len(classes) <= FIRST or st.query_params.get("classes") == ALL
    shown = classes if shows_all else _neediest(classes)
    if not shows_all:
        paragraph("First come those with the largest share of students who need attention.")
    # What is the same in every row says nothing.
    left = {ORGANISATION} if len({one.organisation for one in classes}) == 1 else set()
    targets = reads.ask(current_targets)
    table(
        key="classes",
        caption="My classes",
        is_captioned=False,
        columns=[column for at, column in enumerate(COLUMNS) if at not in left],
        rows=[
            [
                cell
                for at, cell in enumerate(_row(one, known, targets.get(one.id)))
                if at not in left
            ]
            for one in shown
        ],
    )
    if not shows_all:
        links.to("overview", f"Show all {len(classes):,} classes by name", classes=ALL)
    elif len(classes) > FIRST:
        links.to("overview", f"Show only the first {FIRST} classes")


def _neediest(classes: Sequence[ClassSummary]) -> list[ClassSummary]:
    need = {one.id: one.needs_attention / max(1, one.students) for one in classes}
    return sorted(classes, key=lambda one: -need[one.id])[:FIRST]


def _row(one: ClassSummary, known: int, target: SetTarget | None) -> list[Cell]:
    here = {"class": str(one.id)}
    return [
        Link(one.name, "classroom", here),
        one.organisation,
        f"{one.students:,}",
        _completed(one, target),
        f"{one.trend[-1] - one.trend[-2]:+,}" if known and one.cells else None,
        _trend(one, known),
        _attention(one),
    ]


def _attention(one: ClassSummary) -> Ways | str:
    """How many, and by which rules, the gravest first."""
    if not one.needs_attention:
        return "0"
    whom = Link(
        f"{one.needs_attention:,}", "classroom", {"class": str(one.id), "attention": NEEDED}
    )
    rules = [
        f"{one.by_rule[rule.key]:,} {rule.title.lower()}"
        for rule in RULES
        if rule.key in one.by_rule
    ]
    return Ways([Way(whom.label, whom.href)], " · ".join(rules))


def _completed(one: ClassSummary, found: SetTarget | None) -> Buckets:
    """The share and what it is of, with the class's target as a line across it."""
    mark, note = None, ""
    today = reads.visit().now.astimezone(zone()).date()
    target = found.target(zone()) if found else None
    if target and (standing := target.standing(one.completed, one.cells, today)):
        mark = target.share / 100
        note = f"of {target.share} % by {day_in_words(target.by_day, today)}; {in_words(standing)}"
    counts = one.completed, one.in_progress, one.not_started, one.other
    return Buckets(*counts, share(one.completed, one.cells) if one.cells else "", mark, note)


def _trend(one: ClassSummary, known: int) -> Spark | None:
    """The weeks that are known, in the place that they have among all that are shown."""
    if not known or not one.cells:
        return None
    points = one.trend[-known - 1 :]
    first, last = share(points[0], one.cells), share(points[-1], one.cells)
    values = [None] * (TREND_WEEKS - known) + [100 * point / one.cells for point in points]
    return Spark(values, f"From {first} to {last} in {count(known, 'week', 'weeks')}.")
