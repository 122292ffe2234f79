"""Plotly charts in the theme's colours, each with the same numbers as a table beside it."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import streamlit as st

from dashboard.components.moments import share
from dashboard.components.status import STATUSES
from dashboard.components.table import Buckets, Column, table
from dashboard.components.words import heading, paragraph
from data.queries import Matrix, MatrixModule

COUNTS = {
    "Completed": lambda column: column.completed,
    "InProgress": lambda column: column.in_progress,
    "NotStarted": lambda column: column.not_started,
}


def modules(found: Matrix) -> None:
    """How the class stands in each module, as a chart and as its numbers."""
    if not found.students or not found.modules:
        paragraph("No student fits these filters: there is nothing to chart.")
        return
    heading(_finding(found), 2)
    chart, numbers = st.tabs(["Chart", "Numbers"], key="chart_or_numbers")
    with chart:
        st.plotly_chart(_by_module(found), key="modules_chart", config={"displayModeBar": False})
    with numbers:
        _numbers(found)


def _finding(found: Matrix) -> str:
    """The chart's title states what it shows."""
    slowest = min(found.modules, key=_fraction)
    return (
        f"Least completed: {slowest.module.name}, {share(slowest.completed, len(found.students))}"
    )


def _fraction(column: MatrixModule) -> float:
    cells = column.completed + column.in_progress + column.not_started
    return column.completed / cells if cells else 0.0


def _by_module(found: Matrix) -> go.Figure:
    dark = st.context.theme.type == "dark"
    # Names are hover text and axis numbers only: Plotly renders markup in tick labels and titles.
    places = list(range(1, len(found.modules) + 1))
    figure = go.Figure()
    for name, counted in COUNTS.items():
        look = STATUSES[name]
        values: list[Any] = [counted(column) for column in found.modules]
        figure.add_bar(
            x=places,
            y=values,
            name=look.word,
            marker_color=(look.bar or look.ink)[dark],
            hovertemplate=f"Module %{{x}}: %{{y}} {look.word.lower()}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        height=320,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": -0.2},
        xaxis={"title": "Module, in the order of the table", "dtick": max(1, len(places) // 20)},
        yaxis={"title": "Students"},
    )
    return figure


def _numbers(found: Matrix) -> None:
    table(
        key="modules_numbers",
        caption="Progress by module",
        columns=(Column("Module"), Column("Type"), Column("Students by status", "buckets")),
        rows=[
            (
                column.module.name,
                column.module.type.capitalize(),
                Buckets(column.completed, column.in_progress, column.not_started),
            )
            for column in found.modules
        ],
    )
