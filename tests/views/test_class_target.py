"""A class's target: set in its panel, said in the head of its page and in the table of classes."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from tests.views.conftest import Open, Owner, press, words

CLASS = demo.CLASS_ONE
TEACHER = demo.TEACHER_ONE


@pytest.fixture(autouse=True)
def no_targets(owner: Owner) -> Iterator[None]:
    yield
    owner.execute("alter table dashboard.class_target disable trigger class_target_is_append_only")
    owner.execute("delete from dashboard.class_target")
    owner.execute("alter table dashboard.class_target enable trigger class_target_is_append_only")


def today(owner: Owner) -> date:
    found = owner.execute("select now() at time zone 'UTC'").fetchone()
    assert found
    assert isinstance(found[0], datetime)
    return found[0].date()


def opened(open_page: Open, person: UUID = TEACHER, **parameters: object) -> AppTest:
    """The class page with the panel open."""
    test = open_page(person, "classroom", **{"class": CLASS} | parameters)
    test.session_state["filters_panel"] = "Target"
    test.run()
    assert not test.exception
    return test


def enter(test: AppTest, share: int, by_day: date | None) -> None:
    (number,) = [one for one in test.number_input if (one.key or "").startswith("target_")]
    number.set_value(share)
    (day,) = [one for one in test.date_input if (one.key or "").startswith("target_")]
    day.set_value(by_day)
    press(test, label(test))


def label(test: AppTest) -> str:
    """Of the button that sets it."""
    return next(one.label for one in test.button if one.label in ("Set target", "Change target"))


def put(owner: Owner, days_ago: int, share: int | None, in_days: int, completed: int = 0) -> None:
    """As it was set some days ago, for so many days from today on, when so many of its cells were completed."""
    owner.execute(
        """
        insert into dashboard.class_target (id, class_id, author_id, share, by_day, completed, cells, at)
        select
            %(id)s, %(class)s, %(author)s, %(share)s,
            case when %(share)s::int is not null then (now() at time zone 'UTC')::date + %(in_days)s end,
            case when %(share)s::int is not null then %(completed)s end,
            case when %(share)s::int is not null then 560 end,
            now() - make_interval(days => %(days_ago)s)
        """,
        {
            "id": uuid4(),
            "class": CLASS,
            "author": TEACHER,
            "share": share,
            "in_days": in_days,
            "completed": completed,
            "days_ago": days_ago,
        },
    )


def of_table(test: AppTest) -> list[Any]:
    """The class's bar in the overview's table."""
    parts = [one.proto for one in test.get("bidi_component")]
    table = next(json.loads(one.json) for one in parts if one.id.endswith("-classes"))
    at = [head[0] for head in table[1]].index("Completed")
    (bar,) = [row[at] for row in table[2] if str(CLASS) in row[0][1]]
    return list(bar)


def test_it_is_set_changed_and_removed_and_said_on_both_pages(
    open_page: Open, owner: Owner
) -> None:
    day = today(owner) + timedelta(days=20)
    test = opened(open_page)
    assert "Target:" not in words(test)
    enter(test, 90, day)
    assert "The target is set." in words(test)
    assert re.search(r"Target: 90 % by \d+ \w+( \d{4})?, on plan\.", words(test))
    bar = of_table(open_page(TEACHER))
    assert bar[3] == 0.9
    assert re.fullmatch(r"of 90 % by \d+ \w+( \d{4})?; on plan", bar[4])
    enter(test, 95, day)
    assert "Target: 95 % by" in words(test)
    press(test, "Remove target")
    assert "The target is removed." in words(test)
    assert "Target:" not in words(test)
    assert of_table(open_page(TEACHER))[3:] == [None, ""]
    before = next(
        json.loads(one.proto.json)
        for one in test.get("bidi_component")
        if one.proto.id.endswith("-targets")
    )
    assert [row[2].partition(",")[0].partition(" by")[0] for row in before[2]] == [
        "Removed",
        "95 %",
        "90 %",
    ]


def test_what_cannot_be_is_said_at_its_field_and_what_is_entered_stays(
    open_page: Open, owner: Owner
) -> None:
    test, soon = opened(open_page), today(owner) + timedelta(days=9)
    for share, by_day, told, field in (
        (0, soon, "Enter a share from 1 to 100 %.", "share"),
        (101, soon, "Enter a share from 1 to 100 %.", "share"),
        (1, soon, "The class has completed that much already. Enter a larger share.", "share"),
        (90, None, "Choose the day by which it is to be completed.", "day"),
        (90, soon - timedelta(days=30), "Choose today or a later day.", "day"),
        (90, soon + timedelta(days=900), "Choose a day within two years.", "day"),
    ):
        enter(test, share, by_day)
        assert re.search(rf'data-field="target_{field}_\w+">{re.escape(told)}', words(test)), told
        (number,) = [one for one in test.number_input if (one.key or "").startswith("target_")]
        assert number.value == share
    enter(test, 90, soon)
    assert "The target is set." in words(test)


def test_a_viewer_sees_the_plan_and_no_form(open_page: Open, owner: Owner) -> None:
    put(owner, 10, 90, 10, 100)
    coordinator = owner.execute(
        "select organisation_id from school.staff where id = %s", (demo.COORDINATOR_ONE,)
    ).fetchone()
    assert coordinator
    viewer = uuid4()
    owner.execute(
        "insert into school.staff (id, organisation_id, full_name, email, role) "
        "values (%s, %s, 'Vic Viewer', 'vic@example.org', 'viewer')",
        (viewer, coordinator[0]),
    )
    try:
        test = opened(open_page, viewer)
        assert "Target: 90 % by" in words(test)
        assert not test.number_input
        assert [one.label for one in test.button if "target" in one.label] == []
        assert "planned for today" in words(test)
    finally:
        owner.execute("delete from school.staff where id = %s", (viewer,))


@pytest.mark.parametrize(
    ("share", "in_days", "completed", "told"),
    [
        (30, 10, 10, "reached"),
        (30, -1, 10, "reached"),
        (99, -1, 10, "not reached"),
        (99, 20, 554, r"\d+ points behind plan"),
        (70, 20, 0, r"\d+ points ahead of plan"),
    ],
)
def test_how_far_it_has_come_is_said(
    open_page: Open, owner: Owner, share: int, in_days: int, completed: int, told: str
) -> None:
    put(owner, 20, share, in_days, completed)
    page = words(open_page(TEACHER, "classroom", **{"class": CLASS}))
    assert re.search(rf"Target: {share} % by [\w ]+, {told}\.", page)
    assert re.fullmatch(rf"of {share} % by [\w ]+; {told}", of_table(open_page(TEACHER))[4])


def test_filters_leave_the_target_that_of_the_whole_class(open_page: Open, owner: Owner) -> None:
    put(owner, 20, 99, 20, 554)
    whole = words(open_page(TEACHER, "classroom", **{"class": CLASS}))
    said = re.search(r"Target: 99 % by [\w ]+, \d+ points behind plan\.", whole)
    percent = re.search(r"modules completed \((\d+ %)\)", whole)
    assert said
    assert percent
    narrowed = words(
        open_page(TEACHER, "classroom", **{"class": CLASS}, status="Completed", name="an")
    )
    assert f"{said[0]} The whole class has completed {percent[1]}." in narrowed


def test_a_past_day_shows_the_target_of_that_day_or_none(open_page: Open, owner: Owner) -> None:
    put(owner, 12, 99, 20, 554)
    put(owner, 6, None, 0)
    put(owner, 2, 98, 20, 554)
    for days_ago, told in ((14, None), (9, "99 %"), (4, None), (1, "98 %")):
        day = today(owner) - timedelta(days=days_ago)
        page = words(open_page(TEACHER, "classroom", **{"class": CLASS}, day=day))
        found = re.search(r"Target: (\d+ %) by [\w ]+, \d+ points behind plan\.", page)
        assert (found[1] if found else None) == told, days_ago
    test = opened(open_page, day=today(owner) - timedelta(days=9))
    assert not test.number_input


def test_the_chart_says_its_finding_and_holds_no_more_than_its_table(
    open_page: Open, owner: Owner
) -> None:
    put(owner, 15, 99, 20, 500)
    test = opened(open_page)
    assert re.search(
        r"\d+ % completed, 93 % planned for today: \d+ points behind plan", words(test)
    )
    (chart,) = test.get("plotly_chart")
    alt = chart.proto.alt if hasattr(chart.proto, "alt") else str(chart.proto)
    assert "Lines of the share completed and of the plan, week by week." in alt
    numbers = next(
        json.loads(one.proto.json)
        for one in test.get("bidi_component")
        if one.proto.id.endswith("-numbers_target")
    )
    assert [row[1] for row in numbers[2]][-1] == "99 %"
    assert [row[2] is None for row in numbers[2]] == [False] * 4 + [True] * 3
