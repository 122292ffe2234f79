"""Responding to a flag on the student page: what it hides, what is told of it, and taking it back."""

from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from data.access.errors import DatabaseAway
from data.writing import flag_responses
from tests.views.conftest import Open, Owner, mounted, press, words


@pytest.fixture
def student(owner: Owner) -> UUID:
    """Somebody of class one who is flagged once, and to whom nobody responded."""
    row = owner.execute(
        "select student_id from internal.flagged(array[%s::uuid], now()) where rule is not null "
        "and student_id not in (select student_id from dashboard.flag_response) "
        "group by student_id having count(*) = 1 order by 1 limit 1",
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    found: UUID = row[0]  # type: ignore[assignment]
    return found


def opened(open_page: Open, person: UUID, student: UUID) -> AppTest:
    return open_page(person, "student", student=student, show="attention")


def stored(owner: Owner, student: UUID) -> list[Any]:
    rows = owner.execute(
        "select response.response, note.channel, note.text from dashboard.flag_response as response "
        "left join dashboard.note on note.id = response.note_id "
        "where response.student_id = %s order by response.number",
        (student,),
    )
    return rows.fetchall()


def choose(test: AppTest, label: str, option: str) -> None:
    next(one for one in test.selectbox if one.label == label).select(option).run()


def test_a_contact_is_told_to_colleagues_hides_the_flag_and_can_be_taken_back(
    open_page: Open, owner: Owner, student: UUID
) -> None:
    test = opened(open_page, demo.TEACHER_ONE, student)
    assert "Attention (1)" in mounted(test)
    press(test, "Save response")
    assert "Nothing is written yet." in words(test)
    choose(test, "How", "meeting")
    test.text_area[0].set_value("Met the father").run()
    old = next(one for one in test.button if one.label == "Save response")
    press(test, "Save response")
    old.click()
    assert "The response is saved." in words(test)
    assert stored(owner, student) == [("contacted", "meeting", "Met the father")]
    assert not test.text_area
    seen = opened(open_page, demo.COORDINATOR_ONE, student)
    assert "Attention (1)" not in mounted(seen)
    assert "Nothing needs attention." in mounted(seen)
    assert "Met the father" in mounted(seen)
    ((rule,),) = owner.execute(
        "select rule from dashboard.flag_response where student_id = %s", (student,)
    ).fetchall()
    seen.multiselect[0].set_value([(demo.CLASS_ONE, rule)]).run()
    press(seen, "Take back")
    assert [row[0] for row in stored(owner, student)] == ["contacted", "taken_back"]
    assert "Attention (1)" in mounted(seen)


def test_a_response_whose_answer_was_lost_is_saved_once_and_told_as_saved(
    open_page: Open, owner: Owner, student: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = opened(open_page, demo.TEACHER_ONE, student)
    choose(test, "Response", "not_a_concern")
    test.text_area[0].set_value("Ill at home").run()
    written = flag_responses.respond

    def lost(*given: Any, **named: Any) -> None:
        """The response arrives, its answer does not."""
        assert written(*given, **named) is None
        raise DatabaseAway("The database cannot be reached just now.")

    with monkeypatch.context() as patched:
        patched.setattr(flag_responses, "respond", lost)
        press(test, "Save response")
    # The page shows that it was saved after all.
    assert "The response is saved." in words(test)
    assert "Ill at home" in mounted(test)
    assert not test.text_area
    assert stored(owner, student) == [("not_a_concern", None, "Ill at home")]


def test_what_was_typed_waits_while_another_page_is_open(
    open_page: Open, owner: Owner, student: UUID
) -> None:
    test = opened(open_page, demo.TEACHER_ONE, student)
    test.text_area[0].set_value("Long thought about").run()
    assert "that is not saved." not in words(test)
    test.switch_page("views/overview/page.py").run()
    assert "a response to what is flagged of a student that is not saved." in words(test)
    test.switch_page("views/student/page.py")
    test.query_params["student"], test.query_params["show"] = str(student), "attention"
    test.run()
    assert test.text_area[0].value == "Long thought about"
    press(test, "Save response")
    assert stored(owner, student) == [("contacted", "phone", "Long thought about")]
