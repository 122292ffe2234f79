"""Is it more or less than before, than elsewhere, than last year?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.text import count, opening, paragraph
from dashboard.reads import current_class
from dashboard.views.trends import asked, modules, series
from dashboard.views.trends.asked import TrendQuery
from dashboard.views.trends.finding import Words
from data.files.exporting.delimited import as_delimited
from data.i18n.dates import short_date
from data.reading.classes.as_of import first_day
from data.reading.trends import activity, weeks
from data.reading.trends.completions import TrendClass, weekly_completions
from data.reading.trends.weeks import FEWEST_CLASSES, YEAR, Counted, Series, Week

COMPLETED: Final = Words("module completed", "modules completed", "Completed")
ACTIVE: Final = Words("student active", "students active", "Students active", per_week=True)
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
    active = (
        _active(query, shown, begins) if begins and completed and _knows_activity(query) else None
    )
    opening("Trends", _answer(query, completed))
    asked.ignored(query)
    if asked.draw(query, f"Showing {query.whose}, {query.when}.") and completed:
        _draw_export(query, completed, active)
    _draw_limits(query, begins)
    if completed:
        series.draw("completed", completed, _words(query))
        _draw_counted(query, completed, begins)
    _draw_active(query, active)
    modules.draw(query)


def _words(query: TrendQuery) -> Words:
    return OF_MODULE if query.module else COMPLETED


def _shown(query: TrendQuery, begins: date | None) -> list[Week]:
    today = reads.visit().now.astimezone(UTC).date()
    return weeks.weeks(query.first, query.last, today, begins) if begins else []


def _completed(query: TrendQuery, shown: list[Week], begins: date) -> Series:
    of_class = (tuple(one.id for one in (*query.classes, *query.others)), query.module)

    def counted(first: date, last: date) -> Counted:
        by_class = bool(query.class_id)
        return reads.ask(weekly_completions, *of_class, first, last, by_class=by_class)

    return _series(query, shown, begins, counted, [*query.classes, *query.others])


def _active(query: TrendQuery, shown: list[Week], begins: date) -> Series | None:
    """Of the classes that are shown, beside others as far as so many can be looked at; None of too many."""

    def counted(first: date, last: date) -> Counted:
        by_class = bool(query.class_id)
        return reads.ask(activity.weekly_activity, classes, first, last, by_class=by_class)

    for compared in ([*query.classes, *query.others], query.classes):
        looked_at = len(shown) * sum(one.students for one in compared)
        if shown[-1].last - YEAR > begins:
            looked_at *= 2
        if looked_at <= activity.MOST:
            classes = tuple(one.id for one in compared)
            return _series(query, shown, begins, counted, compared)
    return None


def _series(
    query: TrendQuery,
    shown: list[Week],
    begins: date,
    counted: Callable[[date, date], Counted],
    compared: Sequence[TrendClass],
) -> Series:
    first, last = shown[0].first, shown[-1].last
    year_ago = counted(first - YEAR, last - YEAR) if last - YEAR > begins else {}
    sizes = {one.id: one.students for one in compared}
    return weeks.series(shown, counted(first, last), year_ago, begins, sizes, query.class_id)


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


def _knows_activity(query: TrendQuery) -> bool:
    """It is counted of students, not of a module; and not known where no history tells of the platform."""
    return query.module is None and not empty_and_error.is_read_later()


def _draw_active(query: TrendQuery, found: Series | None) -> None:
    if found is None:
        if _knows_activity(query):
            few = "Activity is counted for up to 2,000 students in 8 weeks"
            paragraph(f"{few}: choose a class, or a shorter period.", quiet=True)
        return
    series.draw("active", found, ACTIVE)
    words = (
        "A student is active in a week in which a change of their own is on record, in whichever module, or "
        "the platform changed what they did. What staff write, an import or an undo is none."
    )
    paragraph(words, quiet=True)


def _draw_export(query: TrendQuery, completed: Series, active: Series | None) -> None:
    with st.container(key="bar_panel", border=True):
        paragraph("The numbers that are shown, one row per week.", quiet=True)
        _offer("Completions", query, completed, _words(query))
        if active:
            _offer("Activity", query, active, ACTIVE)


def _offer(what: str, query: TrendQuery, found: Series, words: Words) -> None:
    table = series.exported(found, words)
    links.download(
        f"{what} as CSV",
        as_delimited([["Shown", f"{query.whose}, {query.when}"], *table]),
        f"{what} {found.weeks[0].first} to {found.weeks[-1].last}.csv",
        key=f"download_{what.lower()}",
    )


draw()
