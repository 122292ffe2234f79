"""How long a module took those who completed it."""

from datetime import timedelta

import plotly.graph_objects as go

from dashboard import reads
from dashboard.components import chart, links
from dashboard.components.formats import day, lasting, zone
from dashboard.components.table import Column, Link, table
from dashboard.components.text import heading, paragraph
from dashboard.reads.of_students import ask_of_students
from data.reading.classes.as_of import first_day
from data.reading.modules import sections
from data.reading.modules.page import ModulePage
from data.reading.modules.times import TimeBin, TimesTaken

SLOWEST = 10


def draw(page: ModulePage) -> None:
    """The chart with its finding, said with how many it is known for; and who took longest."""
    found = ask_of_students(sections.module_times, page)
    paragraph(_known(found), quiet=True)
    chosen = page.chosen.get("class")
    of_class = {"class": str(chosen)} if chosen else {}
    links.to("trends", "Week by week", module=str(page.module.id), **of_class)
    if not found.taken:
        return
    chart.draw("time", finding(found), _figure(found), _alt(found), _numbers(found))
    _draw_slowest(page, found)


def _known(found: TimesTaken) -> str:
    began = reads.ask(first_day)
    since = f"; the history begins on {day(began, zone())}" if began else ""
    return (
        f"Known for {len(found.taken)} of {found.completed} who completed it: those whose start and "
        f"completion are both on record{since}."
    )


def finding(found: TimesTaken) -> str:
    """'Half take 12 days or less; the middle half 8 to 17 days'."""
    said = f"Half took {lasting(found.middle or timedelta())} or less"
    if found.middle_half is None:
        return said
    low, high = map(lasting, found.middle_half)
    return f"{said}; the middle 50 % between {low} and {high}" if low != high else said


def _range(one: TimeBin) -> str:
    """'0 to 1 days', '3 days'."""
    return f"{one.first} to {one.last} days" if one.last > one.first else f"{one.first} days"


def _figure(found: TimesTaken) -> go.Figure:
    bins = found.bins
    width = bins[0].last - bins[0].first + 1
    drawn = chart.figure(
        height=260,
        bargap=0.06,
        xaxis={"title": "Days from start to completion", "tick0": 0, "dtick": width},
        yaxis={"title": "Students"},
    )
    drawn.add_bar(
        x=[one.first + width / 2 for one in bins],
        y=[one.count for one in bins],
        width=width * 0.94,
        customdata=[_range(one) for one in bins],
        hovertemplate=chart.hover("%{customdata}: %{y} of them"),
        marker_color=chart.inks().first,
        showlegend=False,
    )
    return drawn


def _alt(found: TimesTaken) -> str:
    return chart.alt_text(
        "Bars of how many students took how many days",
        [(_range(one), str(one.count)) for one in found.bins],
    )


def _numbers(found: TimesTaken) -> chart.Numbers:
    return chart.Numbers(
        columns=("Time taken", Column("Students", "number")),
        rows=[(_range(one), str(one.count)) for one in found.bins],
    )


def _draw_slowest(page: ModulePage, found: TimesTaken) -> None:
    names = {row.id: row.name for row in page.found.students}
    heading("Who took longest", 2)
    table(
        key="module_slowest",
        is_captioned=False,
        caption="Students by how long they took, longest first",
        columns=("Student", Column("Time taken", "number", align="left")),
        rows=[
            (
                Link(names[one], "student", {"student": str(one), "module": str(page.module.id)}),
                lasting(time),
            )
            for one, time in list(found.taken.items())[:SLOWEST]
        ],
    )
