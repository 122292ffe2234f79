"""Writing to the students that the class page shows: addresses in Bcc, and a contact noted on each."""

import re
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.classroom import message
from data import demo
from tests.views.conftest import Open, Owner, press, words
from tests.views.test_class_page import drawn

NOTED = "select student_id::text, channel from dashboard.note where text = %s"


def opened(open_page: Open, person: object = demo.TEACHER_ONE, **asked: object) -> AppTest:
    test = open_page(person, "classroom", **{"class": demo.CLASS_ONE}, **asked)
    test.session_state["filters_panel"] = message.PANEL
    return test.run()


def bcc(test: AppTest) -> list[str]:
    (found,) = re.findall(r'href="mailto:\?bcc=([^"]*)"', words(test))
    return unquote(found).split(",")


def test_who_is_shown_is_written_to_and_nobody_sees_the_others(
    open_page: Open, owner: Owner
) -> None:
    for asked in ({}, {"attention": "needed"}):
        test = opened(open_page, **asked)
        assert not test.exception
        ids = [student[0] for student in drawn(test)[1]]
        rows = owner.execute("select email from school.student where id = any(%s)", (ids,))
        emails = sorted(str(email) for (email,) in rows if email)
        assert test.code[0].value.split(", ") == emails
        assert bcc(test) == emails


def test_a_contact_is_noted_on_each_and_what_is_typed_stays_until_it_is(
    open_page: Open, owner: Owner
) -> None:
    test = opened(open_page, attention="needed")
    needy = {student[0] for student in drawn(test)[1]}
    assert 1 < len(needy) < 28
    label = f"Note it for {len(needy)} students"
    press(test, label)
    assert "Nothing is written yet." in words(test)
    (box,) = [one for one in test.text_input if one.label == "About what"]
    box.input("Asked all of them").run()
    # The panel closed and opened again has it still.
    for panel in (None, message.PANEL):
        test.session_state["filters_panel"] = panel
        test.run()
    (box,) = [one for one in test.text_input if one.label == "About what"]
    assert box.value == "Asked all of them"
    press(test, label)
    assert f"Noted for {len(needy)} students." in words(test)
    rows = owner.execute(NOTED, ("Asked all of them",)).fetchall()
    assert sorted(rows) == sorted((one, "e-mail") for one in needy)


def test_of_too_many_no_mail_is_prepared_and_who_has_no_address_is_named(
    open_page: Open, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message, "LONGEST_ADDRESS", 40)
    student, name, email = owner.execute(
        "select student.id, full_name, email from school.student join school.class_student on student_id = id "
        "where class_id = %s order by id limit 1",
        (demo.CLASS_ONE,),
    ).fetchall()[0]
    try:
        owner.execute("update school.student set email = null where id = %s", (student,))
        test = opened(open_page)
    finally:
        owner.execute("update school.student set email = %s where id = %s", (email, student))
    assert "mailto:" not in words(test)
    assert "too many for a prepared mail" in words(test)
    assert f"without an e-mail address {name}" in words(test)
    assert str(email) not in test.code[0].value
