"""Is it more or less than before, than elsewhere, than last year?"""

from __future__ import annotations

from datetime import UTC, date
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.text import count, opening, paragraph
from dashboard.reads import current_class
from dashboard.views.trends import asked, modules, series
from dashboard.views.trends.asked import TrendQuery
from dashboard.views.trends.series import Words
from data.files.exporting.delimited import as_delimited
from data.i18n.dates import short_date
from data.reading.classes.as_of import first_day
from data.reading.trends import weeks
from data.reading.trends.completions import weekly_completions
from data.reading.trends.weeks import FEWEST_CLASSES, YEAR, Series

COMPLETED: Final = Words("module completed", "modules completed", "Completed")
OF_MODULE: Final = Words("completion", "completions", "Completed")


def draw() -> None:
    """The page."""
    query = asked.read()
    if query is None:
        empty_and_error.draw_no_classes("Trends")
        return
    if query.class_id:
        current_class.remember(query.class_id)
    began = reads.ask(first_day)
    begins = began.astimezone(UTC).date() if began else None
    shown = _shown(query, begins)
    completed = _completed(query, shown, begins) if begins and shown else None
    opening("Trends", _answer(query, completed))
    asked.ignored(query)
    if asked.draw(query, f"Showing {query.whose}, {query.when}.") and completed:
        _draw_export(query, completed)
    _draw_limits(query, begins)
    if completed:
        series.draw("completed", completed, _words(query))
        _draw_counted(query, completed, begins)
    modules.draw(query)


def _words(query: TrendQuery) -> Words:
    return OF_MODULE if query.module else COMPLETED


def _shown(query: TrendQuery, begins: date | None) -> list[weeks.Week]:
    today = reads.visit().now.astimezone(UTC).date()
    return weeks.weeks(query.first, query.last, today, begins) if begins else []


def _completed(query: TrendQuery, shown: list[weeks.Week], begins: date) -> Series:
    compared = [*query.classes, *query.others]
    sizes = {one.id: one.students for one in compared}
    first, last = shown[0].first, shown[-1].last
    classes, by_class = tuple(sizes), bool(query.class_id)
    of_class = (classes, query.module)
    counted = reads.ask(weekly_completions, *of_class, first, last, by_class=by_class)
    year_ago = {}
    if last - YEAR > begins:
        days = (first - YEAR, last - YEAR)
        year_ago = dict(reads.ask(weekly_completions, *of_class, *days, by_class=by_class))
    return weeks.series(shown, counted, year_ago, begins, sizes, query.class_id)


def _answer(query: TrendQuery, completed: Series | None) -> str:
    if completed is None:
        return f"Nothing is on record {query.when}."
    many = count(sum(completed.values), _words(query).one, _words(query).many)
    start, end = completed.weeks[0].first, completed.weeks[-1].last
    when = query.when if start == query.first else f"from {short_date(start)} to {short_date(end)}"
    return f"{many} {when}, in {query.whose}."


def _draw_limits(query: TrendQuery, begins: date | None) -> None:
    """Where records begin, and what of last year they leave out."""
    empty_and_error.draw_read_at()
    if begins is None:
        paragraph("Nothing was recorded yet.", quiet=True)
    elif begins > query.first - YEAR:
        before = "weeks from before" if begins > query.first else "last year"
        paragraph(f"Records begin on {short_date(begins)}: {before} cannot be shown.", quiet=True)


def _draw_counted(query: TrendQuery, found: Series, begins: date | None) -> None:
    """What the figures are, in words."""
    words = [
        "A week is Monday to Sunday, by UTC. Completions count on the day of completion, less what was undone."
    ]
    if any(not week.is_whole for week in found.weeks):
        words.append("A hatched week is not over, or not all of it is on record or in the period.")
    if begins and found.weeks[0].first == begins:
        words.append("The week in which records begin counts what was found completed, too.")
    if len(query.classes) > 1:
        words.append("A student in two of the classes counts in both.")
    if query.class_id and len(found.others) >= FEWEST_CLASSES:
        words.append(
            f"Other classes are those of {query.classes[0].organisation} that you see: "
            f"the median of completions per student, times the {found.students:,} students here."
        )
    elif query.class_id:
        words.append(
            f"Other classes are compared where you see {FEWEST_CLASSES} or more with students."
        )
    paragraph(" ".join(words), quiet=True)


def _draw_export(query: TrendQuery, completed: Series) -> None:
    with st.container(key="bar_panel", border=True):
        paragraph("The numbers that are shown, one row per week.", quiet=True)
        table = series.exported(completed, COMPLETED)
        links.download(
            "Completions as CSV",
            as_delimited([["Shown", f"{query.whose}, {query.when}"], *table]),
            f"Trends {completed.weeks[0].first} to {completed.weeks[-1].last}.csv",
            key="download_completions",
        )


draw()
