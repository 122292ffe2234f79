"""A figure week by week: its finding in words, its chart, its numbers."""

from collections.abc import Sequence
from datetime import date, timedelta

import plotly.graph_objects as go

from dashboard.components import chart
from dashboard.components.table import Cell, Column
from dashboard.components.text import count
from dashboard.views.trends.finding import Words, finding, rounded
from data.files.exporting.rows import Value
from data.i18n.dates import date_without_year, short_date
from data.i18n.formats import decimals
from data.reading.trends.weeks import Series, Week


def draw(key: str, found: Series, words: Words) -> None:
    """The chart under what it says."""
    chart.draw(
        key,
        finding(found, words),
        _figure(found, words),
        chart.alt_text("Bars of " + words.many + " by week", _said(found)),
        chart.Numbers(_columns(found, words), rows(found)),
    )


def _figure(found: Series, words: Words) -> go.Figure:
    ink = chart.inks()
    mondays = [week.monday for week in found.weeks]
    days = [one.isoformat() for one in mondays]
    drawn = chart.figure(
        height=300,
        bargap=0.25,
        xaxis=chart.DAYS | {"title": "Week that begins on"},
        yaxis={"title": words.head},
    )
    if len(days) <= 12:
        drawn.update_xaxes(tickvals=days, ticktext=_ticks(mondays), tickangle=0)
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


def _ticks(mondays: Sequence[date]) -> list[str]:
    """Months and years only where they begin: nine weeks are read side by side on a phone."""
    ticks, before = list[str](), ("", "")
    for one in mondays:
        day, *parts = short_date(one).split()
        told = [part for part, then in zip(parts, before, strict=True) if part != then]
        ticks.append("<br>".join([day, *told]))
        before = parts[0], parts[1]
    return ticks


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
            *(None if value is None else rounded(value) for value in (one[place] for one in lines)),
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
