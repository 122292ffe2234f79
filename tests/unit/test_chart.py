"""The chart kit: its colours can be told apart, and its words come from the data."""

import pytest

from dashboard.components import chart
from dashboard.components.chart import SERIES, alt_text
from dashboard.components.status import STATUSES

PAPER = ("#FFFFFF", "#14181D")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_mark_stands_out_from_the_background(theme: int) -> None:
    bars = [look.bar for look in STATUSES.values() if look.bar]
    for pair in (*SERIES, *bars):
        assert contrast(pair[theme], PAPER[theme]) >= 3, pair


def test_the_buckets_differ_without_colour() -> None:
    looks = {name: chart.bucket(name)["marker"] for name in STATUSES}
    assert "pattern" not in looks["Completed"]
    assert looks["InProgress"]["pattern"]["shape"] == "/"
    assert looks["NotStarted"]["color"] == "rgba(0,0,0,0)"
    assert looks["NotStarted"]["line"]["width"] == 1


def test_a_figure_can_only_be_read() -> None:
    layout = chart.figure().layout.template.layout
    assert layout.dragmode is False
    assert layout.xaxis.fixedrange
    assert layout.yaxis.fixedrange
    assert layout.transition.duration == 0
    assert chart.CONFIG["displayModeBar"] is False


def test_a_chart_is_told_in_words_and_many_marks_are_cut_short() -> None:
    assert alt_text("Bars", [("One", "3 students"), ("Two", "none")]) == (
        "Bars. One: 3 students. Two: none."
    )
    long = alt_text("Bars", [(f"Lesson {at}", str(at)) for at in range(1, 51)])
    assert "Lesson 1: 1. Lesson 2: 2. Lesson 3: 3. Lesson 4: 4. And 42 more" in long
    assert long.endswith("Lesson 50: 50.")
    assert alt_text("Bars", []) == "Bars."
