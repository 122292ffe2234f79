"""Trends: which weeks are on record, and what is said of them, which must be true both ways."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.views.trends import series as drawing
from dashboard.views.trends.finding import Before, Words, beside, finding, in_all
from data.reading.trends import weeks
from data.reading.trends.weeks import YEAR, Series, Week

TODAY = date(2026, 11, 25)  # a Wednesday
LONG_AGO = date(2020, 1, 1)
WORDS = Words("module completed", "modules completed", "Completed")
MONDAY = date(2026, 9, 7)
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def some(*values: int, partial: int = 0, others: list[list[float]] | None = None) -> Series:
    """These values of whole weeks, the last ones of which are none."""
    shown = [
        Week(
            MONDAY + timedelta(weeks=at),
            MONDAY + timedelta(weeks=at, days=6),
            at < len(values) - partial,
        )
        for at in range(len(values))
    ]
    return Series(shown, values, others or [], 10, [None] * len(values))


def test_weeks_begin_on_monday_and_the_running_one_is_not_whole() -> None:
    found = weeks.weeks(date(2026, 11, 9), TODAY, TODAY, LONG_AGO)
    assert [(one.first.day, one.last.day, one.is_whole) for one in found] == [
        (9, 15, True),
        (16, 22, True),
        (23, 25, False),
    ]


def test_a_month_begins_and_ends_within_weeks() -> None:
    found = weeks.weeks(date(2026, 10, 1), date(2026, 10, 31), TODAY, LONG_AGO)
    assert (found[0].first, found[0].last) == (date(2026, 10, 1), date(2026, 10, 4))
    assert (found[-1].first, found[-1].last) == (date(2026, 10, 26), date(2026, 10, 31))
    assert [one.is_whole for one in found] == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("begins", "first", "whole"),
    [
        (date(2026, 11, 11), date(2026, 11, 11), [False, True]),
        # A Monday is not on record from its first hour; a Sunday's records do for the Monday after.
        (date(2026, 11, 9), date(2026, 11, 9), [False, True]),
        (date(2026, 11, 8), date(2026, 11, 8), [False, True, True]),
    ],
)
def test_no_week_is_shown_before_records_begin(
    begins: date, first: date, whole: list[bool]
) -> None:
    found = weeks.weeks(date(2026, 10, 1), date(2026, 11, 22), TODAY, begins)
    assert found[0].first == first
    assert [one.is_whole for one in found] == whole


def test_on_a_sunday_its_week_is_still_running() -> None:
    sunday = date(2026, 11, 22)
    (only,) = weeks.weeks(date(2026, 11, 16), sunday, sunday, LONG_AGO)
    assert not only.is_whole
    (over,) = weeks.weeks(date(2026, 11, 16), sunday, sunday + timedelta(days=1), LONG_AGO)
    assert over.is_whole


@given(DAYS, DAYS, DAYS, DAYS)
def test_every_day_of_the_period_is_in_one_week(
    first: date, last: date, today: date, begins: date
) -> None:
    found = weeks.weeks(first, last, today, begins)
    days = [
        one.first + timedelta(days=at)
        for one in found
        for at in range((one.last - one.first).days + 1)
    ]
    start, end = max(first, begins), min(last, today)
    assert days == [start + timedelta(days=at) for at in range((end - start).days + 1)]
    assert all(one.monday == other.monday - timedelta(weeks=1) for one, other in pairwise(found))
    assert all(one.last.weekday() == 6 > (one.last - one.first).days - 1 for one in found[:-1])


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            some(1, 2, 3, 4),
            "More: 7 modules completed in the last 2 whole weeks, 3 in the 2 before",
        ),
        (
            some(4, 3, 2, 1),
            "Fewer: 3 modules completed in the last 2 whole weeks, 7 in the 2 before",
        ),
        (some(2, 3), "More: 3 modules completed in the last whole week, 2 in the week before"),
        (some(5, 5), "No change: 5 modules completed in the last whole week, 5 in the week before"),
        (
            some(20, 21),
            "About the same: 21 modules completed in the last whole week, 20 in the week before",
        ),
        # The oldest of three is in neither half, and the running week never.
        (some(90, 2, 1), "Fewer: 1 module completed in the last whole week, 2 in the week before"),
        (
            some(2, 3, 900, partial=1),
            "More: 3 modules completed in the last whole week, 2 in the week before",
        ),
        (some(0, 0, 0), "No modules completed in the 3 weeks shown"),
        (some(0), "No modules completed in the week shown"),
        (some(7), "7 modules completed in the only whole week"),
        (some(7, 9, partial=1), "7 modules completed in the only whole week"),
        (some(7, partial=1), "7 modules completed so far, in no whole week yet"),
        (some(0, 4), "More: 4 modules completed in the last whole week, 0 in the week before"),
        (some(4, 0), "Fewer: 0 modules completed in the last whole week, 4 in the week before"),
        # More was undone than completed.
        (some(1, -2), "Fewer: -2 modules completed in the last whole week, 1 in the week before"),
        (some(-3, -1), "More: -1 modules completed in the last whole week, -3 in the week before"),
    ],
)
def test_the_finding_says_what_there_is(found: Series, said: str) -> None:
    assert finding(found, WORDS) == said


ACTIVE = Words("student active", "students active", "Active", per_week=True)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            some(10, 12, 20, 21),
            "More: 20.5 students active per week in the last 2 whole weeks, 11 in the 2 before",
        ),
        (some(2, 1), "Fewer: 1 student active in the last whole week, 2 in the week before"),
        (
            some(*[0] * 30, 8, *[0] * 30, 9),
            "About the same: 0.3 students active per week in the last 31 whole weeks, 0.3 in the 31 before",
        ),
        (some(0, 0), "No students active in the 2 weeks shown"),
        (some(7), "7 students active in the only whole week"),
    ],
)
def test_who_is_active_in_two_weeks_is_one_student(found: Series, said: str) -> None:
    assert finding(found, ACTIVE) == said


def test_other_classes_are_compared_by_their_median_per_student() -> None:
    others = [[0.1, 0.2], [0.3, 0.5], [9.0, 0.9]]
    median = "At the median of 3 other classes it would be"
    assert beside(some(1, 2, others=others), WORDS) == f"{median} 8."
    assert beside(some(1, 2, others=others[:2]), WORDS) == ""
    # Who is active is told per week, and of whole weeks where there are some.
    assert beside(some(1, 2, others=others), ACTIVE) == f"{median} 4."
    assert beside(some(1, 2, partial=1, others=others), ACTIVE) == f"{median} 3."
    assert beside(some(1, 2, partial=2, others=others), ACTIVE) == f"{median} 4."


def test_last_year_is_told_of_the_weeks_that_are_on_record() -> None:
    found = replace(some(1, 2, 3), last_year=[None, 7, 8])
    assert beside(found, WORDS) == (
        "In 2 of these weeks: 5 modules completed; in the same weeks of last year 15."
    )
    assert beside(replace(found, last_year=[1, 0, 0]), ACTIVE) == (
        "In these weeks: 2 students active per week; in the same weeks of last year 0.3."
    )


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (None, ""),
        (4, ": more than in September (4)"),
        (20, ": fewer than in September (20)"),
        (10, ": as many as in September (10)"),
        (11, ": about as many as in September (11)"),
        (9, ": more than in September (9)"),
        (0, ": more than in September (0)"),
    ],
)
def test_a_period_is_told_beside_the_one_before(before: int | None, said: str) -> None:
    earlier = None if before is None else Before(before, 1, "in September")
    assert in_all(some(1, 2, 7, partial=1), WORDS, "in October", earlier) == (
        f"10 modules completed in October{said}"
    )


def test_per_week_only_whole_weeks_are_told() -> None:
    found = some(10, 11, 3, partial=1)
    assert in_all(found, ACTIVE, "in October", Before(30, 3, "in the 3 weeks before")) == (
        "10.5 students active per week in October: about as many as in the 3 weeks before (10)"
    )
    assert in_all(some(3, partial=1), ACTIVE, "today", None) == "3 students active today"


@given(st.lists(st.integers(-50, 500), min_size=2, max_size=60))
def test_the_direction_is_that_of_its_figures(values: list[int]) -> None:
    said = finding(some(*values), WORDS)
    half = len(values) // 2
    recent, before = sum(values[-half:]), sum(values[-2 * half : -half])
    if not any(values):
        assert said.startswith("No modules completed")
    elif said.startswith("More"):
        assert recent > before
    elif said.startswith("Fewer"):
        assert recent < before
    elif said.startswith("No change"):
        assert recent == before
    else:
        assert said.startswith("About the same")
        assert 0 < abs(recent - before) <= abs(before) / 10


CLASS, SMALL, EMPTY = (uuid4() for _ in range(3))
SIZES = {CLASS: 20, SMALL: 5, EMPTY: 0}


def test_a_class_is_put_beside_the_others_and_last_year() -> None:
    shown = weeks.weeks(date(2026, 11, 9), date(2026, 11, 22), TODAY, LONG_AGO)
    one, two = (week.monday for week in shown)
    counted: dict[tuple[UUID | None, date], int] = {
        (CLASS, one): 3,
        (CLASS, two): 4,
        (SMALL, one): 10,
        (EMPTY, one): 1,
    }
    year_ago: dict[tuple[UUID | None, date], int] = {(CLASS, two - YEAR): 9, (SMALL, one - YEAR): 2}
    found = weeks.series(shown, counted, year_ago, LONG_AGO, SIZES, CLASS)
    assert list(found.values) == [3, 4]
    assert found.others == [[2.0, 0.0]], "Whoever has no students is no class to compare with."
    assert found.students == 20
    assert list(found.last_year) == [0, 9]


def test_of_all_together_nobody_is_other_and_everybody_counts() -> None:
    shown = weeks.weeks(date(2026, 11, 16), date(2026, 11, 22), TODAY, LONG_AGO)
    found = weeks.series(shown, {(None, shown[0].monday): 8}, {}, LONG_AGO, SIZES)
    assert (list(found.values), found.others, found.students) == ([8], [], 25)


def test_last_year_is_not_zero_where_nothing_was_on_record() -> None:
    shown = weeks.weeks(date(2026, 11, 9), date(2026, 11, 22), TODAY, LONG_AGO)
    begins = shown[1].first - YEAR - timedelta(days=1)
    found = weeks.series(shown, {}, {}, begins, SIZES)
    assert list(found.last_year) == [None, 0]


def test_the_rows_say_which_weeks_are_not_whole_and_a_file_has_the_same_numbers() -> None:
    shown = weeks.weeks(date(2026, 11, 9), TODAY, TODAY, LONG_AGO)
    found = Series(shown, [1204, 0, 3], [], 10, [None, 12, 0])
    assert drawing.rows(found) == [
        ["9 Nov – 15 Nov 2026", "1,204", None],
        ["16 Nov – 22 Nov 2026", "0", "12"],
        ["23 Nov – 25 Nov 2026 (not the whole week: 3 days)", "3", None],
    ]
    assert drawing.exported(found, WORDS) == [
        ["From", "To", "Whole week", "Completed", "Last year"],
        [date(2026, 11, 9), date(2026, 11, 15), "yes", 1204, None],
        [date(2026, 11, 16), date(2026, 11, 22), "yes", 0, "12"],
        [date(2026, 11, 23), TODAY, "no", 3, None],
    ]
