"""Notes on the student page, and everything that is held, as each role meets them."""

import json
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import reads
from dashboard.views.student import note_form
from data import demo
from data.access.errors import DatabaseAway
from data.access.session import Actor, acting_as
from data.open import open_database
from data.reading.notes import Note
from data.reading.notes import notes as read_notes
from data.settings import read_settings
from data.writing import notes
from tests.views.conftest import Open, Owner, mounted, press, words

HOSTILE = "<img src=http://evil.example/x> **bold** ![x](http://evil.example/y) $x$ :material/home:"


@pytest.fixture
def student(owner: Owner) -> UUID:
    """Somebody of class one whom nobody wrote about."""
    row = owner.execute(
        "select student_id from school.class_student where class_id = %s "
        "and student_id not in (select student_id from dashboard.note) order by 1 limit 1",
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    found: UUID = row[0]  # type: ignore[assignment]
    return found


def open_notes(open_page: Open, person: UUID, student: UUID) -> AppTest:
    return open_page(person, "student", student=student, show="notes")


def type_note(test: AppTest, text: str) -> None:
    assert test.text_area[0].label == "New note"
    test.text_area[0].set_value(text).run()


def listed(test: AppTest) -> list[list[Any]]:
    """The entries as the list component gets them."""
    for each in test.get("bidi_component"):
        if each.proto.component_name.endswith("note_list"):
            data: list[list[Any]] = json.loads(each.proto.json)[0]
            return data
    raise AssertionError("no list of notes")


def stored(owner: Owner, student: UUID) -> list[tuple[Any, ...]]:
    return owner.execute(
        "select act, kind, channel, text from dashboard.note where student_id = %s order by number",
        (student,),
    ).fetchall()


def drafts_of(test: AppTest, student: UUID) -> note_form.NoteDrafts:
    found: note_form.NoteDrafts = test.session_state[note_form.DRAFTS][demo.TEACHER_ONE][student]
    return found


def begin_correction(test: AppTest, student: UUID) -> Note:
    """As a click on Correct does, which AppTest has no hand for."""
    database = open_database(read_settings())
    with acting_as(Actor(demo.TEACHER_ONE, "", "", database=database)) as connection:
        (note, *_) = read_notes(connection, student)
    note_form.begin_correction(drafts_of(test, student), note)
    test.run()
    return note


def test_a_note_is_written_once_and_told_to_colleagues_as_text(
    open_page: Open, owner: Owner, student: UUID
) -> None:
    test = open_notes(open_page, demo.TEACHER_ONE, student)
    assert listed(test) == []
    type_note(test, HOSTILE)
    old = test.button(key=drafts_of(test, student).form.widget("save"))
    press(test, "Save note")
    old.click()
    assert "The note is saved." in words(test)
    assert test.text_area[0].value == ""
    assert stored(owner, student) == [("written", "note", None, HOSTILE)]
    assert listed(test)[0][3] == HOSTILE
    assert listed(test)[0][6] is True
    for person in (demo.COORDINATOR_ONE, demo.ADMIN):
        seen = open_notes(open_page, person, student)
        assert [(one[3], one[6]) for one in listed(seen)] == [(HOSTILE, False)]
        assert "evil.example" not in words(seen)
        assert "Notes (1)" in mounted(seen)


def test_a_contact_has_its_kind_and_day(open_page: Open, owner: Owner, student: UUID) -> None:
    test = open_notes(open_page, demo.TEACHER_ONE, student)
    assert not test.date_input
    test.selectbox[0].set_value("phone").run()
    assert test.date_input[0].value is not None
    type_note(test, "Rang the mother")
    press(test, "Save note")
    assert stored(owner, student) == [("written", "contact", "phone", "Rang the mother")]
    assert listed(test)[0][1].startswith("Phone call on ")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("  ", "Nothing is written yet."), ("a" * 4001, "too long"), ("a\u202eb", "cannot be seen")],
)
def test_a_refusal_is_told_and_keeps_what_was_typed(
    open_page: Open, owner: Owner, student: UUID, text: str, sentence: str
) -> None:
    test = open_notes(open_page, demo.TEACHER_ONE, student)
    type_note(test, text)
    press(test, "Save note")
    assert sentence in words(test)
    assert test.text_area[0].value == text
    assert stored(owner, student) == []


def test_what_was_typed_outlives_an_outage_and_other_pages_and_is_saved_once(
    open_page: Open, owner: Owner, student: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = open_notes(open_page, demo.TEACHER_ONE, student)
    type_note(test, "Long thought about")
    written = notes.write

    def lost(*given: Any, **named: Any) -> None:
        """The note arrives, its answer does not."""
        assert written(*given, **named) is None
        raise DatabaseAway("The database cannot be reached just now.")

    with monkeypatch.context() as patched:
        patched.setattr(notes, "write", lost)
        press(test, "Save note")
    assert "The database cannot be reached just now." in words(test)
    test.switch_page("views/overview/page.py").run()
    assert "that is not saved." in words(test)
    test.switch_page("views/student/page.py")
    test.query_params["student"], test.query_params["show"] = str(student), "notes"
    test.run()
    assert "that is not saved." not in words(test)
    assert test.text_area[0].value == "Long thought about"
    press(test, "Save note")
    assert "The note is saved." in words(test)
    assert len(stored(owner, student)) == 1


def test_a_correction_replaces_the_text_and_shows_the_earlier_one(
    open_page: Open, owner: Owner, student: UUID
) -> None:
    test = open_notes(open_page, demo.TEACHER_ONE, student)
    type_note(test, "first")
    press(test, "Save note")
    note = begin_correction(test, student)
    assert test.text_area[0].value == "first"
    test.text_area[0].set_value("second").run()
    press(test, "Save correction")
    assert "The correction is saved." in words(test)
    (entry,) = listed(test)
    assert (entry[3], [text for _, text in entry[5]]) == ("second", ["first"])
    assert entry[4].startswith("Corrected on ")
    assert "Notes (1)" in mounted(test)
    # What this page's other tab still shows is old now.
    note_form.begin_correction(drafts_of(test, student), note)
    test.run()
    test.text_area[0].set_value("third").run()
    press(test, "Save correction")
    assert "elsewhere meanwhile" in words(test)
    assert test.text_area[0].value == "third"
    press(test, "Save correction")
    assert [row[3] for row in stored(owner, student)] == ["first", "second", "third"]


def test_a_withdrawn_note_stays_marked_and_without_ways(open_page: Open, student: UUID) -> None:
    test = open_notes(open_page, demo.TEACHER_ONE, student)
    type_note(test, "wrong")
    press(test, "Save note")
    note = begin_correction(test, student)
    press(test, "Cancel")
    before = drafts_of(test, student)
    with pytest.MonkeyPatch.context() as patched:
        database = open_database(read_settings())
        me = Actor(demo.TEACHER_ONE, "", "", database=database)
        patched.setattr(reads, "visit", lambda: type("Visit", (), {"actor": me}))
        for _ in range(2):
            note_form.withdraw(before, note)
            assert before.problem is None
    test.run()
    (entry,) = listed(test)
    assert entry[3] is None
    assert entry[4].startswith("Withdrawn by its author on ")
    assert [text for _, text in entry[5]] == ["wrong"]
    assert entry[6] is False
    assert "Notes (" not in mounted(test)


def test_everything_is_for_coordinators_and_admins_and_made_when_asked_for(
    open_page: Open, student: UUID
) -> None:
    teacher = open_page(demo.TEACHER_ONE, "student", student=student, show="held")
    assert "All stored data" not in mounted(teacher)
    assert not teacher.get("download_button")
    for person in (demo.COORDINATOR_ONE, demo.ADMIN):
        test = open_page(person, "student", student=student, show="held")
        assert not test.get("download_button")
        for name in ("JSON", "Excel"):
            press(test, f"Make {name} file")
            assert not test.exception
            (button,) = test.get("download_button")
            assert button.proto.label.startswith(f"Download {name} file (")
        assert "What is in it" in mounted(test)


def test_the_new_note_waits_while_another_is_corrected(open_page: Open, student: UUID) -> None:
    test = open_notes(open_page, demo.TEACHER_ONE, student)
    type_note(test, "there already")
    press(test, "Save note")
    type_note(test, "begun")
    begin_correction(test, student)
    assert test.text_area[0].value == "there already"
    press(test, "Cancel")
    assert test.text_area[0].value == "begun"
    begin_correction(test, student)
    test.text_area[0].set_value("half corrected").run()
    begin_correction(test, student)
    assert "You began another correction" in words(test)
    assert test.text_area[0].value == "half corrected"


def test_whoever_signs_in_next_sees_nothing_of_what_was_typed(
    open_page: Open, student: UUID
) -> None:
    test = open_notes(open_page, demo.TEACHER_ONE, student)
    type_note(test, "for colleagues only")
    test.switch_page("views/overview/page.py").run()
    assert "that is not saved." in words(test)  # the control
    test.button(key="sign_out").click().run()
    test.button(key=f"open_as_{demo.COORDINATOR_ONE}").click().run()
    assert "Overview" in words(test)
    assert "that is not saved." not in words(test)
    test.switch_page("views/student/page.py")
    test.query_params["student"], test.query_params["show"] = str(student), "notes"
    test.run()
    assert test.text_area[0].value == ""
