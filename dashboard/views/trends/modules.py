"""Modules across classes, or classes with one module: worst first, and who is far from the others, in words."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import groupby
from typing import Final

from dashboard import reads
from dashboard.components.formats import lasting, share
from dashboard.components.table import Cell, Column, Link, ShareBar, table
from dashboard.components.text import heading, paragraph
from dashboard.views.trends.asked import TrendQuery
from data.files.exporting.rows import Value
from data.i18n.formats import decimals
from data.reading.trends.modules import MOST_STUDENTS, MOST_TIMES, module_tallies
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
from data.reading.trends.weeks import FEWEST_CLASSES, Week

WORST: Final = 8
"""So many are in sight; the others are one click away."""
IN_PERIOD: Final = (
    Column("Completed in the period", "number", help="Less what was undone."),
    Column(
        "Median time",
        "number",
        help="From begun to completed, of those who completed it in the period and of whom both are known.",
    ),
)
NOW: Final = (
    Column("Begun", "number", help="Of all students, now: any status but not started."),
    Column("Completed, of those who began", "bar", help="Now."),
    Column("Below the pass mark", "number", help="Of those who began, now."),
)
HEADS: Final = (
    "Students", "Completed in the period", "Median days", "Known for", "Begun now", "Completed now",
    "Below the pass mark now",
)  # fmt: skip


def count(query: TrendQuery, shown: Sequence[Week]) -> list[Tally] | None:
    """How far the classes shown, and those beside them, are in their modules; None of too many students."""
    compared = [*query.classes, *query.others]
    if not query.module and sum(one.students for one in compared) > MOST_STUDENTS:
        return None
    days = (shown[0].first, shown[-1].last) if shown else (query.period.first, query.period.last)
    tallies = reads.ask(module_tallies, tuple(one.id for one in compared), query.module, *days)
    return tallies if any(one.begun for one in tallies) else []


def exported(query: TrendQuery, tallies: Sequence[Tally]) -> list[list[Value]]:
    """All of the table's figures for a file: exact, and days as a number."""
    rows = worst_first(tallies) if query.module else _mine(query, tallies)
    table: list[list[Value]] = [["Class" if query.module else "Module", *HEADS]]
    for one in rows:
        days = None if one.middle is None else decimals(one.middle / timedelta(days=1), 2)
        name = _class(query, one).label if query.module else one.module
        figures = days, len(one.took), one.begun, one.completed, one.failed
        table.append([name, one.students, one.completions, *figures])
    return table


def draw(query: TrendQuery, tallies: Sequence[Tally] | None, shown: Sequence[Week]) -> None:
    """Worst first."""
    if tallies is None:
        paragraph(
            f"The modules of more than {MOST_STUDENTS:,} students are not counted at once: choose an "
            "organisation, a class or a module.",
            quiet=True,
        )
    if not tallies:
        return
    mine = _mine(query, tallies)
    if query.module:
        heading("Classes, worst first", 2)
        _draw_table("classes", [Column("Class", "link"), *_columns(shown)], [
            [_class(query, one), *_figures(one, shown)] for one in worst_first(tallies)
        ])  # fmt: skip
    elif mine:
        heading("Modules, worst first", 2)
        far = _far(query, tallies)
        columns = [Column("Module", "link"), *_columns(shown)]
        if far:
            columns.append(Column("Furthest from the others"))
        _draw_table("modules", columns, [
            [_module(query, one), *_figures(one, shown),
             *([_briefly(query, far, one)] if far else [])]
            for one in mine
        ])  # fmt: skip
    _draw_meant(query, tallies, shown)


def _draw_table(key: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
    first, rest = rows[:WORST], rows[WORST:]
    table(
        key=f"trends_{key}",
        caption=f"{key.capitalize()}, worst first",
        is_captioned=False,
        columns=columns,
        rows=first,
    )
    if rest:
        table(
            key=f"trends_{key}_others",
            caption=f"The other {key}, worst first",
            is_captioned=False,
            columns=columns,
            rows=rest,
            folded=f"The other {len(rest)}",
        )


def _columns(shown: Sequence[Week]) -> list[Column]:
    return [*(IN_PERIOD if shown else ()), *NOW]


def _draw_meant(query: TrendQuery, tallies: Sequence[Tally], shown: Sequence[Week]) -> None:
    """What the figures are, in words."""
    words = "Begun, completed of those who began and below the pass mark are as of now"
    words += f"{', not of the period' if shown else ''}. What fewer than {FEWEST_BEGUN} began comes last."
    if not is_compared(tallies, query.class_id):
        words += " There are too few classes to compare."
    else:
        words += (
            f" Far from the others is {round(100 * GAP)} points or more of what was begun, in a class where at "
            f"least {FEWEST_BEGUN} began it, from the median of at least {FEWEST_CLASSES} other classes; or "
            "twice their days and 3 days more."
        )
    if sum(one.completions for one in tallies) > MOST_TIMES:
        words += (
            f" How long it took is looked up for up to {MOST_TIMES:,} completions: choose fewer classes, a "
            "module, or a shorter period."
        )
    paragraph(words, quiet=True)


# --- in words ---


def sentences(query: TrendQuery, tallies: Sequence[Tally]) -> str:
    """Which module is finished by the fewest, and which class is furthest from the others."""
    mine = _mine(query, tallies)
    if not mine or not mine[0].begun:
        return ""
    of_module = query.module is not None
    said_first = [] if of_module or mine[0].begun < FEWEST_BEGUN else [_least(mine[0])]
    outliers = sorted(_far(query, tallies).values(), key=_gap)
    outlier = slowest(tallies, query.class_id) if of_module else None
    if outlier := outlier or (outliers[-1] if outliers else None):
        said_first.append(said(_name(query, outlier), outlier))
    elif is_compared(tallies, query.class_id):
        far = "This class is not far" if query.class_id else "No class is far"
        said_first.append(f"{far} from the others in {'it' if of_module else 'any module'}.")
    return " ".join(said_first)


def _mine(query: TrendQuery, tallies: Sequence[Tally]) -> list[Tally]:
    """The modules of the classes shown, worst first."""
    ids = {one.id for one in query.classes}
    return worst_first(
        together(here)
        for _, each in groupby(tallies, lambda one: one.module_id)
        if (here := [one for one in each if one.class_id in ids])
    )


def _far(query: TrendQuery, tallies: Sequence[Tally]) -> dict[object, Outlier]:
    """By module who is furthest from the others, where somebody is far."""
    return {
        module: outlier
        for module, each in groupby(tallies, lambda one: one.module_id)
        if (outlier := furthest(list(each), query.class_id))
    }


def _least(one: Tally) -> str:
    """With 'by 1 of 3 who began': a share of few would say more than is known."""
    figures = f"by {one.completed:,} of {one.begun:,} who began ({_finished(one)})"
    return f"Completed least: {one.module}, {figures}."


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


def _gap(one: Outlier) -> Fraction:
    return abs((one.tally.finished or 0) - (one.share or Fraction(0)))


def _name(query: TrendQuery, one: Outlier) -> str:
    return next(each.name for each in query.offered if each.id == one.tally.class_id)


def _briefly(query: TrendQuery, far: dict[object, Outlier], module: Tally) -> str:
    one = far.get(module.module_id)
    if one is None:
        return ""
    return f"{_name(query, one)}: {_finished(one.tally)}, others {share(one.share or 0, 1)}"


# --- cells ---


def _figures(one: Tally, shown: Sequence[Week]) -> list[Cell]:
    took = None if one.middle is None else f"{lasting(one.middle)} (of {len(one.took):,})"
    done = None if one.finished is None else ShareBar(float(one.finished), _finished(one))
    return [
        *((f"{one.completions:,}", took) if shown else ()),
        share(one.begun, one.students),
        done,
        share(one.failed, one.begun),
    ]


def _finished(one: Tally) -> str:
    return share(one.completed, one.begun)


def _module(query: TrendQuery, one: Tally) -> Link:
    to = {"module": str(one.module_id)}
    if query.class_id:
        to["class"] = str(query.class_id)
    elif query.organisation:
        to["organisation"] = str(query.organisation)
    return Link(one.module, "trends", to)


def _class(query: TrendQuery, one: Tally) -> Link:
    name = next(each.name for each in query.offered if each.id == one.class_id)
    return Link(name, "module", {"class": str(one.class_id), "module": str(one.module_id)})
