"""Whoever sees every organisation and changes nothing: what the pages show, and what they do not offer."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from dashboard.pages import PAGES, Page
from dashboard.views.classroom import message
from data import demo
from tests.views.conftest import Open, Owner, words
from tests.views.test_school_page import field, tables

INES = UUID("00000000-0000-4000-8000-000000000901")


@pytest.fixture(autouse=True)
def employed(owner: Owner) -> Iterator[None]:
    owner.execute(
        "insert into school.staff (id, full_name, email, role) values (%s, 'Ines', 'ines@x.example', 'viewer')",
        (INES,),
    )
    yield
    owner.execute("delete from school.staff where id = %s", (INES,))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_pages_show_everything_and_offer_no_change(open_page: Open, page: Page) -> None:
    test = open_page(INES, page.name)
    assert not test.exception
    assert "Ines, viewer, all organisations" in words(test)
    assert ("This page is for coordinators." in words(test)) == ("viewer" not in page.roles)


def test_all_classes_are_there_as_an_administrator_sees_them(open_page: Open) -> None:
    mine, admins = (tables(open_page(one, "overview")) for one in (INES, demo.ADMIN))
    assert mine["My classes"] == admins["My classes"]
    first = "Who needs attention first"
    assert [row[:-1] for row in mine[first]] == [row[:-1] for row in admins[first]]
    # A viewer writes no notes.
    assert "Note a contact" in str(admins[first])
    assert "Note a contact" not in str(mine[first])


def test_a_viewer_is_one_of_all_organisations_and_a_teacher_is_not(open_page: Open) -> None:
    test = open_page(demo.ADMIN, "school", show="staff", colleague=INES)
    field(test, "text_input", "Name").input("Ines I").run()
    assert [line[1] for line in tables(test)["What changes"]] == ["Ines"]
    field(test, "selectbox", "Role").select("teacher").run()
    assert "Choose one: a teacher belongs to one of them." in words(test)
    assert "What changes" not in tables(test)


def test_notes_are_read_and_none_is_written(open_page: Open, owner: Owner) -> None:
    ((student,),) = owner.execute("select id from school.student order by id limit 1").fetchall()
    test = open_page(INES, "student", student=student, show="notes")
    assert not test.exception
    assert not [one for one in test.text_area if one.label == "New note"]
    teacher = open_page(demo.ADMIN, "student", student=student, show="notes")
    assert [one for one in teacher.text_area if one.label == "New note"]


def test_responses_to_flags_are_read_and_none_is_given(open_page: Open, owner: Owner) -> None:
    ((student,),) = owner.execute(
        "select student_id from internal.flagged(array[%s::uuid], now()) where rule is not null limit 1",
        (demo.CLASS_ONE,),
    ).fetchall()
    test = open_page(INES, "student", student=student, show="attention")
    assert "Nobody has responded to anything yet." in words(test)
    assert not [one for one in test.button if one.label == "Save response"]
    teacher = open_page(demo.ADMIN, "student", student=student, show="attention")
    assert [one for one in teacher.button if one.label == "Save response"]


def test_a_class_can_be_written_to_and_nothing_noted(open_page: Open) -> None:
    for person, notes in ((INES, 0), (demo.ADMIN, 1)):
        test = open_page(person, "classroom", **{"class": demo.CLASS_ONE})
        test.session_state["filters_panel"] = message.PANEL
        test.run()
        assert test.code[0].value
        assert len([one for one in test.button if one.label.startswith("Note it for")]) == notes
