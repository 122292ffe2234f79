"""A figure week by week: its finding in words, its chart, its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import plotly.graph_objects as go

from dashboard.components import chart
from dashboard.components.table import Cell, Column
from dashboard.components.text import count, paragraph
from data.files.exporting.rows import Value
from data.i18n.dates import date_without_year, short_date
from data.i18n.formats import decimals, nearest
from data.reading.trends.weeks import Series, Week

FLAT = 10
"""A difference of at most one part in so many is no difference."""


@dataclass(frozen=True)
class Words:
    """What is counted: '1 module completed', 'modules completed', and its head in a table. What counts anew
    each week is told `per_week`: who was active in two of them is no two students."""

    one: str
    many: str
    head: str
    per_week: bool = False

    def figure(self, total: float, weeks: int) -> str:
        """So much in so many weeks, as a figure."""
        if not self.per_week:
            return f"{nearest_of(total):,}"
        return decimals(total / weeks, 1)

    def amount(self, total: float, weeks: int) -> str:
        """The same with what it is: '40 modules completed', '18.5 students active per week'."""
        figure = self.figure(total, weeks)
        named = f"{figure} {self.one if figure == '1' else self.many}"
        return f"{named} per week" if self.per_week and weeks > 1 else named


def nearest_of(number: float) -> int:
    """The nearest whole number, of a negative one too."""
    return nearest(number) if number >= 0 else -nearest(-number)


def draw(key: str, found: Series, words: Words) -> None:
    """The chart under what it says."""
    chart.draw(
        key,
        finding(found, words),
        _figure(found, words),
        chart.alt_text("Bars of " + words.many + " by week", _said(found)),
        chart.Numbers(_columns(found, words), rows(found)),
    )
    if last_year := _last_year(found, words):
        paragraph(last_year, quiet=True)


def finding(found: Series, words: Words) -> str:
    """'More: 40 modules completed in the last 4 whole weeks, 30 in the 4 before'; of whole weeks alone, for of
    others not everything is there."""
    first, last = _whole(found.weeks)
    many = last - first
    if not any(found.values):
        return f"No {words.many} in {_all(len(found.values))}"
    if many == 0:
        return f"{words.amount(sum(found.values), len(found.values))} so far, in no whole week yet"
    if many == 1:
        only = f"{words.amount(found.values[first], 1)} in the only whole week"
        return only + _beside(found, first, last, words)
    half = many // 2
    middle = last - half
    recent, before = sum(found.values[middle:last]), sum(found.values[middle - half : middle])
    if half == 1:
        when, earlier = "the last whole week", "the week before"
    else:
        when, earlier = f"the last {half} whole weeks", f"the {half} before"
    figures = words.amount(recent, half), words.figure(before, half)
    same = words.figure(recent, half) == figures[1]
    direction = "About the same" if same and recent != before else _direction(recent, before)
    sentence = f"{direction}: {figures[0]} in {when}, {figures[1]} in {earlier}"
    return sentence + _beside(found, middle, last, words)


def _whole(shown: Sequence[Week]) -> tuple[int, int]:
    """From which place to which the weeks are whole: only the first and the last may not be."""
    places = [place for place, week in enumerate(shown) if week.is_whole]
    return (places[0], places[-1] + 1) if places else (0, 0)


def _all(weeks: int) -> str:
    return "the week shown" if weeks == 1 else f"the {weeks} weeks shown"


def _direction(recent: int, before: int) -> str:
    if recent == before:
        return "No change"
    if FLAT * abs(recent - before) <= abs(before):
        return "About the same"
    return "More" if recent > before else "Fewer"


def _beside(found: Series, first: int, last: int, words: Words) -> str:
    of_others = found.of_others(first, last)
    if of_others is None:
        return ""
    theirs = words.figure(of_others, last - first) if words.per_week else _rounded(of_others)
    return f"; at the median of {len(found.others)} other classes it would be {theirs}"


def _rounded(number: float) -> str:
    return decimals(number, 0 if abs(number) >= 10 else 1)


def _last_year(found: Series, words: Words) -> str:
    """All that is shown beside the same weeks of last year, where these are on record."""
    known = [
        (now, then)
        for now, then in zip(found.values, found.last_year, strict=True)
        if then is not None
    ]
    if not known:
        return ""
    now, then = sum(one for one, _ in known), sum(one for _, one in known)
    what = "these weeks" if len(known) == len(found.values) else f"{len(known)} of these weeks"
    many = len(known)
    return f"In {what}: {words.amount(now, many)}; in the same weeks of last year {words.figure(then, many)}."


def _figure(found: Series, words: Words) -> go.Figure:
    ink = chart.inks()
    days = [week.monday.isoformat() for week in found.weeks]
    drawn = chart.figure(
        height=300,
        bargap=0.25,
        xaxis={"type": "date", "tickformat": "%-d %b\n%Y", "title": "Week that begins on"},
        yaxis={"title": words.head},
    )
    if len(days) <= 12:
        drawn.update_xaxes(tickvals=days)
    pattern = {
        "shape": ["" if week.is_whole else "/" for week in found.weeks],
        "fillmode": "overlay",
        "fgcolor": ink.paper,
        "fgopacity": 1,
        "size": 6,
        "solidity": 0.3,
    }
    drawn.add_bar(
        x=days,
        y=list(found.values),
        name=words.head,
        width=5 * 24 * 3600 * 1000,
        customdata=[_days(week) for week in found.weeks],
        hovertemplate=chart.hover("%{customdata}: %{y}"),
        marker={"color": ink.first, "line": {"width": 0}, "pattern": pattern},
    )
    for name, dash, values in _compared(found):
        drawn.add_scatter(
            x=days,
            y=values,
            hovertemplate=chart.hover(f"{name}: %{{y:.1f}}"),
            **chart.line(name, dash),
        )
    return drawn


def _compared(found: Series) -> list[tuple[str, str, list[float | None]]]:
    """The lines before the bars: name, dash and values; none falls because its week is not over."""
    medians = [found.of_others(place, place + 1) for place in range(len(found.weeks))]
    lines: dict[tuple[str, str], Sequence[float | None]] = {
        ("Median of other classes", "dash"): medians,
        ("Last year", "dot"): found.last_year,
    }
    whole = {
        line: [
            value if week.is_whole else None
            for week, value in zip(found.weeks, values, strict=True)
        ]
        for line, values in lines.items()
    }
    return [(*line, values) for line, values in whole.items() if values.count(None) < len(values)]


def _days(week: Week) -> str:
    """'5–11 Oct 2026', with what is missing of it."""
    days = f"{date_without_year(week.first)} – {short_date(week.last)}"
    if week.first == week.last:
        days = short_date(week.first)
    many = (week.last - week.first) // timedelta(days=1) + 1
    return days if week.is_whole else f"{days} (not the whole week: {count(many, 'day', 'days')})"


def _columns(found: Series, words: Words) -> list[Column]:
    lines = [Column(name, "number") for name, _, _ in _compared(found)]
    return [Column("Week"), Column(words.head, "number"), *lines]


def rows(found: Series) -> list[list[Cell]]:
    """Newest last, as in the chart; what is not on record is empty."""
    lines = [values for _, _, values in _compared(found)]
    return [
        [
            _days(week),
            f"{found.values[place]:,}",
            *(
                None if value is None else _rounded(value)
                for value in (one[place] for one in lines)
            ),
        ]
        for place, week in enumerate(found.weeks)
    ]


def _said(found: Series) -> list[tuple[str, str]]:
    names = [name.lower() for name, _, _ in _compared(found)]
    return [
        (
            str(lead),
            ", ".join(
                [str(own), *(f"{name} {one}" for name, one in zip(names, rest, strict=True) if one)]
            ),
        )
        for lead, own, *rest in rows(found)
    ]


def exported(found: Series, words: Words) -> list[list[Value]]:
    """The numbers for a file: exact, and days as days."""
    lines = _compared(found)
    head: list[Value] = ["From", "To", "Whole week", words.head, *(name for name, _, _ in lines)]
    return [
        head,
        *(
            [
                week.first,
                week.last,
                "yes" if week.is_whole else "no",
                found.values[place],
                *(_plain(values[place]) for _, _, values in lines),
            ]
            for place, week in enumerate(found.weeks)
        ),
    ]


def _plain(number: float | None) -> Value:
    return None if number is None else decimals(number, 2)
