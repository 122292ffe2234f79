"""The School page's "From a file": what a list comes to is told, what stops it is asked, and that is saved."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.school.roster_file import state
from data import demo
from tests.unit.packages import OneRoster
from tests.views.conftest import Open, Owner, words
from tests.views.test_school_page import field, lines, tables

HEAD = "Name,School number,Class,Date of birth\n"


@pytest.fixture
def saves(owner: Owner) -> Iterator[None]:
    """What a test saved is put back by hand: the demo is everybody's."""
    yield
    owner.execute(
        "delete from school.class_student using school.student where id = student_id and number like 'T-%'"
    )
    owner.execute("delete from school.student where number like 'T-%'")
    owner.execute("delete from school.class where name like 'T-%'")


def pasted(open_page: Open, text: str, who: object = demo.COORDINATOR_ONE) -> AppTest:
    test = open_page(who, "school", show="file")
    test.text_area[0].input(text).run()
    test.button(key="roster_file_paste").click().run()
    assert not test.exception
    return test


def button(test: AppTest, label: str) -> AppTest:
    (found,) = [one for one in test.button if one.label == label]
    found.click().run()
    assert not test.exception
    return test


@pytest.mark.usefixtures("saves")
def test_a_list_is_judged_previewed_saved_and_the_same_again_changes_nothing(
    open_page: Open, owner: Owner
) -> None:
    text = f"{HEAD}Wilma Test,T-1,T-1a,2010-01-01\nOlga Test,T-2,T-1a,2010-02-02\n"
    test = pasted(open_page, text)
    assert "3 new." in words(test)
    assert "Never read: “Date of birth”." in words(test)
    assert [row[1:3] for row in tables(test)["Lines of the file"]] == [
        ["T-1a", "New"],
        ["Wilma Test", "New"],
        ["Olga Test", "New"],
    ]
    button(test, "Preview 5 changes")
    assert ["Student", "Wilma Test", "New: school number T-1"] in lines(test)
    assert not owner.execute("select from school.student where number = 'T-1'").fetchall()
    button(test, "Save 5 changes")
    assert len(owner.execute("select from school.student where number like 'T-%'").fetchall()) == 2
    # The page is ready for another file.
    assert test.text_area[0]
    again = pasted(open_page, text)
    assert "2 without a change." in words(again)
    assert not [one for one in again.button if one.label.startswith("Preview")]


def test_many_who_would_leave_are_asked_about_by_name_and_nothing_goes_on_before(
    open_page: Open, owner: Owner
) -> None:
    (row,) = owner.execute(
        "select name, full_name from school.class join school.class_student on class_id = class.id "
        "join school.student on student.id = student_id where class.id = %s order by full_name limit 1",
        (demo.CLASS_ONE,),
    ).fetchall()
    name, first = map(str, row)
    test = pasted(open_page, f"Name,Class\n{first},{name}\n")
    assert "1 without a change." in words(test)
    field(test, "selectbox", "Who is not in the list").select("classes").run()
    assert f"students would leave {name}." in words(test)
    assert not [one for one in test.button if one.label.startswith("Preview")]
    field(test, "checkbox", "They leave").check().run()
    assert [one for one in test.button if one.label.startswith("Preview")]
    assert "students would leave" not in words(test)


def test_unclear_lines_are_told_and_may_be_left_out(open_page: Open) -> None:
    test = pasted(open_page, f"{HEAD}Wilma Test,T-1,,\n,T-2,,\nZoe Test,,T-1a,\nZoe Test,,T-1b,\n")
    assert "1 line with a problem, 2 lines that are unclear" in words(test)
    assert [one.label for one in test.button if one.label.startswith("Preview")] == [
        "Preview 1 change without 3 unclear lines"
    ]
    field(test, "selectbox", "New people of one name are").select("one").run()
    assert [one.label for one in test.button if one.label.startswith("Preview")] == [
        "Preview 6 changes without 1 unclear line"
    ]


def test_unknown_columns_are_explained_by_a_person(open_page: Open) -> None:
    test = pasted(open_page, "Wer,Kürzel,Geburtstag\nWilma Test,T-1,2010-01-01\n")
    assert "No heading of line 1 names people" in words(test)
    assert [
        one.label for one in test.selectbox if one.label in ("Wer", "Kürzel", "Geburtstag")
    ] == [
        "Wer",
        "Kürzel",
    ]
    field(test, "selectbox", "Wer").select("Name")
    field(test, "selectbox", "Kürzel").select("School number")
    button(test, "Read it so")
    assert [row[1] for row in tables(test)["Lines of the file"]] == ["Wilma Test"]


def test_a_package_is_read_and_its_school_is_chosen(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = OneRoster().user("s-1", "Wilma Test").user("s-2", "Olga Test", org="o-2")
    package.orgs.append("o-2,,,South,school,,")
    test = open_page(demo.COORDINATOR_ONE, "school", show="file")
    taken = state.open_file
    monkeypatch.setattr(
        state, "open_file", lambda _, __, whose: taken("p.zip", package.zipped(), whose)
    )
    test.text_area[0].input("x").run()
    test.button(key="roster_file_paste").click().run()
    assert "The package has 2 schools" in words(test)
    field(test, "selectbox", "School of the package").select("South").run()
    assert not test.exception
    assert [row[1] for row in tables(test)["Lines of the file"]] == ["Olga Test"]


def test_an_administrator_says_whose_people_they_are(open_page: Open) -> None:
    test = pasted(open_page, f"{HEAD}Wilma Test,T-1,,\n", demo.ADMIN)
    chosen = field(test, "selectbox", "Organisation")
    chosen.select_index(1).run()
    assert not test.exception
    assert "1 new." in words(test)
