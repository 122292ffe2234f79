"""Modules across classes, or classes with one module: worst first, and who is far from the others, in words."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from typing import Final

from dashboard import reads
from dashboard.components.formats import lasting, share
from dashboard.components.table import Cell, Column, Link, ShareBar, table
from dashboard.components.text import heading, paragraph
from dashboard.views.trends.asked import TrendQuery
from data.reading.modules.page import MOST_CLASSES
from data.reading.trends.modules import module_tallies
from data.reading.trends.outliers import (
    FEWEST_BEGUN,
    GAP,
    Outlier,
    Tally,
    furthest,
    is_compared,
    slowest,
    together,
    worst_first,
)
from data.reading.trends.weeks import FEWEST_CLASSES

BEGUN: Final = Column("Begun", "number", help="Of all students: any status but not started.")
FINISHED: Final = Column("Completed, of those who began", "bar")
FAILED: Final = Column("Below the pass mark", "number", help="Of those who began.")


def draw(query: TrendQuery) -> None:
    """As it is now, whatever the period."""
    compared = [*query.classes, *query.others]
    if len(compared) > MOST_CLASSES:
        paragraph(
            f"Modules of more than {MOST_CLASSES} classes are not compared: choose an organisation.",
            quiet=True,
        )
        return
    tallies = reads.ask(module_tallies, tuple(one.id for one in compared), query.module)
    if not any(one.begun for one in tallies):
        return
    if query.module:
        _draw_classes(query, tallies)
    else:
        _draw_modules(query, tallies)
    words = "As it is now, not as of the period."
    if is_compared(tallies, query.class_id):
        words += (
            f" Far from the others is {round(100 * GAP)} points or more of what was begun, in a class where at "
            f"least {FEWEST_BEGUN} began it, from the median of at least {FEWEST_CLASSES} other classes; or "
            "twice their days and 3 days more."
        )
    paragraph(words, quiet=True)


# --- modules ---


def _draw_modules(query: TrendQuery, tallies: Sequence[Tally]) -> None:
    mine = {one.id for one in query.classes}
    by_module = {module: list(each) for module, each in groupby(tallies, lambda one: one.module_id)}
    shown = worst_first(
        together(here)
        for each in by_module.values()
        if (here := [one for one in each if one.class_id in mine])
    )
    outliers = {one.module_id: furthest(by_module[one.module_id], query.class_id) for one in shown}
    if not shown or not shown[0].begun:
        return
    heading(f"Completed least: {shown[0].module}, {_of_those(shown[0])}", 2)
    gaps = sorted((one for one in outliers.values() if one), key=_gap)
    paragraph(said(_name(query, gaps[-1]), gaps[-1]) if gaps else _nobody(query, tallies))
    table(
        key="trends_modules",
        caption="Modules, worst first",
        is_captioned=False,
        columns=(
            Column("Module", "link"),
            BEGUN,
            FINISHED,
            FAILED,
            *([Column("Furthest from the others")] if gaps else []),
        ),
        rows=[
            [
                *_module(query, one, by_module[one.module_id]),
                *([_briefly(query, outliers[one.module_id])] if gaps else []),
            ]
            for one in shown
        ],
    )


def _module(query: TrendQuery, one: Tally, each: Sequence[Tally]) -> list[Cell]:
    sizes = {each.id: each.students for each in query.classes}
    students = sum(sizes.get(tally.class_id, 0) for tally in each)
    to = {"module": str(one.module_id)}
    if query.class_id:
        to["class"] = str(query.class_id)
    elif query.organisation:
        to["organisation"] = str(query.organisation)
    return [
        Link(one.module, "trends", to),
        share(one.begun, students),
        _bar(one),
        share(one.failed, one.begun),
    ]


def _gap(one: Outlier) -> Fraction:
    return abs((one.tally.finished or 0) - (one.share or Fraction(0)))


def _of_those(one: Tally) -> str:
    """'by 1 of 3 who began': a share of few would say more than is known."""
    return f"by {one.completed:,} of {one.begun:,} who began ({_finished(one)})"


def _finished(one: Tally) -> str:
    return share(one.completed, one.begun)


def _bar(one: Tally) -> ShareBar | None:
    return None if one.finished is None else ShareBar(float(one.finished), _finished(one))


def _name(query: TrendQuery, one: Outlier) -> str:
    return next(each.name for each in query.offered if each.id == one.tally.class_id)


def _briefly(query: TrendQuery, one: Outlier | None) -> str:
    if one is None:
        return ""
    return f"{_name(query, one)}: {_finished(one.tally)}, others {share(one.share or 0, 1)}"


def said(name: str, one: Outlier) -> str:
    """'7b takes 19 days for Fractions where the median of 6 other classes is 6 days.'"""
    of_others = f"where the median of {one.others} other classes is"
    if one.time is not None:
        here, there = lasting(one.tally.middle or one.time), lasting(one.time)
        return f"{name} takes {here} for {one.tally.module} {of_others} {there}."
    here, there = _finished(one.tally), share(one.share or 0, 1)
    return (
        f"In {name} {here} of those who began {one.tally.module} completed it, {of_others} {there}."
    )


def _nobody(query: TrendQuery, tallies: Sequence[Tally]) -> str:
    if not is_compared(tallies, query.class_id):
        return "There are too few classes to compare."
    far = "This class is not far" if query.class_id else "No class is far"
    return f"{far} from the others."


# --- classes ---


def _draw_classes(query: TrendQuery, tallies: Sequence[Tally]) -> None:
    outlier = slowest(tallies, query.class_id) or furthest(tallies, query.class_id)
    heading(
        (said(_name(query, outlier), outlier) if outlier else _nobody(query, tallies)).rstrip("."),
        2,
    )
    names = {one.id: one for one in query.offered}
    table(
        key="trends_classes",
        caption="Classes, worst first",
        is_captioned=False,
        columns=(
            Column("Class", "link"),
            Column("Students", "number"),
            BEGUN,
            FINISHED,
            FAILED,
            Column(
                "Median time",
                "number",
                help="From begun to completed, of those of whom both are known.",
            ),
            Column("Known for", "number"),
        ),
        rows=[
            [
                Link(
                    names[one.class_id].name,
                    "module",
                    {"class": str(one.class_id), "module": str(one.module_id)},
                ),
                f"{names[one.class_id].students:,}",
                share(one.begun, names[one.class_id].students),
                _bar(one),
                share(one.failed, one.begun),
                lasting(one.middle) if one.middle is not None else None,
                f"{len(one.took):,} of {one.completed:,}",
            ]
            for one in worst_first(tallies)
        ],
    )
