"""How a student's completion grew, as far back as the history goes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from uuid import UUID

import plotly.graph_objects as go

from dashboard import reads
from dashboard.components import chart
from dashboard.components.formats import day, minute, share
from dashboard.components.formats import zone as viewers_zone
from dashboard.components.table import Cell, Column
from dashboard.components.text import paragraph
from data.reading.students.comparison import Reached, reached
from data.reading.students.page import StudentPage
from data.reading.students.standing import Completion, completions

COLUMNS = (
    Column("When", "date", align="left"),
    "Module",
    "What happened",
    Column("Completed in all", "number"),
)


def draw(page: StudentPage) -> None:
    """The chart with its numbers, or the sentence that says why there is none."""
    here, found = viewers_zone(), reads.ask(completions, page.student.id)
    names = {one.module.id: one.module.name for one in page.of_classes}
    before, after = reached(found.completions, names, page.completed, found.since)
    if found.since is None or not after:
        since = day(found.since, here)
        known = f" since {since}, when the history began" if since else " in the history"
        paragraph(f"No module became completed{known}.", quiet=True)
        return
    chart.draw(
        "over_time",
        _finding(before, after, len(names), found.since, here),
        _figure(before, after, len(names), found.since, here),
        _alt(before, after, len(names), found.since, here),
        chart.Numbers(COLUMNS, _rows(after, names, here)),
    )
    begun = day(found.since, here)
    paragraph(
        f"The history begins on {begun}: the line starts with what was completed by then.",
        quiet=True,
    )


def _finding(
    before: int, after: Sequence[Reached], modules: int, since: datetime, here: tzinfo
) -> str:
    first, last = share(before, modules), share(after[-1].completed, modules)
    return (
        f"From {first} to {last} of the modules since {day(since, here)}; "
        f"the last change was on {day(after[-1].completion.at, here)}"
    )


def _figure(
    before: int, after: Sequence[Reached], modules: int, since: datetime, here: tzinfo
) -> go.Figure:
    """A step a completion, from where the history begins until now; a mark at each."""
    ends = [since, *(one.completion.at for one in after), reads.visit().now]
    counts = [before, *(one.completed for one in after), after[-1].completed]
    moments = [_local(moment, here) for moment in ends]
    ink = chart.inks().first
    figure = chart.figure(
        showlegend=False,
        yaxis={"range": [0, 104], "ticksuffix": " %", "title": "Modules completed"},
        xaxis=chart.DAYS,
    )
    figure.add_scatter(
        x=moments,
        y=[100 * count / modules for count in counts],
        mode="lines",
        line={"shape": "hv", "width": 2, "color": ink},
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=moments[1:-1],
        y=[100 * count / modules for count in counts[1:-1]],
        customdata=[
            f"{count} of {modules} completed ({share(count, modules)})" for count in counts[1:-1]
        ],
        mode="markers",
        marker={
            "size": 9,
            "color": ink,
            "symbol": ["circle" if one.completion.change > 0 else "x" for one in after],
        },
        hovertemplate=chart.hover(chart.ON_A_DAY + ": %{customdata}"),
    )
    return figure


def _local(moment: datetime, here: tzinfo) -> str:
    # Plotly knows no zones: it draws the hour as it is written.
    return moment.astimezone(here).strftime("%Y-%m-%d %H:%M:%S")


def _alt(before: int, after: Sequence[Reached], modules: int, since: datetime, here: tzinfo) -> str:
    values = [(str(day(since, here)), share(before, modules))]
    values += [(str(day(one.completion.at, here)), share(one.completed, modules)) for one in after]
    return chart.alt_text("Line of the share of modules completed by day", values)


def _rows(after: Sequence[Reached], names: Mapping[UUID, str], here: tzinfo) -> list[list[Cell]]:
    return [
        [
            minute(one.completion.at, here),
            names[one.completion.module_id],
            _what(one.completion),
            f"{one.completed} of {len(names)} ({share(one.completed, len(names))})",
        ]
        for one in reversed(after)
    ]


def _what(completion: Completion) -> str:
    if completion.is_first:
        return "First recorded, as completed"
    return "Completed" if completion.change > 0 else "No longer completed"
