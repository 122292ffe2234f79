"""What a class completed since its target was set, beside the straight line of the plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import plotly.graph_objects as go

from dashboard import reads
from dashboard.components import chart
from dashboard.components.formats import share
from dashboard.components.table import Cell, Column
from data.i18n.dates import short_date
from data.reading.classes.targets import ClassGain, gains_since
from data.rules.target import Target, in_words

COLUMNS = (
    Column("Day", "date", align="left"),
    Column("Planned", "number"),
    Column("Completed", "number"),
)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PlannedDay:
    """What is planned for a day, in percent, and how many cells were completed; None of a day to come."""

    day: date
    planned: float
    completed: int | None


def draw(
    class_id: UUID, target: Target, set_at: datetime, counted: tuple[int, int], today: date
) -> None:
    """The chart and its numbers, week by week; `counted` are the completed cells of now, and all."""
    completed, cells = counted
    gains = reads.ask(gains_since, class_id, set_at.astimezone(UTC).date())
    days = week_by_week(target, completed, gains, today)
    standing = target.standing(completed, cells, today)
    planned = f"{float(target.planned(today)):.0f} %"
    finding = (
        f"{share(completed, cells)} completed, {planned} planned for today"
        f"{f': {in_words(standing)}' if standing else ''}"
    )
    chart.draw(
        "target",
        finding,
        _figure(days, cells),
        chart.alt_text(
            "Lines of the share completed and of the plan, week by week",
            [(short_date(one.day), _words(one, cells)) for one in days],
        ),
        chart.Numbers(COLUMNS, [_row(one, cells) for one in days]),
    )


def week_by_week(
    target: Target, completed: int, gains: Sequence[ClassGain], today: date
) -> list[PlannedDay]:
    """Each seventh day from the one on which the target was set, today and the last day: what is planned for
    its end, and what was completed by then: what is now, less what was gained since (by days of UTC's)."""
    last = max(target.by_day, today)
    weeks = range((last - target.set_on).days // 7 + 1)
    days = {target.set_on + week * WEEK for week in weeks} | {today, target.by_day}

    def by(day: date) -> int:
        # What UTC has as tomorrow already is of today.
        return completed - sum(one.completions for one in gains if one.day > day < today)

    return [
        PlannedDay(day, float(target.planned(day)), by(day) if day <= today else None)
        for day in sorted(days)
    ]


def _figure(days: Sequence[PlannedDay], cells: int) -> go.Figure:
    ink = chart.inks()
    known = [(one.day, 100 * one.completed / cells) for one in days if one.completed is not None]
    figure = chart.figure(
        height=240,
        yaxis={"range": [0, 104], "ticksuffix": " %", "title": "Completed"},
        xaxis=chart.DAYS,
    )
    figure.add_scatter(
        x=[one.day for one in days],
        y=[one.planned for one in days],
        mode="lines",
        name="Planned",
        line={"color": ink.text, "width": 1.5, "dash": "dash"},
        hovertemplate=chart.hover(chart.ON_A_DAY + ": %{y:.0f} % planned"),
    )
    figure.add_scatter(
        x=[day for day, _ in known],
        y=[percent for _, percent in known],
        mode="lines+markers",
        name="Completed",
        line={"color": ink.first, "width": 2},
        marker={"size": 7},
        hovertemplate=chart.hover(chart.ON_A_DAY + ": %{y:.0f} % completed"),
    )
    return figure


def _words(one: PlannedDay, cells: int) -> str:
    so_far = "" if one.completed is None else f", {share(one.completed, cells)} completed"
    return f"{one.planned:.0f} % planned{so_far}"


def _row(one: PlannedDay, cells: int) -> list[Cell]:
    so_far = None if one.completed is None else share(one.completed, cells)
    return [short_date(one.day), f"{one.planned:.0f} %", so_far]
