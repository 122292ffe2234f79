"""Trends: a finding, its chart and its numbers, of whom and when the address says."""

import json
import re
from itertools import pairwise
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from tests.views.conftest import Open, Owner, mounted, words


def charts(test: AppTest) -> list[Any]:
    assert not test.exception
    return [each.proto for each in test.get("plotly_chart")]


def numbers(test: AppTest, heading: str = "Completed") -> list[list[Any]]:
    """The rows of the first table whose second column is this."""
    return next(iter(tables(test, heading)), [])


def tables(test: AppTest, heading: str) -> list[list[list[Any]]]:
    """The rows of each such table."""
    found = []
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table":
            _, heads, rows, *_ = json.loads(each.proto.json)
            if len(heads) > 1 and heads[1][0] == heading:
                found.append(list(rows))
    return found


def number(cell: Any) -> int:
    return int(str(cell).replace(",", ""))


def test_a_class_is_charted_with_its_numbers_and_in_words(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select (array_agg(id))[1] from school.class where archived_at is null "
        "group by organisation_id having count(*) > 3"
    ).fetchone()
    assert row is not None
    test = open_page(demo.ADMIN, "trends", **{"class": row[0]})
    drawn, active = charts(test)
    rows = numbers(test)
    assert 2 <= len(rows) <= 9
    assert "not the whole week" in rows[-1][0]
    figure = json.loads(drawn.spec)
    assert [f"{one:,}" for one in figure["data"][0]["y"]] == [row[1] for row in rows]
    assert "Median of other classes" in [one["name"] for one in figure["data"]]
    assert "whole weeks" in words(test)
    assert "Bars of modules completed by week." in str(drawn)
    assert "the median of completions per student" in words(test)
    assert sum(int(row[1].replace(",", "")) for row in rows) > 0
    assert "Bars of students active by week." in str(active)
    actives = [int(row[1]) for row in numbers(test, "Students active")]
    assert len(actives) == len(rows)
    assert 0 < max(actives) <= 40
    assert "students active per week in the last 4 whole weeks" in words(test)
    too_few = open_page(demo.COORDINATOR_ONE, "trends", **{"class": demo.CLASS_ONE})
    assert [one["name"] for one in json.loads(charts(too_few)[0].spec)["data"]] == ["Completed"]
    assert "compared where you see 3 or more" in words(too_few)


def test_nothing_is_drawn_before_records_begin(open_page: Open, owner: Owner) -> None:
    began = owner.execute("select min(at) from dashboard.history").fetchone()
    assert began is not None
    test = open_page(demo.ADMIN, "trends", period="52")
    assert "Records begin on" in words(test)
    weeks = json.loads(charts(test)[0].spec)["data"][0]["x"]
    assert len(weeks) < 53
    assert weeks[0] <= f"{began[0]:%Y-%m-%d}" < weeks[1]
    assert "Nothing is on record in the last" not in words(test)
    assert all(one["name"] != "Last year" for one in json.loads(charts(test)[0].spec)["data"])
    early = open_page(demo.ADMIN, "trends", since="2001-01-01", until="2001-03-01")
    assert charts(early) == []
    assert "Nothing is on record from 1 Jan 2001 to 1 Mar 2001." in words(early)


def test_the_weeks_of_all_classes_are_the_sum_of_each(open_page: Open) -> None:
    whole = numbers(open_page(demo.TEACHER_ONE, "trends"))
    test = open_page(demo.TEACHER_ONE, "trends")
    (bar,) = [
        json.loads(one.proto.json)
        for one in test.get("bidi_component")
        if one.proto.component_name == "dashboard_toolbar"
    ]
    offered = next(one for one in bar[1] if one[0] == "class")[4]
    each = [numbers(open_page(demo.TEACHER_ONE, "trends", **{"class": one})) for one, _ in offered]
    assert len(each) > 1
    for at, row in enumerate(whole):
        assert int(row[1].replace(",", "")) == sum(int(rows[at][1]) for rows in each)


def test_one_module_of_a_class_is_part_of_all_of_them(open_page: Open, owner: Owner) -> None:
    modules = owner.execute(
        "select module_id from school.class_module where class_id = %s", (demo.CLASS_ONE,)
    ).fetchall()
    here = {"class": demo.CLASS_ONE, "period": "26"}
    each = [
        numbers(open_page(demo.COORDINATOR_ONE, "trends", module=one, **here)) for (one,) in modules
    ]
    whole = numbers(open_page(demo.COORDINATOR_ONE, "trends", **here))
    for at, row in enumerate(whole):
        assert int(row[1]) == sum(int(rows[at][1]) for rows in each)


def test_what_is_not_theirs_is_ignored_and_said(open_page: Open) -> None:
    asked = {"class": demo.CLASS_ONE, "period": "never", "since": "x", "module": demo.ADMIN}
    test = open_page(demo.TEACHER_TWO, "trends", **asked)
    assert "Period" in words(test)
    assert "From" in words(test)
    assert "Module" in words(test)
    assert "available to you. Showing all my classes instead." in words(test)
    assert charts(test)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (("2001-03-02", "2001-03-01"), "Nothing is on record from 1 Mar 2001 to 2 Mar 2001."),
        (("2001-03-01", "2001-03-01"), "Nothing is on record on 1 Mar 2001."),
        (("9990-03-01", ""), "Nothing is on record from 1 Mar 9990."),
    ],
)
def test_days_are_said_as_they_are_shown(open_page: Open, days: tuple[str, str], said: str) -> None:
    test = open_page(demo.TEACHER_ONE, "trends", since=days[0], until=days[1])
    assert said in words(test)
    assert "Ignored" not in words(test)


def test_the_numbers_are_offered_as_a_file(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "trends")
    test.session_state["trends_bar_panel"] = "Export"
    test.run()
    assert [each.proto.label for each in test.get("download_button")] == [
        "Completions as CSV",
        "Activity as CSV",
        "Modules as CSV",
    ]


def test_a_class_and_a_module_lead_to_their_trends(open_page: Open, owner: Owner) -> None:
    here = {"class": demo.CLASS_ONE}
    test = open_page(demo.COORDINATOR_ONE, "classroom", **here)
    assert any(one.proto.page == "trends" for one in test.get("page_link"))
    row = owner.execute(
        "select module_id from school.class_module where class_id = %s", (demo.CLASS_ONE,)
    ).fetchone()
    assert row is not None
    test = open_page(demo.COORDINATOR_ONE, "module", **here, module=row[0], show="time")
    (way,) = [one.proto for one in test.get("page_link") if one.proto.page == "trends"]
    assert str(row[0]) in way.query_string
    assert "trends" in mounted(test) or way.label


def test_the_overview_leads_there(open_page: Open) -> None:
    assert any(one.proto.page == "trends" for one in open_page(demo.TEACHER_ONE).get("page_link"))


def test_modules_are_compared_across_classes_worst_first(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select organisation_id, count(*) from school.class where archived_at is null "
        "group by organisation_id having count(*) > 3"
    ).fetchone()
    assert row is not None
    test = open_page(demo.ADMIN, "trends", organisation=row[0])
    every = tables(test, "Completed in the period")
    assert [len(one) > 0 for one in every] == [True, True], "Those in sight, and the others."
    assert len(every[0]) == 8
    rows = [row for one in every for row in one]
    bars = [one[4][1] for one in rows if one[4]]
    assert bars[:8] == sorted(bars[:8])
    assert sum(one > other for one, other in pairwise(bars)) <= 1, "What few began comes last."
    least = re.search(
        r">Completed least: (.+), by ([\d,]+) of ([\d,]+) who began \((.+?)\)\.", words(test)
    )
    assert least is not None
    assert (least[1], least[4]) == (rows[0][0][2], rows[0][4][2])
    assert sum(number(one[1]) for one in rows) == sum(number(one[1]) for one in numbers(test))
    assert any("(of " in str(one[2]) for one in rows)
    # The demo's classes of one organisation have few modules in common.
    assert "There are too few classes to compare." in words(test)
    assert "Far from the others is" not in words(test)
    assert {len(one) for one in rows} == {6}, "Nobody is far from anybody: there is no such column."


def test_classes_are_compared_in_a_module_with_their_days(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select module_id from school.class_module where class_id = %s order by position limit 1",
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    test = open_page(demo.ADMIN, "trends", module=row[0], period="52")
    completed, active = charts(test)
    assert "Bars of completions by week." in str(completed)
    assert "Bars of students active by week." in str(active)
    assert "is on record, in this module" in words(test)
    whole = numbers(open_page(demo.ADMIN, "trends", period="52"), "Students active")
    of_module = numbers(test, "Students active")
    assert all(
        number(one[1]) <= number(all_[1]) for one, all_ in zip(of_module, whole, strict=True)
    )
    assert 0 < sum(number(one[1]) for one in of_module) < sum(number(one[1]) for one in whole)
    (rows,) = tables(test, "Completed in the period")
    assert f"class={demo.CLASS_ONE}" in str(rows)
    assert any("(of " in str(one[2]) for one in rows)
    few = "There are too few classes to compare" in words(test)
    assert few is (len(rows) < 4)


def test_modules_of_too_many_are_not_counted_and_said(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tables(open_page(demo.COORDINATOR_ONE, "trends"), "Completed in the period"), "Control."
    monkeypatch.setattr("dashboard.views.trends.modules.MOST_STUDENTS", 10)
    test = open_page(demo.COORDINATOR_ONE, "trends")
    assert tables(test, "Completed in the period") == []
    assert "choose an organisation, a class or a module" in words(test)
    assert len(charts(test)) == 2, "They are counted of however many."


def test_a_period_is_told_beside_the_one_before(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        "select today - 18, today - 5, today - 32, today - 19 "
        "from (select (now() at time zone 'UTC')::date as today) as now"
    ).fetchone()
    assert row is not None
    told = open_page(demo.COORDINATOR_ONE, "trends", since=row[0], until=row[1])
    answer = re.search(r'words-answer">(.*?)\.</p>', words(told))
    assert answer is not None
    figures = re.fullmatch(
        r"([\d,]+) modules completed from .+, in all my classes: [a-z ]+ from .+ \(([\d,]+)\)",
        answer[1],
    )
    assert figures is not None, answer[1]
    for figure, days in ((figures[1], row[:2]), (figures[2], row[2:])):
        test = open_page(demo.COORDINATOR_ONE, "trends", since=days[0], until=days[1])
        assert number(figure) == sum(number(one[1]) for one in numbers(test)) > 0
    assert re.search(
        r">[\d.]+ students active( per week)?: [a-z ]+ in the (week|\d weeks) before \([\d.]+\)\.",
        words(told),
    )
    first = open_page(demo.COORDINATOR_ONE, "trends", period="52")
    assert re.search(r"modules completed from .+, in all my classes\.</p>", words(first)), "None."
