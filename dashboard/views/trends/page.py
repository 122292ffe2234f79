"""Trends: a finding, its chart and its numbers, of whom and when the address says."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, timedelta
from typing import Final

import streamlit as st

from dashboard import reads
from dashboard.components import empty_and_error, links
from dashboard.components.text import opening, paragraph
from dashboard.reads import carried
from dashboard.views.trends import asked, modules, series
from dashboard.views.trends.asked import TrendQuery
from dashboard.views.trends.finding import Before, Words, beside, in_all
from data.files.exporting.delimited import as_delimited
from data.files.exporting.rows import Value
from data.i18n.dates import short_date
from data.reading.classes.as_of import first_day
from data.reading.trends import weeks
from data.reading.trends.activity import weekly_activity
from data.reading.trends.completions import weekly_completions
from data.reading.trends.outliers import Tally
from data.reading.trends.weeks import FEWEST_CLASSES, YEAR, Counted, Series, Week

COMPLETED: Final = Words("module completed", "modules completed", "Completed")
ACTIVE: Final = Words("student active", "students active", "Students active", per_week=True)
OF_MODULE: Final = Words("completion", "completions", "Completed")

Question = Callable[..., Counted]


def draw() -> None:
    """The page: first what happened, then the weeks, then the modules."""
    query = asked.read()
    if query is None:
        empty_and_error.draw_no_classes("Trends")
        return
    if query.class_id:
        carried.remember(query.class_id)
    began = reads.ask(first_day)
    begins = began.astimezone(UTC).date() if began else None
    period = query.period
    if "period" in st.query_params:
        carried.remember_days(f"{period.first}", f"{period.last}")
    shown = _weeks(period.first, period.last, begins)
    completed = _series(query, weekly_completions, shown, begins)
    active = None
    if not empty_and_error.is_read_later():
        last = weeks.monday(period.last) + 6 * weeks.DAY
        worked = _weeks(weeks.monday(period.first), last, begins)
        active = _series(query, weekly_activity, worked, begins)
    tallies = modules.count(query, shown)
    opening("Trends", _answer(query, completed, begins))
    _draw_beside(query, completed, active, tallies, begins)
    asked.ignored(query)
    if asked.draw(query):
        _draw_export(query, completed, active, tallies)
    _draw_limits(query, begins)
    if completed:
        series.draw("completed", completed, _words(query))
        _draw_counted(query, completed, begins)
    if active:
        _draw_active(query, active)
    modules.draw(query, tallies, shown)


def _words(query: TrendQuery) -> Words:
    return OF_MODULE if query.module else COMPLETED


def _weeks(first: date, last: date, begins: date | None) -> list[Week]:
    return weeks.weeks(first, last, asked.today(), begins) if begins else []


def _series(
    query: TrendQuery, question: Question, shown: list[Week], begins: date | None
) -> Series | None:
    if begins is None or not shown:
        return None
    compared = [*query.classes, *query.others]
    classes = tuple(one.id for one in compared)

    def counted(first: date, last: date) -> Counted:
        by_class = bool(query.class_id)
        return reads.ask(question, classes, query.module, first, last, by_class=by_class)

    first, last = shown[0].first, shown[-1].last
    year_ago = counted(first - YEAR, last - YEAR) if last - YEAR > begins else {}
    sizes = {one.id: one.students for one in compared}
    return weeks.series(shown, counted(first, last), year_ago, begins, sizes, query.class_id)


def _before(
    query: TrendQuery, question: Question, days: tuple[date, date], when: str, many: int = 1
) -> Before:
    """Of the classes that are shown, in so many weeks before."""
    classes = tuple(one.id for one in query.classes)
    counted = reads.ask(question, classes, query.module, *days, by_class=False)
    return Before(sum(counted.values()), many, when)


# --- what happened ---


def _answer(query: TrendQuery, completed: Series | None, begins: date | None) -> str:
    period = query.period
    if completed is None or begins is None:
        return f"Nothing is on record {period.when}."
    start, end = completed.weeks[0].first, completed.weeks[-1].last
    when = period.when
    if start != period.first:
        when = f"from {short_date(start)} to {short_date(end)}"
    before = None
    if begins < period.before[0]:
        before = _before(query, weekly_completions, period.before, period.before_when)
    return f"{in_all(completed, _words(query), f'{when}, in {query.whose}', before)}."


def _draw_beside(
    query: TrendQuery,
    completed: Series | None,
    active: Series | None,
    tallies: Sequence[Tally] | None,
    begins: date | None,
) -> None:
    """What else is to be known before any chart, a paragraph each."""
    said = [beside(completed, _words(query)) if completed else ""]
    if active and begins:
        told = in_all(active, ACTIVE, "", _active_before(query, active, begins))
        said.append(f"{told}. {beside(active, ACTIVE)}".strip())
    said.append(modules.sentences(query, tallies or ()))
    for one in filter(None, said):
        paragraph(one)


def _active_before(query: TrendQuery, active: Series, begins: date) -> Before | None:
    """In as many whole weeks just before those that are shown."""
    whole = [week for week in active.weeks if week.is_whole]
    if not whole:
        return None
    last = whole[0].first - weeks.DAY
    first = last + weeks.DAY - timedelta(weeks=len(whole))
    if first <= begins:
        return None
    when = f"in the {len(whole)} weeks before" if len(whole) > 1 else "in the week before"
    return _before(query, weekly_activity, (first, last), when, len(whole))


def _draw_limits(query: TrendQuery, begins: date | None) -> None:
    """Where records begin, and what of last year they leave out."""
    empty_and_error.draw_read_at()
    first = query.period.first
    if begins is None:
        paragraph("Nothing was recorded yet.", quiet=True)
    elif begins > first - YEAR:
        before = "weeks from before" if begins > first else "last year"
        paragraph(f"Records begin on {short_date(begins)}: {before} cannot be shown.", quiet=True)


# --- what is counted ---


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


def _draw_active(query: TrendQuery, found: Series) -> None:
    series.draw("active", found, ACTIVE)
    where = "in this module" if query.module else "in whichever module"
    paragraph(
        f"A student is active in a week in which a change of their own is on record, {where}, or the platform "
        "changed what they did. What staff write, an import or an undo is none. Weeks in which the period "
        "begins and ends are counted whole.",
        quiet=True,
    )


# --- files ---


def _draw_export(
    query: TrendQuery,
    completed: Series | None,
    active: Series | None,
    tallies: Sequence[Tally] | None,
) -> None:
    with st.container(key="bar_panel", border=True):
        paragraph("The numbers that are shown, in full.", quiet=True)
        if completed:
            _offer("Completions", query, series.exported(completed, _words(query)))
        if active:
            _offer("Activity", query, series.exported(active, ACTIVE))
        if tallies:
            what = "Classes" if query.module else "Modules"
            _offer(what, query, modules.exported(query, tallies))


def _offer(what: str, query: TrendQuery, table: Sequence[Sequence[Value]]) -> None:
    period = query.period
    links.download(
        f"{what} as CSV",
        as_delimited([["Shown", f"{query.whose}, {period.when}"], *table]),
        f"{what} {period.first} to {period.last}.csv",
        key=f"download_{what.lower()}",
    )


draw()
