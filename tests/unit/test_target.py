"""A class's target: the straight line of its plan, and how far it has come on any day."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.rules import target as rules
from data.rules.target import Standing, Target, check_target

SET_ON = date(2026, 11, 30)
# Of 200 cells 40 were completed: 20 %, and 60 points to go in 20 days.
PLAN = Target(80, SET_ON + timedelta(days=20), 40, 200, SET_ON)


def after(days: int) -> date:
    return SET_ON + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "planned"),
    [(-5, 20), (0, 20), (1, 23), (10, 50), (19, 77), (20, 80), (21, 80), (400, 80)],
)
def test_the_plan_is_a_straight_line_day_by_day_and_level_before_and_after(
    days: int, planned: int
) -> None:
    assert PLAN.planned(after(days)) == planned


def test_what_is_set_for_the_same_day_is_planned_for_it() -> None:
    today = Target(80, SET_ON, 40, 200, SET_ON)
    assert today.planned(SET_ON) == 80
    assert today.standing(100, 200, SET_ON) == Standing("behind", 30)


@pytest.mark.parametrize(
    ("completed", "days", "standing"),
    [
        (100, 10, Standing("on plan")),
        (101, 10, Standing("ahead", 1)),  # half a point is one
        (99, 10, Standing("behind", 1)),
        (84, 10, Standing("behind", 8)),
        (159, 10, Standing("ahead", 30)),
        (160, 10, Standing("reached")),
        (160, 0, Standing("reached")),
        (160, 99, Standing("reached")),
        (159, 20, Standing("behind", 1)),  # the last day is not over
        (159, 21, Standing("not reached")),
        (0, 1, Standing("behind", 23)),
    ],
)
def test_how_far_it_has_come(completed: int, days: int, standing: Standing) -> None:
    assert PLAN.standing(completed, 200, after(days)) == standing


def test_less_than_half_a_point_from_the_plan_is_on_it() -> None:
    plan = Target(80, after(20), 400, 2000, SET_ON)
    assert plan.standing(1009, 2000, after(10)) == Standing("on plan")
    assert plan.standing(991, 2000, after(10)) == Standing("on plan")
    assert plan.standing(990, 2000, after(10)) == Standing("behind", 1)


def test_the_share_is_of_todays_class_whatever_its_size_was() -> None:
    assert PLAN.standing(50, 100, after(10)) == Standing("on plan")
    assert PLAN.standing(0, 0, after(10)) is None


@given(
    st.integers(1, 100),
    st.integers(0, 300),
    st.integers(0, 50),
    st.integers(1, 50),
    st.integers(-9, 400),
)
def test_the_plan_never_leaves_its_two_ends_nor_turns_back(
    share: int, length: int, completed: int, cells: int, day: int
) -> None:
    plan = Target(share, after(length), min(completed, cells), cells, SET_ON)
    ends = sorted([Fraction(100 * plan.completed, cells), Fraction(share)])
    assert ends[0] <= plan.planned(after(day)) <= ends[1]
    steps = plan.planned(after(day + 1)) - plan.planned(after(day))
    assert steps * (share - Fraction(100 * plan.completed, cells)) >= 0


@pytest.mark.parametrize(
    ("share", "days", "problem"),
    [
        (80, 20, None),
        (1, 0, None),
        (100, 730, None),
        (0, 20, rules.NO_SHARE),
        (101, 20, rules.NO_SHARE),
        (None, 20, rules.NO_SHARE),
        (80, None, rules.NO_DAY),
        (80, -1, rules.PAST),
        (80, 731, rules.TOO_FAR),
    ],
)
def test_what_can_be_set(share: int | None, days: int | None, problem: object) -> None:
    by_day = None if days is None else after(days)
    assert check_target(share, by_day, SET_ON) is problem
