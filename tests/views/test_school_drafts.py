"""What is begun on the School page and not saved is there after another page, an outage and others' changes."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.school import roster_preview
from dashboard.web import wire
from data import demo
from data.access.errors import DatabaseAway
from data.roster.save import RosterOutcome, save
from tests.views.conftest import Open, Owner, press, words
from tests.views.test_database_away import failing, is_calm
from tests.views.test_school_page import field, lines, saves

__all__ = ["saves"]

UNSAVED = "You have unsaved changes to"

FORMS: dict[str, dict[str, str]] = {
    "a class": {"class": str(demo.CLASS_ONE)},
    "a new student": {"show": "students", "new": "1"},
    "a colleague": {"show": "staff", "colleague": str(demo.TEACHER_ONE)},
    "a new module": {"show": "modules", "new": "1"},
}


def go(test: AppTest, page: str, **parameters: object) -> AppTest:
    """To this page in the same window."""
    test.switch_page(f"views/{page}/page.py")
    test.query_params.clear()
    for name, value in parameters.items():
        test.query_params[name] = str(value)
    test.run()
    assert not test.exception
    return test


def begin(open_page: Open, form: str) -> AppTest:
    """Something is typed in this form."""
    test = open_page(demo.COORDINATOR_ONE, "school", **FORMS[form])
    assert UNSAVED not in words(test)
    field(test, "text_input", "Name").input("Half typed").run()
    return test


def asks(test: AppTest) -> bool:
    """Would the browser ask before this page is left?"""
    return bool(test.session_state[wire.UNSAVED])


def somebody(owner: Owner) -> Any:
    (row,) = owner.execute(
        "select student_id from school.class_student where class_id = %s order by 1 limit 1",
        (demo.CLASS_ONE,),
    ).fetchall()
    return row[0]


@pytest.mark.parametrize("form", FORMS)
def test_what_is_typed_in_a_form_outlives_sections_and_pages_until_it_is_discarded(
    open_page: Open, form: str
) -> None:
    test = begin(open_page, form)
    assert "a draft until you close this page" in words(test)
    assert asks(test)
    for page, parameters in (("school", {"show": "changes"}), ("overview", {})):
        go(test, page, **parameters)
        assert UNSAVED in words(test)
        assert asks(test)
        go(test, "school", **FORMS[form])
        assert UNSAVED not in words(test)
        assert field(test, "text_input", "Name").value == "Half typed"
        assert lines(test)
    press(test, "Discard draft")
    assert field(test, "text_input", "Name").value != "Half typed"
    assert not asks(test)
    assert UNSAVED not in words(go(test, "overview"))


def test_every_form_that_is_begun_waits_for_its_own_end(open_page: Open) -> None:
    test = begin(open_page, "a new student")
    go(test, "school", **FORMS["a class"])
    field(test, "text_input", "Name").input("Another").run()
    go(test, "overview")
    assert words(test).count(UNSAVED) == 2
    go(test, "school", **FORMS["a new student"])
    assert field(test, "text_input", "Name").value == "Half typed"
    press(test, "Discard draft")
    assert words(go(test, "overview")).count(UNSAVED) == 1


def test_what_is_typed_outlives_an_outage(open_page: Open, owner: Owner) -> None:
    test = begin(open_page, "a new student")
    owner.execute("select pg_current_xact_id()")
    with failing(test, lambda text: "from school.class" in text):
        field(test, "text_input", "School number").input("T-7").run()
        assert is_calm(test)
    test.run()
    assert field(test, "text_input", "Name").value == "Half typed"
    assert field(test, "text_input", "School number").value == "T-7"


@pytest.mark.usefixtures("saves")
def test_what_was_saved_in_an_outage_unheard_is_not_saved_twice(
    open_page: Open, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new student, whom nothing tells from a second one."""
    name = "Saved Unheard"
    test = open_page(demo.COORDINATOR_ONE, "school", show="students", new="1")
    field(test, "text_input", "Name").input(name).run()

    def unheard(*args: Any, **options: Any) -> RosterOutcome:
        save(*args, **options)
        raise DatabaseAway("The database went away.")

    monkeypatch.setattr(roster_preview, "save", unheard)
    press(test, "Save")
    count = "select count(*) from school.student where full_name = %s"
    assert owner.execute(count, (name,)).fetchall() == [(1,)]
    assert (
        field(test, "text_input", "Name").value == name
    )  # nobody knows, so it is there to be saved
    monkeypatch.setattr(roster_preview, "save", save)
    press(test, "Save")
    assert field(test, "text_input", "Name").value == ""  # and now it is known
    assert owner.execute(count, (name,)).fetchall() == [(1,)]
    owner.execute("delete from school.student where full_name = %s", (name,))


def test_a_form_leaves_alone_what_others_changed_in_other_fields(
    open_page: Open, owner: Owner
) -> None:
    student = somebody(owner)
    test = open_page(demo.COORDINATOR_ONE, "school", show="students", student=student)
    field(test, "text_input", "School number").input("T-8").run()
    owner.execute(
        "update school.student set full_name = full_name || ' (new)' where id = %s", (student,)
    )
    field(test, "text_input", "School number").input("T-9").run()
    assert [what for _, _, what in lines(test)] == ["School number: none → T-9"]
    press(go(go(test, "overview"), "school", show="students", student=student), "Discard draft")
    assert str(field(test, "text_input", "Name").value).endswith("(new)")


def test_whoever_signs_in_next_sees_nothing_of_what_was_begun(open_page: Open) -> None:
    test = begin(open_page, "a new student")
    go(test, "school", show="file")
    test.text_area[0].input("Name\nSomebody").run()
    assert "list of people" in words(go(test, "overview"))
    test.button(key="sign_out").click().run()
    test.button(key=f"open_as_{demo.ADMIN}").click().run()
    assert UNSAVED not in words(test)
    assert not asks(test)
    go(test, "school", **FORMS["a new student"])
    assert field(test, "text_input", "Name").value == ""
    assert go(test, "school", show="file").text_area[0].value == ""


def test_a_list_and_what_is_said_of_it_wait_on_their_own_section(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school", show="file")
    test.text_area[0].input("Name,School number\nWilma Test,T-1").run()
    test.button(key="roster_file_paste").click().run()
    field(test, "text_input", "Class of everybody in the list").input("T-1a").run()
    assert "list of people" in words(go(test, "overview"))
    assert asks(test)
    go(test, "school", show="file")
    assert "list of people that is not saved" not in words(test)
    assert field(test, "text_input", "Class of everybody in the list").value == "T-1a"
    press(test, next(one.label for one in test.button if one.label.startswith("Preview")))
    field(test, "text_input", "Reason").input("From the office").run()
    go(test, "school", show="staff")
    assert "You have a preview of" in words(test)
    go(test, "school", show="file")
    assert field(test, "text_input", "Reason").value == "From the office"
    press(test, "Cancel")
    press(test, "Another file")
    test.text_area[0].input("").run()
    assert not asks(test)


def test_what_is_chosen_for_several_is_chosen_after_another_page(open_page: Open) -> None:
    test = open_page(demo.COORDINATOR_ONE, "school")
    assert not asks(test)
    test.button(key="roster_classes_all").click().run()
    assert asks(test)
    field(test, "text_input", "School year").input("2031/32").run()
    go(go(test, "overview"), "school")
    assert field(test, "text_input", "School year").value == "2031/32"
