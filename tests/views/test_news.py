"""What is new, on the overview: since the last visit, since Friday or in 7 days, the gravest first."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.formats import day
from dashboard.views.overview.since import TITLES
from data import demo
from tests.views.conftest import Open, Owner, words

HERE = demo.COORDINATOR_ONE
STUCK = json.dumps({"lesson_quiz_results": {"1": {"attempts": 3, "passed": False}}})


@pytest.fixture
def away(owner: Owner) -> Iterator[None]:
    """The coordinator was here two days ago, and colleagues' doings are undone afterwards."""
    row = "insert into internal.news_read values (%s, now() - interval '2 days', null)"
    owner.execute("delete from internal.news_read")
    owner.execute(row, (HERE,))
    yield
    owner.execute("delete from internal.news_read")


def drawn(test: AppTest, key: str) -> Any:
    """What our component of this key was handed."""
    assert not test.exception
    parts = [one.proto for one in test.get("bidi_component")]
    return next(json.loads(one.json) for one in parts if one.id.endswith(f"-{key}"))


def periods(test: AppTest) -> dict[str, bool]:
    """What is offered, and which of it is open."""
    ways, _, label = drawn(test, "sections")
    assert label == "Period"
    return {title: is_open for _, title, is_open in ways}


def today(owner: Owner) -> datetime:
    found = owner.execute("select now()").fetchone()
    assert found
    assert isinstance(found[0], datetime)
    return found[0]


def test_a_first_visit_shows_seven_days_and_so_does_its_reload(
    open_page: Open, owner: Owner
) -> None:
    owner.execute("delete from internal.news_read")
    for _ in range(2):
        test = open_page(HERE)
        assert periods(test) == {TITLES["friday"]: False, TITLES["week"]: True}
        assert f"New since {_day(_first_of_seven(owner))}" in words(test)


@pytest.mark.usefixtures("away")
def test_what_is_new_stays_while_the_visit_lasts(open_page: Open, owner: Owner) -> None:
    student, module = _somebody(owner)
    owner.execute(
        "update public.student_module_progress set progress_details = %s "
        "where student_id = %s and module_id = %s",
        (STUCK, student, module),
    )
    for asked in ({}, {}, {"since": "visit"}, {"since": "²"}):  # loaded anew, it is still there
        test = open_page(HERE, "overview", **asked)
        assert periods(test)[TITLES["visit"]]
        assert "newly stuck in a quiz" in str(drawn(test, "news"))
        assert f"student?student={student}" in str(drawn(test, "news"))
    first, *_ = drawn(test, "news")[2]
    assert "newly stuck in a quiz" in str(first[1][1])  # before whatever else happened there


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize("key", ["friday", "week"])
def test_the_address_chooses_another_period(open_page: Open, owner: Owner, key: str) -> None:
    test, now = open_page(HERE, "overview", since=key), today(owner)
    assert [title for title, is_open in periods(test).items() if is_open] == [TITLES[key]]
    friday = now - timedelta(days=(now.weekday() - 4) % 7 or 7)
    since = _first_of_seven(owner) if key == "week" else friday
    assert f"New since {_day(since)}" in words(test)
    # What leads to the history leads to the same period there.
    asked = set(re.findall(r"history[?][^']*since=([^'&]*)", str(drawn(test, "news"))))
    assert asked == {key}


def test_whoever_was_away_for_longer_than_a_month_is_told_so(open_page: Open, owner: Owner) -> None:
    owner.execute("delete from internal.news_read")
    owner.execute(
        "insert into internal.news_read values (%s, now() - interval '50 days', null)", (HERE,)
    )
    told, now = words(open_page(HERE)), today(owner)
    owner.execute("delete from internal.news_read")
    assert f"You were last here on {_day(now - timedelta(days=50))}." in told
    assert f"New since {_day(now - timedelta(days=31))}" in told


def test_nothing_new_is_said_in_a_sentence(open_page: Open, owner: Owner) -> None:
    owner.execute("delete from internal.news_read")
    owner.execute("insert into internal.news_read values (%s, now(), now())", (HERE,))
    told = words(open_page(HERE))
    owner.execute("delete from internal.news_read")
    assert "Nothing new in your classes." in told


def test_where_the_history_begins_later_it_says_so(open_page: Open, owner: Owner) -> None:
    owner.execute(
        "insert into school.retention (organisation_id, history_cut_at) "
        "select organisation_id, now() - interval '3 days' from school.staff where id = %s",
        (HERE,),
    )
    told = words(open_page(HERE, "overview", since="week"))
    owner.execute("delete from school.retention")
    first = _day(today(owner) - timedelta(days=3))
    assert f"The history begins on {first}. Only completions are known before." in told


def _first_of_seven(owner: Owner) -> datetime:
    """Of the days of UTC, today among them."""
    return today(owner).astimezone(UTC) - timedelta(days=6)


def _day(moment: datetime) -> str:
    return str(day(moment, moment.tzinfo)) if moment.tzinfo else ""


def _somebody(owner: Owner) -> tuple[UUID, UUID]:
    """A student of the coordinator's who is stuck in nothing, and a module."""
    found = owner.execute(
        """
        select student_id, module_id
        from dashboard.fact
        join school.class_student using (student_id)
        join school.class_module using (class_id, module_id)
        join school.class on class.id = class_id
        join school.staff on staff.organisation_id = class.organisation_id
        where staff.id = %s and not exists (
            select from dashboard.fact as other where other.student_id = fact.student_id and other.attempts >= 3
        )
        order by 1, 2
        limit 1
        """,
        (HERE,),
    ).fetchone()
    assert found
    return found  # type: ignore[return-value]
