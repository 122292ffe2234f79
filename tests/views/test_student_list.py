"""From one student to the next in the order of the list one came from."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.reads import student_list
from data import demo
from data.reading.data_check.rules import RULES
from tests.views.conftest import Open, Owner
from tests.views.test_carried import address, change, go
from tests.views.test_class_page import drawn
from tests.views.test_history_page import tables

Place = tuple[str, str, int, int, str, str]
CLASS = {"class": str(demo.CLASS_ONE)}


@pytest.fixture(autouse=True)
def none_kept() -> None:
    """Of what other tests opened in this process, some of it of the same name and by the same people."""
    student_list._kept.clear()  # type: ignore[attr-defined]


def open_student(test: AppTest, student: str, **further: str) -> Place | None:
    """As a link of a list does; where the student is in it."""
    test.switch_page("views/student/page.py")
    test.query_params.clear()
    return place_on(test, student=student, **further)


def place_on(test: AppTest, **asked: str) -> Place | None:
    change(test, **asked)
    (head,) = (
        json.loads(one.proto.json)[1]
        for one in test.get("bidi_component")
        if one.proto.component_name == "dashboard_section_bar"
    )
    place: Place | None = head[5]
    return place


def student_of(href: str) -> str:
    found = re.search(r"student=([0-9a-f-]{36})", href)
    return found[1] if found else ""


def test_the_order_is_that_of_the_class_and_what_is_open_stays_open(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "classroom", sort="-name", **CLASS)
    first, second, third, *_, last = (row[0] for row in drawn(test)[1])
    many = len(drawn(test)[1])
    found = open_student(test, second, show="notes", module=first)
    assert found
    title, href, number, of, before, after = found
    assert (title, number, of) == ("Mathematics 9A", 2, many)
    assert href.startswith("classroom?")
    assert "sort=-name" in href
    named = address(test)["list"]
    assert before == f"student?student={first}&module={first}&show=notes&list={named}"
    assert after == f"student?student={third}&module={first}&show=notes&list={named}"
    for end, way in ((first, 4), (last, 5)):
        found = open_student(test, end)
        assert found
        assert found[way] == ""


def test_filters_narrow_the_list_and_who_is_not_in_it_has_no_place(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "classroom", **CLASS)
    everybody = [row[0] for row in drawn(test)[1]]
    go(test, "classroom")
    change(test, attention="needed")
    shown = [row[0] for row in drawn(test)[1]]
    assert 1 < len(shown) < len(everybody)
    found = open_student(test, shown[0])
    assert found
    assert found[3] == len(shown)
    other = next(one for one in everybody if one not in shown)
    assert open_student(test, other) is None


def test_another_person_in_the_same_tab_has_no_place_in_it(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "classroom", **CLASS)
    student = drawn(test)[1][0][0]
    assert open_student(test, student)  # the control
    asked = {"list": address(test)["list"]}
    test.session_state["demo_person"] = str(demo.COORDINATOR_ONE)
    assert open_student(test, student) is None
    assert open_student(test, student, **asked) is None


def test_a_page_that_is_loaded_anew_has_the_list_still(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "classroom", sort="-name", **CLASS)
    first, second, third, *_ = (row[0] for row in drawn(test)[1])
    found = open_student(test, second)
    assert found
    anew = open_page(demo.TEACHER_ONE, "student", **address(test))
    assert place_on(anew) == found
    assert address(anew) == address(test)
    # By a link that does not name it, as those of the page's own sections.
    assert open_student(anew, third) == open_student(test, third)
    # What is named so is nothing, or not a list of this student.
    asked = {"student": second, "list": "x"}
    assert place_on(open_page(demo.TEACHER_ONE, "student", **asked)) is None
    go(test, "classroom")
    change(test, attention="needed")
    needed = {row[0] for row in drawn(test)[1]}
    assert open_student(test, next(iter(needed)))
    other = next(one for one in (first, second, third) if one not in needed)
    asked = {"student": other, "list": address(test)["list"]}
    assert place_on(open_page(demo.TEACHER_ONE, "student", **asked)) is None


def test_who_comes_by_the_search_or_after_another_class_has_no_place(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "classroom", **CLASS)
    student = drawn(test)[1][1][0]
    assert open_student(test, student)  # the control
    assert open_student(test, student, list="none") is None
    assert address(test) == {"student": student}
    assert open_student(test, student) is None
    for page, has_place in (("bulk", False), ("help", True)):
        go(test, "classroom")
        test.query_params.clear()
        change(test, **CLASS)
        test.switch_page(f"views/{page}/page.py")
        test.query_params.clear()
        change(test, **({"class": str(demo.CLASS_TWO)} if page == "bulk" else {}))
        assert (open_student(test, student) is not None) is has_place


@pytest.mark.parametrize(
    ("page", "asked", "caption"),
    [
        ("overview", {}, "Who needs attention first"),
        ("module", CLASS, "Students by what they need"),
        ("module", CLASS | {"sort": "-score"}, "Students"),
        ("student", {"find": "a"}, "Students found"),
        *(
            ("check", {"kind": rule.key}, rule.title)
            for rule in RULES
            if rule.key == "completed_without_date"
        ),
    ],
)
def test_every_table_of_students_is_such_a_list(
    open_page: Open, owner: Owner, page: str, asked: dict[str, str], caption: str
) -> None:
    if page == "module":
        row = owner.execute(
            "select module_id from school.class_module where class_id = %s limit 1",
            (demo.CLASS_ONE,),
        ).fetchone()
        assert row
        asked = asked | {"module": str(row[0])}
    test = open_page(demo.COORDINATOR_ONE, page, **asked)
    rows = json.dumps(tables(test)[caption])
    shown = list(dict.fromkeys(re.findall(r"\bstudent=([0-9a-f-]{36})", rows)))
    assert len(shown) > 2
    found = open_student(test, shown[1])
    assert found
    assert found[2] == 2
    assert [student_of(way) for way in found[4:]] == [shown[0], shown[2]]
    for parameter, value in asked.items():
        assert f"{parameter}={value}" in found[1]
