"""The period that Trends is asked for, and the one before that it is put beside."""

from datetime import date

import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.toolbar import FiltersCleared, FilterSet
from dashboard.views.trends import period
from data.reading.trends.weeks import DAY

TODAY = date(2026, 11, 25)  # a Wednesday
DAYS = st.dates(date(1971, 1, 1), date(2099, 12, 31))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    written: dict[str, str] = {}
    monkeypatch.setattr(streamlit, "query_params", written)
    return written


@pytest.mark.parametrize(
    ("written", "days", "when", "before", "before_when"),
    [
        (
            {"period": "2026-10"},
            (date(2026, 10, 1), date(2026, 10, 31)),
            "in October 2026",
            (date(2026, 9, 1), date(2026, 9, 30)),
            "in September 2026",
        ),
        # A month that is not over is beside as many days of the one before.
        (
            {"period": "2026-11"},
            (date(2026, 11, 1), TODAY),
            "in November 2026 so far",
            (date(2026, 10, 1), date(2026, 10, 25)),
            "from 1 Oct 2026 to 25 Oct 2026",
        ),
        (
            {"period": "2026-01"},
            (date(2026, 1, 1), date(2026, 1, 31)),
            "in January 2026",
            (date(2025, 12, 1), date(2025, 12, 31)),
            "in December 2025",
        ),
        # Monday to Wednesday: as many weeks back as it is Mondays.
        (
            {},
            (date(2026, 9, 28), TODAY),
            "in the last 8 weeks",
            (date(2026, 7, 27), date(2026, 9, 23)),
            "from 27 Jul 2026 to 23 Sep 2026",
        ),
        (
            {"period": "2026-10", "since": "2026-11-04", "until": "2026-11-04"},
            (date(2026, 11, 4), date(2026, 11, 4)),
            "on 4 Nov 2026",
            (date(2026, 10, 28), date(2026, 10, 28)),
            "on 28 Oct 2026",
        ),
    ],
)
def test_a_period_and_the_one_before(
    asked: dict[str, str],
    written: dict[str, str],
    days: tuple[date, date],
    when: str,
    before: tuple[date, date],
    before_when: str,
) -> None:
    asked |= written
    found, unread = period.read(TODAY)
    assert ((found.first, found.last), found.when) == (days, when)
    assert (found.before, found.before_when) == (before, before_when)
    assert unread == []


def test_on_its_last_day_a_month_is_not_over(asked: dict[str, str]) -> None:
    asked["period"] = "2026-11"
    assert period.read(date(2026, 11, 30))[0].when == "in November 2026 so far"
    assert period.read(date(2026, 12, 1))[0].when == "in November 2026"


def test_of_a_short_month_no_more_is_compared_than_there_is(asked: dict[str, str]) -> None:
    asked["period"] = "2026-03"
    found, _ = period.read(date(2026, 3, 30))
    assert found.before == (date(2026, 2, 1), date(2026, 2, 28))


@given(DAYS, DAYS, DAYS)
def test_the_days_before_are_the_same_days_of_the_week_and_end_before(
    since: date, until: date, today: date
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        written = {"since": f"{since}", "until": f"{until}"}
        patch.setattr(streamlit, "query_params", written)
        found, _ = period.read(today)
    if found.first > found.last:
        return
    first, last = found.before
    assert (last - first, first.weekday()) == (found.last - found.first, found.first.weekday())
    assert DAY <= found.first - last <= 7 * DAY


def test_a_month_takes_the_place_of_days_and_days_that_of_the_month(asked: dict[str, str]) -> None:
    asked |= {"class": "x", "since": "2026-11-04", "until": "2026-11-05"}
    period.follow(FilterSet("class", "y"))
    period.follow(FiltersCleared())
    assert len(asked) == 3
    period.follow(FilterSet("period", "2026-10"))
    assert asked == {"class": "x"}
    for day in ("since", "until"):
        asked["period"] = "2026-10"
        period.follow(FilterSet(day, "2026-11-04"))
        assert asked == {"class": "x"}


def test_the_months_people_ask_for_are_offered_by_their_names(asked: dict[str, str]) -> None:
    offered = period.controls(TODAY)[0]
    assert offered.value == ""
    assert list(offered.options)[:3] == [
        ("2026-11", "This month (November 2026)"),
        ("2026-10", "Last month (October 2026)"),
        ("2026-09", "September 2026"),
    ]
    assert len({value for value, _ in offered.options}) == 14
    asked["period"] = "2026-10"
    assert period.controls(TODAY)[0].value == "2026-10"
