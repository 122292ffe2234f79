"""What a class completed week by week since its target was set, beside the plan."""

from datetime import date, timedelta

from dashboard.views.classroom.target_chart import PlannedDay, week_by_week
from data.reading.classes.targets import ClassGain
from data.rules.target import Target

SET_ON = date(2026, 11, 2)
# 20 % of 100 cells, 60 points in 30 days.
PLAN = Target(80, SET_ON + timedelta(days=30), 20, 100, SET_ON)


def after(days: int) -> date:
    return SET_ON + timedelta(days=days)


def test_each_seventh_day_today_and_the_last_day_are_told() -> None:
    gains = [ClassGain(after(days), gained) for days, gained in ((1, 5), (7, 3), (8, -1), (12, 9))]
    found = week_by_week(PLAN, 36, gains, after(12))
    assert found == [
        PlannedDay(after(0), 20, 20),
        PlannedDay(after(7), 34, 28),
        PlannedDay(after(12), 44, 36),
        PlannedDay(after(14), 48, None),
        PlannedDay(after(21), 62, None),
        PlannedDay(after(28), 76, None),
        PlannedDay(after(30), 80, None),
    ]


def test_what_utc_has_as_tomorrow_is_of_today() -> None:
    gains = [ClassGain(after(8), 4)]
    assert week_by_week(PLAN, 30, gains, after(7))[:2] == [
        PlannedDay(after(0), 20, 26),
        PlannedDay(after(7), 34, 30),
    ]


def test_after_the_last_day_the_plan_is_level() -> None:
    found = week_by_week(PLAN, 50, [], after(35))
    assert [(one.day, one.planned) for one in found[-3:]] == [
        (after(28), 76),
        (after(30), 80),
        (after(35), 80),
    ]
    assert {one.completed for one in found} == {50}


def test_a_target_for_the_day_on_which_it_was_set_is_one_point() -> None:
    today = Target(80, SET_ON, 20, 100, SET_ON)
    assert week_by_week(today, 20, [], SET_ON) == [PlannedDay(SET_ON, 80, 20)]
