"""The class page: its filters live in the URL, its sentence tells the truth."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from data.filters import FILTERS
from tests.views.conftest import Open, words


def drawn(test: AppTest) -> tuple[list[Any], list[Any]]:
    """Modules and students as handed to the matrix."""
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_matrix":
            _, modules, students = json.loads(each.proto.json)
            return modules, students
    return [], []


@pytest.fixture
def page(open_page: Open) -> AppTest:
    return open_page(demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE})


def test_the_three_buckets_sum_to_students_times_modules(page: AppTest) -> None:
    modules, students = drawn(page)
    cells = len(modules) * len(students)
    assert cells > 400
    assert sum(sum(student[3:6]) for student in students) == cells
    assert sum(sum(module[3:6]) for module in modules) == cells


def test_every_filter_has_a_widget(page: AppTest) -> None:
    labels = {
        each.label
        for kind in (page.selectbox, page.text_input, page.slider, page.date_input)
        for each in kind
    }
    assert {one.label for one in FILTERS} <= labels


def test_a_filter_goes_into_the_url_and_a_reload_shows_the_same(
    page: AppTest, open_page: Open
) -> None:
    page.selectbox(key="filter_status").set_value("InProgress").run()
    assert (
        page.query_params["status"] == ["InProgress"] or page.query_params["status"] == "InProgress"
    )
    again = open_page(
        demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE, "status": "InProgress"}
    )
    assert drawn(again) == drawn(page)
    assert again.selectbox(key="filter_status").value == "InProgress"


def test_a_name_filter_narrows_the_students_and_is_said(page: AppTest) -> None:
    everybody = drawn(page)[1]
    wanted = everybody[0][1]
    page.text_input(key="filter_name").set_value(wanted).run()
    assert [student[1] for student in drawn(page)[1]] == [wanted]
    assert f"Showing 1 of {len(everybody)} students" in words(page)


def test_a_module_filter_narrows_the_columns(page: AppTest) -> None:
    page.selectbox(key="filter_type").set_value("assessment").run()
    modules, _ = drawn(page)
    assert modules
    assert {module[2] for module in modules} == {"assessment"}


def test_clear_all_keeps_the_class_and_drops_the_rest(page: AppTest) -> None:
    everybody = drawn(page)[1]
    page.text_input(key="filter_name").set_value("zzqqxx").run()
    assert drawn(page)[1] == []
    assert "No student fits these filters" in words(page)
    page.button(key="clear_filters").click().run()
    assert drawn(page)[1] == everybody
    assert page.selectbox(key="filter_class").value == demo.CLASS_ONE


def test_another_class_drops_the_module_of_the_last_one(page: AppTest) -> None:
    module = drawn(page)[0][0]
    page.selectbox(key="filter_module").set_value(UUID(module[0])).run()
    page.selectbox(key="filter_class").set_value(demo.CLASS_TWO).run()
    assert "module" not in page.query_params
    assert len(drawn(page)[0]) == 20


@pytest.mark.parametrize(
    "nonsense",
    [
        {"class": "nonsense"},
        {"status": "Done"},
        {"score": "x-y"},
        {"score": "90-10"},
        {"score": "nan-inf"},
        {"since": "2026-99-99"},
        {"module": "00000000-0000-0000-0000-000000000000"},
        {"name": "\x00"},
        {"name": "x" * 5000},
    ],
    ids=lambda nonsense: str(nonsense)[:30],
)
def test_nonsense_in_a_link_is_left_out_and_said(open_page: Open, nonsense: dict[str, str]) -> None:
    test = open_page(demo.TEACHER_ONE, "classroom", **nonsense)
    assert not test.exception
    assert "Left out of this link" in words(test)
    assert drawn(test)[1]


def test_a_score_range_shows_students_with_such_a_score(page: AppTest) -> None:
    page.slider(key="filter_score").set_value((0.0, 40.0)).run()
    assert "with a score from 0 to 40" in words(page)
    for student in drawn(page)[1]:
        scores = [
            cell.split("/")[1].rstrip("fsepk") for cell in student[2].split(";") if "/" in cell
        ]
        assert any(0 <= float(score) <= 40 for score in scores)


def test_a_cohort_of_500_is_one_page(open_page: Open) -> None:
    test = open_page(demo.TEACHER_TWO, "classroom", **{"class": demo.COHORT})
    modules, students = drawn(test)
    assert (len(students), len(modules)) == (500, 50)
