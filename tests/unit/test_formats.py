"""Figures are rounded to the nearest by one rule, in Python and in the browser; nearly all is not all."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.formats import lasting
from dashboard.details.markup import duration
from data.i18n.formats import decimals, figure, figure_beside, share, unbroken
from data.reading.students.standing import ClassMedian
from tests.cells_in_browser import from_model

PARTS = [(part, whole) for whole in (1, 2, 3, 7, 28, 200, 1000) for part in range(whole + 1)]
SCORES = [Decimal(number) / 1000 for number in range(-2000, 101_000, 7)]
HALVES = [Decimal(number) / 100 for number in range(-1005, 10_100, 10)]


UNBROKEN = [
    ("11 of 28 completed (41 %), 3 in progress.", "11 of 28 completed (41~%), 3 in progress."),
    ("< 1 % and > 99 %", "<~1~% and >~99~%"),
    ("66.7 / 60, 1 of 2", "66.7~/~60, 1 of 2"),
    ("40 % → 63 % / 5", "40~% → 63~% / 5"),
    ("5 percent / 7, % 3, a < 1", "5 percent / 7, % 3, a < 1"),
]


def test_a_figure_is_not_parted_from_its_sign_in_python_and_in_the_browser() -> None:
    wanted = [shown.replace("~", "\u00a0") for _, shown in UNBROKEN]
    assert [unbroken(written) for written, _ in UNBROKEN] == wanted
    assert from_model("unbroken", [[written] for written, _ in UNBROKEN]) == wanted


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (24, 28, "86 %"),  # 85.7
        (149, 250, "60 %"),  # 59.6
        (1, 8, "13 %"),  # 12.5: halves go up
        (2.5, 7, "36 %"),  # between two students
        (996, 1000, "> 99 %"),
        (4, 1000, "< 1 %"),
        (6, 1000, "1 %"),
        (0, 9, "0 %"),
        (9, 9, "100 %"),
        (0, 0, "–"),  # of nothing there is no share
        (Fraction(29, 200), 1, "15 %"),  # 14.5, which no float is
    ],
)
def test_a_share_is_rounded_to_the_nearest(part: float | Fraction, whole: int, shown: str) -> None:
    assert share(part, whole) == shown


@given(st.integers(1, 10**6).flatmap(lambda all_: st.tuples(st.integers(0, all_), st.just(all_))))
def test_a_share_is_never_further_off_than_half_and_never_all_or_nothing_by_rounding(
    parts: tuple[int, int],
) -> None:
    part, whole = parts
    exact, shown = Fraction(100 * part, whole), share(part, whole)
    if shown.startswith((">", "<")):
        assert 0 < exact < 1 or 99 < exact < 100
        return
    number = int(shown.removesuffix(" %"))
    assert abs(exact - number) <= Fraction(1, 2)
    assert (number == 0) == (part == 0)
    assert (number == 100) == (part == whole)


def test_the_median_of_a_class_is_rounded_like_every_share() -> None:
    assert ClassMedian(2.5, 7).share == "36 %"
    assert ClassMedian(199.5, 200).share == "> 99 %"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("66.25", "66.3"),
        ("66.35", "66.4"),
        ("66.6666666666666667", "66.7"),
        ("66.6499999999999999999", "66.6"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0", "0"),
        ("0.05", "0.1"),
        ("10000.55", "10000.55"),
        ("NaN", "NaN"),
    ],
)
def test_a_score_has_one_decimal_halves_up(number: str, shown: str) -> None:
    assert figure(Decimal(number)) == shown


@pytest.mark.parametrize("number", ["0.04", "99.96", "100.04", "-0.04", "-66.25", "140.25"])
def test_a_score_never_looks_like_an_end_of_the_scale_and_beyond_it_is_shown_as_it_is(
    number: str,
) -> None:
    assert figure(Decimal(number)) == number
    assert from_model("scoreFigure", [[number]]) == [number]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.5, "1 s"),
        (2.5, "3 s"),
        (59.4, "59 s"),
        (59.5, "1 min"),
        (150, "3 min"),
        (5430, "1 h 31 min"),
    ],
)
def test_a_duration_is_rounded_to_the_nearest_halves_up(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "1 min"),
        (2.5, "3 min"),
        (119.4, "119 min"),
        (149.9, "2 hours"),  # not by way of 150 minutes
        (150, "3 hours"),
        (60 * 24 * 2.5, "3 days"),
    ],
)
def test_the_time_a_module_took_is_rounded_once(minutes: float, shown: str) -> None:
    assert lasting(timedelta(minutes=minutes)) == shown


def test_a_number_of_a_float_is_rounded_by_the_digits_people_see() -> None:
    assert [decimals(one, 2) for one in (0.125, 66.66666, 80.0, 2.675)] == [
        "0.13", "66.67", "80", "2.68",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("score", "shown"), [("59.96", "59.96"), ("59.94", "59.9"), ("60", "60"), ("60.04", "60.04")]
)
def test_a_score_beside_its_pass_mark_never_looks_like_it(score: str, shown: str) -> None:
    assert figure_beside(Decimal(score), Decimal(60)) == shown
    assert from_model("scoreFigure", [[score, 60]]) == [shown]


def test_the_browser_rounds_as_python_does() -> None:
    assert from_model("share", PARTS) == [share(*each) for each in PARTS]
    scores = [*SCORES, *HALVES]
    shown = from_model("scoreFigure", [[str(each)] for each in scores])
    assert dict(zip(scores, shown, strict=True)) == {each: figure(each) for each in scores}
