"""Charts: one Plotly template of ours, and the one way to draw a chart.

Plotly renders markup in what it writes (tick labels, titles, legends, hover text): nothing stored may go into a
figure. Names stand in the heading and in the table of the same numbers, which are HTML of our own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from dashboard.components.status import MARKS, Pair
from dashboard.components.status import look as status_look
from dashboard.components.table import Cell, Column, table
from dashboard.components.text import heading

# No buttons over the chart, no zoom by wheel or double click: it is read, not operated.
CONFIG: Final = {"displayModeBar": False, "doubleClick": False, "showTips": False}

# Okabe and Ito's hues, darkened or lightened until each stands out 3:1 from the background.
SERIES: Final[Sequence[Pair]] = (
    ("#1F5FA8", "#7DB3F0"),
    ("#B3400A", "#FF9E73"),
    ("#1A7F5E", "#4DBB92"),
    ("#A3477F", "#E39CC8"),
    ("#8A6A00", "#E3C34B"),
)

DAYS: Final = {"type": "date", "tickformat": "%-d %b\n%Y"}
"""An axis of days, which the browser writes."""

ON_A_DAY: Final = "%{x|%-d %b %Y}"

_MOST_IN_WORDS: Final = 8


@dataclass(frozen=True)
class Inks:
    """The theme's colours that a chart is drawn in, as Plotly takes them."""

    is_dark: bool
    text: str
    quiet: str
    rule: str
    grid: str
    paper: str

    def of(self, pair: Pair) -> str:
        """The light or the dark one."""
        return pair[self.is_dark]

    @property
    def attention(self) -> str:
        """For what needs somebody: a pass mark, who is stuck."""
        return self.of(MARKS["s"].ink)

    @property
    def first(self) -> str:
        """For the only thing that is charted."""
        return self.of(SERIES[0])


def inks() -> Inks:
    """The colours of the theme that the viewer has."""
    kind = "dark" if st.context.theme.type == "dark" else "light"
    text, paper = (_of_theme(kind, name) for name in ("textColor", "backgroundColor"))
    return Inks(
        is_dark=kind == "dark",
        text=text,
        quiet=_of_theme(kind, "grayTextColor"),
        rule=_mixed(text, paper, 0.45),
        grid=_mixed(text, paper, 0.14),
        paper=paper,
    )


def _of_theme(kind: str, name: str) -> str:
    return str(st.get_option(f"theme.{kind}.{name}"))


def _mixed(front: str, back: str, share: float) -> str:
    """So much of the front over the back; both as #rrggbb."""
    pairs = ((int(front[at : at + 2], 16), int(back[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(f * share + b * (1 - share)):02X}" for f, b in pairs)


def figure(*, height: int = 300, **layout: Any) -> go.Figure:
    """An empty figure in our template; `layout` is Plotly's, for what this figure has of its own."""
    made = go.Figure()
    made.update_layout(template=_template(inks()), height=height, **layout)
    return made


def _template(ink: Inks) -> go.layout.Template:
    axis = {
        "automargin": True,
        "fixedrange": True,
        "zeroline": False,
        "linecolor": ink.rule,
        "gridcolor": ink.grid,
        "tickfont": {"color": ink.quiet},
        "title": {"font": {"color": ink.quiet, "size": 13}, "standoff": 8},
    }
    return go.layout.Template(
        layout={
            "font": {"family": st.get_option("theme.font"), "size": 13, "color": ink.text},
            # What is behind shows through: the page's own background, and paper when it is printed.
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [ink.of(pair) for pair in SERIES],
            "margin": {"l": 8, "r": 20, "t": 8, "b": 8},
            "xaxis": axis | {"showgrid": False, "showline": True},
            "yaxis": axis | {"rangemode": "tozero"},
            "bargap": 0.3,
            "dragmode": False,
            "transition": {"duration": 0},
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": ink.paper,
                "bordercolor": ink.rule,
                "font": {"color": ink.text},
                "align": "left",
            },
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "itemclick": False,
                "itemdoubleclick": False,
                "traceorder": "normal",
            },
        }
    )


def bucket(status: str) -> dict[str, Any]:
    """A bar trace's name and looks for a status: full, striped and hollow, as in the tables' bars."""
    look, ink = status_look(status), inks()
    colour = ink.of(look.bar or look.ink)
    marker: dict[str, Any] = {"color": colour, "line": {"width": 0}}
    if status == "InProgress":
        marker["pattern"] = {
            "shape": "/",
            "fillmode": "overlay",
            "fgcolor": ink.paper,
            "fgopacity": 1,
            "size": 6,
            "solidity": 0.3,
        }
    if status == "NotStarted":
        marker = {"color": "rgba(0,0,0,0)", "line": {"width": 1, "color": colour}}
    return {"name": look.word, "marker": marker}


def mark_line(drawn: go.Figure, at: float, words: str) -> None:
    """An upright line across the chart, such as a pass mark; `words` are ours, and stand in the legend."""
    line = {"color": inks().text, "width": 1.5, "dash": "dash"}
    drawn.add_vline(x=at, line=line, name=words, showlegend=True)


def attention(name: str) -> dict[str, Any]:
    """A bar trace's name and looks for what needs somebody: vermilion, and cross-hatched."""
    ink = inks()
    pattern = {
        "shape": "x",
        "fillmode": "overlay",
        "fgcolor": ink.paper,
        "fgopacity": 1,
        "size": 6,
        "solidity": 0.25,
    }
    return {
        "name": name,
        "marker": {"color": ink.attention, "line": {"width": 0}, "pattern": pattern},
    }


def points(name: str) -> dict[str, Any]:
    """A scatter trace's name and looks for a figure of its own over bars: ringed, seen on any of them."""
    ink = inks()
    ring = {"color": ink.paper, "width": 2}
    marker = {"symbol": "diamond", "size": 11, "color": ink.text, "line": ring}
    return {"name": name, "mode": "markers", "marker": marker}


def line(name: str, dash: str) -> dict[str, Any]:
    """A scatter trace's name and looks for what bars are compared with: its `dash` and its mark tell it from
    another, not the colour alone."""
    pair, symbol = {"dash": (SERIES[1], "diamond"), "dot": (SERIES[3], "square")}[dash]
    ink = inks().of(pair)
    marker = {"symbol": symbol, "size": 7, "color": ink}
    return {
        "name": name,
        "mode": "lines+markers",
        "line": {"width": 2, "dash": dash, "color": ink},
        "marker": marker,
    }


def hover(words: str) -> str:
    """A hover text of our own words; Plotly's `%{x}`, `%{y}` and `%{customdata}` stand for figures in it."""
    return f"{words}<extra></extra>"


def alt_text(what: str, values: Sequence[tuple[str, str]]) -> str:
    """A chart in words, from its data: 'Bars of students by lesson. Lesson 1: 28 reached. Lesson 2: …'

    Of many only the first and the last: all are in the table.
    """
    shown = [f"{label}: {value}." for label, value in values]
    if len(shown) > _MOST_IN_WORDS:
        half = _MOST_IN_WORDS // 2
        left = len(shown) - 2 * half
        shown = [*shown[:half], f"And {left} more in the table.", *shown[-half:]]
    return " ".join([f"{what}.", *shown])


@dataclass(frozen=True)
class Numbers:
    """The table of what a chart shows, a row a mark."""

    columns: Sequence[Column | str]
    rows: Sequence[Sequence[Cell]]


def draw(key: str, finding: str, drawn: go.Figure, alt: str, numbers: Numbers) -> None:
    """A chart under a heading that states its finding, and its numbers as a table one click away.

    `finding` may hold stored names, and so may the numbers; `drawn` (of `figure()`) may not. `alt` is the
    chart's name to assistive technology: see `alt_text()`.
    """
    heading(finding, 2)
    st.plotly_chart(drawn, key=f"chart_{key}", theme=None, config=CONFIG, alt=alt)
    table(
        key=f"numbers_{key}",
        caption=finding,
        columns=numbers.columns,
        rows=numbers.rows,
        folded="The numbers as a table",
        is_captioned=False,
    )
