"""The class page: its filters live in the URL, its sentence tells the truth."""

import json
import re
from html import escape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.classroom.matrix_adapter import MOST_WIDE
from dashboard.web import wire
from data import demo
from data.reading.filters import FILTERS
from tests.views.conftest import Open, Owner, words


def drawn(test: AppTest) -> tuple[list[Any], list[Any]]:
    """Modules and students as handed to the matrix."""
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_matrix":
            _, modules, students = json.loads(each.proto.bytes)
            return modules, students
    return [], []


def options(test: AppTest) -> dict[str, Any]:
    """How the matrix is to be drawn."""
    made = [
        each for each in test.get("bidi_component")
        if each.proto.component_name == "dashboard_matrix"
    ]  # fmt: skip
    found: dict[str, Any] = json.loads(made[0].proto.bytes)[0]
    return found


@pytest.fixture
def page(open_page: Open) -> AppTest:
    return open_page(demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE})


def test_the_three_buckets_sum_to_students_times_modules(page: AppTest) -> None:
    modules, students = drawn(page)
    cells = len(modules) * len(students)
    assert cells > 400
    assert sum(sum(student[3:6]) for student in students) == cells
    assert sum(sum(module[3:6]) for module in modules) == cells


def test_a_bar_a_module_stands_beside_the_sentence_and_says_which_is_completed_least(
    page: AppTest,
) -> None:
    modules, students = drawn(page)
    said = words(page)
    assert said.count("<i style=") == len(modules)
    assert 'role="img"' in said
    assert (
        f"{escape(modules[0][1])}: {modules[0][3]} completed, {modules[0][4]} in progress" in said
    )
    begun = [module for module in modules if module[3] + module[4] > len(students) / 2]
    least = min(begun, key=lambda module: module[3] / len(students))
    assert f"half have begun, {escape(least[1])} is completed least" in said
    assert page.get("plotly_chart") == []


def bar(test: AppTest) -> tuple[dict[str, list[Any]], list[Any]]:
    """The filters' controls by key, and the rest of what was handed to the bar."""
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_toolbar":
            _, controls, *rest = json.loads(each.proto.json)
            return {control[0]: control for control in controls}, rest
    raise AssertionError("no bar")


def test_every_filter_has_a_control(page: AppTest) -> None:
    controls, _ = bar(page)
    assert [controls[one.key][1:3] for one in FILTERS] == [[one.label, one.kind] for one in FILTERS]
    # What a choice offers is what its filter reads.
    for one in FILTERS:
        for written, _ in controls[one.key][4]:
            assert one.write(one.read(written)) == written


def test_a_filter_in_the_url_stands_in_the_bar_and_narrows(open_page: Open) -> None:
    test = open_page(
        demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE, "status": "InProgress"}
    )
    controls, rest = bar(test)
    assert controls["status"][3] == "InProgress"
    assert "with a module that is in progress" in rest[0]
    assert all("I" in student[2] for student in drawn(test)[1])


def test_a_name_filter_narrows_the_students_and_is_said(page: AppTest) -> None:
    everybody = drawn(page)[1]
    wanted = everybody[0][1]
    page.query_params["name"] = wanted
    page.run()
    assert [student[1] for student in drawn(page)[1]] == [wanted]
    assert f"Showing 1 of {len(everybody)} students" in bar(page)[1][0]


def test_a_module_filter_narrows_the_columns(page: AppTest) -> None:
    page.query_params["type"] = "assessment"
    page.run()
    modules, _ = drawn(page)
    assert modules
    assert {module[2] for module in modules} == {"assessment"}


def test_where_nobody_fits_the_page_says_so_and_everything_can_be_cleared(page: AppTest) -> None:
    assert bar(page)[1][1] is False
    page.query_params["name"] = "zzqqxx"
    page.run()
    assert drawn(page)[1] == []
    assert "No student matches these filters" in words(page)
    assert bar(page)[1][1] is True


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
    is_class = "class" in nonsense
    said = "That class isn&#x27;t available" if is_class else "Ignored, because this link asks for"
    assert said in words(test)
    assert drawn(test)[1]


def test_why_they_need_attention_stands_beside_students_and_sorts_them(page: AppTest) -> None:
    why = {student[0]: student[7] for student in drawn(page)[1] if student[7:]}
    needy = [reasons for reasons in why.values() if reasons]
    assert f"{len(needy)} students need attention." in words(page)
    assert any(re.search(r"(^| · )\d below the mark( · |$)", reasons) for reasons in needy)
    page.query_params["sort"] = "-attention"
    page.run()
    order = [bool(why.get(student[0])) for student in drawn(page)[1]]
    assert order == sorted(order, reverse=True)
    page.query_params["group"] = "need"
    page.run()
    assert {
        (student[8] == "Needs no attention") != bool(student[7]) for student in drawn(page)[1]
    } == {True}


def test_a_past_day_knows_nothing_of_attention_and_does_not_offer_it(
    open_page: Open, owner: Owner
) -> None:
    row = owner.execute("select max(at)::date - 7 from dashboard.history").fetchone()
    assert row is not None
    asked = {"class": demo.CLASS_ONE, "attention": "needed", "sort": "-attention", "day": row[0]}
    test = open_page(demo.TEACHER_ONE, "classroom", **asked)
    assert "Read only" in words(test)
    assert "asks for what is not here: Needs attention only." in words(test)
    assert set(bar(test)[0]) == {one.key for one in FILTERS if not one.only_now} | {"day"}
    assert not any(any(student[7:8]) for student in drawn(test)[1])


def test_a_score_range_shows_students_with_such_a_score(page: AppTest) -> None:
    page.query_params["score"] = "0-40"
    page.run()
    assert "with a score from 0 to 40" in bar(page)[1][0]
    for student in drawn(page)[1]:
        scores = [
            cell.split("/")[1].rstrip("fsepk") for cell in student[2].split(";") if "/" in cell
        ]
        assert any(0 <= float(score) <= 40 for score in scores)


def test_the_cells_of_the_status_that_is_filtered_by_are_marked(page: AppTest) -> None:
    assert options(page)["outlined"] is None
    page.query_params["status"] = "InProgress"
    page.run()
    assert options(page)["outlined"] == "I"


def test_many_modules_are_compact_until_somebody_chooses(
    page: AppTest, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert options(page)["density"] == "compact"
    page.query_params["type"] = "assessment"
    page.run()
    assert len(drawn(page)[0]) <= MOST_WIDE
    assert options(page)["density"] == "wide"
    page.query_params["density"] = "compact"
    page.run()
    assert options(page)["density"] == "compact"

    # Chosen another time, in any class, by the same person.
    kept = json.dumps({"person": str(demo.TEACHER_ONE), "chosen_density": "wide"})
    monkeypatch.setattr(wire, "read", lambda name: kept if name == wire.LAST_VIEW else "")
    asked = {"class": str(demo.CLASS_ONE)}
    assert options(open_page(demo.TEACHER_ONE, "classroom", **asked))["density"] == "wide"
    theirs = open_page(demo.COORDINATOR_ONE, "classroom", **asked)
    assert options(theirs)["density"] == "compact"


def test_a_cohort_of_500_is_one_page(open_page: Open) -> None:
    test = open_page(demo.TEACHER_TWO, "classroom", **{"class": demo.COHORT})
    modules, students = drawn(test)
    assert (len(students), len(modules)) == (500, 50)
