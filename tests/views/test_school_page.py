"""The School page: people, classes and modules, looked for, entered, corrected and undone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.school.sections import SECTIONS
from dashboard.web import wire
from data import demo
from tests.views.conftest import Open, Owner, press, words


def tables(test: AppTest) -> dict[str, list[Any]]:
    """The rows of every table on the page, by its caption."""
    found: dict[str, list[Any]] = {}
    for each in test.get("bidi_component"):
        if each.proto.component_name == "dashboard_table":
            caption, _, rows = json.loads(each.proto.json)[:3]
            found[caption] = rows
    return found


def field(test: AppTest, kind: str, label: str) -> Any:
    """The widget with this label."""
    (found,) = [one for one in test.get(kind) if getattr(one, "label", None) == label]
    return found


def lines(test: AppTest) -> list[list[str]]:
    return tables(test).get("What changes", [])


@pytest.fixture
def saves(owner: Owner) -> Iterator[None]:
    """What a test saved of the roster is put back by hand: the demo is everybody's."""
    yield
    owner.execute(
        "delete from school.class_student using school.student where id = student_id and number = 'T-1'"
    )
    owner.execute("delete from school.student where number = 'T-1'")
    owner.execute("update school.student set full_name = replace(full_name, ' (new)', '')")


@pytest.mark.parametrize("section", [one.key for one in SECTIONS])
def test_each_section_opens_for_who_manages_and_for_nobody_else(
    open_page: Open, section: str
) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show=section)
    assert not test.exception
    assert "colleagues" in words(test)
    assert tables(test) or section in ("file", "digest")
    assert test.session_state[wire.WATCHED] == (None if section == "file" else "school=1")
    teacher = open_page(demo.TEACHER_ONE, "school", show=section)
    assert not teacher.exception
    assert not tables(teacher)


def test_a_coordinator_sees_the_own_organisation(open_page: Open, owner: Owner) -> None:
    (row,) = owner.execute(
        "select count(*) from school.class where organisation_id = (select organisation_id from school.staff "
        "where id = %s)",
        (demo.COORDINATOR_ONE,),
    ).fetchall()
    test = open_page(demo.COORDINATOR_ONE, "school")
    assert len(tables(test)["Classes"]) == row[0]
    assert len(tables(open_page(demo.ADMIN, "school"))["Classes"]) > int(str(row[0]))


@pytest.mark.usefixtures("saves")
def test_a_student_is_entered_and_the_entry_undone(open_page: Open, owner: Owner) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show="students", new=1)
    field(test, "text_input", "Name").input("Wilma  Test ").run()
    field(test, "text_input", "School number").input("T-1").run()
    assert lines(test) == [["Student", "Wilma Test", "New: school number T-1"]]
    field(test, "multiselect", "Classes").select(demo.CLASS_ONE).run()
    assert len(lines(test)) == 2
    test.button(key="roster_save").click().run()
    assert not test.exception
    stored = owner.execute(
        "select id, full_name from school.student where number = 'T-1'"
    ).fetchall()
    assert [name for _, name in stored] == ["Wilma Test"]
    # The form is open for the next one, with nothing typed.
    assert field(test, "text_input", "Name").value == ""

    test = open_page(demo.COORDINATOR_ONE, "school", show="changes")
    newest = tables(test)["Changes of the school"][0]
    batch = dict(pair.split("=") for pair in newest[0][1].partition("?")[2].split("&"))["batch"]
    test = open_page(demo.COORDINATOR_ONE, "school", show="changes", batch=batch)
    test.button(key="roster_undo").click().run()
    (save,) = [one for one in test.button if one.label == "Undo 2 changes"]
    save.click().run()
    assert not test.exception
    assert not owner.execute("select id from school.student where number = 'T-1'").fetchall()


def test_what_cannot_be_is_told_at_its_field_and_nothing_is_saved(
    open_page: Open, owner: Owner
) -> None:
    before = owner.execute("select count(*) from dashboard.roster_batch").fetchall()
    test = open_page(demo.COORDINATOR_ONE, "school", show="staff", new=1)
    field(test, "text_input", "Name").input("Wilma Test").run()
    field(test, "text_input", "E-mail").input("wilma").run()
    assert "This is not an e-mail address" in words(test)
    test.button(key="roster_save").click().run()
    assert owner.execute("select count(*) from dashboard.roster_batch").fetchall() == before


@pytest.mark.parametrize("show", ["classes", "students", "modules", "staff"])
def test_saving_a_form_with_nothing_in_it_says_what_is_missing(open_page: Open, show: str) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show=show, new=1)
    assert "The name is missing." not in words(test)  # nobody is told off before they began
    test.button(key="roster_save").click().run()
    assert "The name is missing." in words(test)
    assert "Correct the marked fields" in words(test)


@pytest.mark.usefixtures("saves")
def test_who_was_changed_meanwhile_is_shown_with_both_values(open_page: Open, owner: Owner) -> None:
    (row,) = owner.execute(
        "select student_id from school.class_student where class_id = %s order by 1 limit 1",
        (demo.CLASS_ONE,),
    ).fetchall()
    test = open_page(demo.COORDINATOR_ONE, "school", show="students", student=row[0])
    name = str(field(test, "text_input", "Name").value)
    field(test, "text_input", "Name").input(f"{name} (mine)").run()
    owner.execute(
        "update school.student set full_name = full_name || ' (new)' where id = %s", (row[0],)
    )
    test.button(key="roster_save").click().run()
    assert "somebody else changed this" in words(test)
    ((_, _, mine, now),) = tables(test)["Changed meanwhile"]
    assert f"{name} (mine)" in mine
    assert f"{name} (new)" in now
    (keep,) = [one for one in test.button if one.label == "Save mine instead"]
    keep.click().run()
    assert field(test, "text_input", "Name").value == f"{name} (mine)"
    field(test, "text_input", "Name").input(name).run()
    test.button(key="roster_save").click().run()
    assert owner.execute(
        "select full_name from school.student where id = %s", (row[0],)
    ).fetchall() == [(name,)]


def test_nobody_is_offered_their_own_role_nor_one_above(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show="staff", colleague=demo.COORDINATOR_ONE)
    assert "This is you" in words(test)
    assert not [one for one in test.selectbox if one.label == "Role"]
    test = open_page(demo.COORDINATOR_ONE, "school", show="staff", colleague=demo.TEACHER_ONE)
    assert "Administrator" not in field(test, "selectbox", "Role").options
    assert "Viewer" in field(test, "selectbox", "Role").options


def test_a_class_goes_into_the_next_year_by_a_preview(open_page: Open, owner: Owner) -> None:
    before = owner.execute("select count(*) from school.class").fetchall()
    test = open_page(demo.COORDINATOR_ONE, "school")
    test.session_state[f"roster_chosen_classes_{demo.COORDINATOR_ONE.hex[:8]}"] = {demo.CLASS_ONE}
    test.run()
    field(test, "text_input", "School year").input("2027/28").run()
    test.button(key="roster_class_bulk").click().run()
    assert not test.exception
    told = [what for _, _, what in lines(test)]
    assert told[0] == "New: school year 2027/28"
    assert told[-1].startswith("Archived on: none →")
    assert not [one for one in told if one.startswith("Joins")]
    assert owner.execute("select count(*) from school.class").fetchall() == before


def test_all_that_are_shown_are_chosen_at_once_and_none_any_more(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show="students", **{"class": demo.CLASS_ONE})
    shown = len(tables(test)["Students"])
    test.button(key="roster_students_all").click().run()
    assert f"With {shown} students" in [one.label for one in test.selectbox]
    assert test.button(key="roster_students_all").label == "Choose none"
    test.button(key="roster_students_all").click().run()
    assert not test.selectbox


def test_several_classes_are_given_a_module_by_a_preview(open_page: Open, owner: Owner) -> None:
    lacking = owner.execute(
        "select id, name from public.modules where not exists (select from school.class_module "
        "join school.class on class.id = class_id join school.staff using (organisation_id) "
        "where module_id = modules.id and staff.id = %s) order by name limit 1",
        (demo.COORDINATOR_ONE,),
    ).fetchone()
    assert lacking is not None
    test = open_page(demo.COORDINATOR_ONE, "school")
    classes = len(tables(test)["Classes"])
    test.button(key="roster_classes_all").click().run()
    field(test, "selectbox", f"With {classes} classes").select("modules").run()
    field(test, "multiselect", "Modules, after those that they have").select(lacking[0]).run()
    test.button(key="roster_class_bulk").click().run()
    assert not test.exception
    assert [what for _, _, what in lines(test)] == [f"Has {lacking[1]} too"] * classes
    next(one for one in test.button if one.label == f"Save {classes} changes").click().run()
    owner.execute("delete from school.class_module where module_id = %s", (lacking[0],))
    test.button(key="roster_classes_all").click().run()
    # What was to be done is done: the next time nobody finds it chosen already.
    assert field(test, "selectbox", f"With {classes} classes").value == "next"


def test_a_module_of_a_class_is_moved_by_two_choices(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", **{"class": demo.CLASS_ONE})
    before = list(field(test, "multiselect", "Modules, in their order").value)
    third = str(field(test, "selectbox", "Move").options[2])
    assert third.startswith("3. ")
    press(test, "Move")  # nothing is chosen yet
    assert field(test, "multiselect", "Modules, in their order").value == before
    field(test, "selectbox", "Move").select(2).run()
    field(test, "selectbox", "To the place of").select(0).run()
    press(test, "Move")
    after = [before[2], *before[:2], *before[3:]]
    assert field(test, "multiselect", "Modules, in their order").value == after
    assert f"{third[3:]} is number 1 now." in words(test)
    assert lines(test)[0][2] == f"{third[3:]}, place: 3 → 1"
    assert len(lines(test)) == 3
    assert field(test, "selectbox", "Move").value is None


def test_a_lesson_of_a_module_is_moved_by_two_choices(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show="modules", new=1)
    field(test, "text_area", "Lessons").input("One\nTwo (quiz)\n\nThree").run()
    field(test, "selectbox", "Move").select(0).run()
    field(test, "selectbox", "To the place of").select(2).run()
    press(test, "Move")
    assert field(test, "text_area", "Lessons").value == "Two (quiz)\nThree\nOne"


def test_classes_of_one_name_are_told_apart_where_students_are_put_into_one(
    open_page: Open, owner: Owner
) -> None:
    (row,) = owner.execute(
        "insert into school.class (organisation_id, name, school_year) "
        "select other.id, class.name, school_year from school.class "
        "join public.organisations as other on other.id <> organisation_id "
        "where class.id = %s limit 1 returning id",
        (demo.CLASS_ONE,),
    ).fetchall()
    try:
        test = open_page(demo.ADMIN, "school", show="students")
        test.button(key="roster_students_all").click().run()
        options = field(test, "selectbox", "Class").options
        assert len(options) == len(set(options)) > 3
    finally:
        owner.execute("delete from school.class where id = %s", row)
