"""Many at once: who and what is chosen, then exactly that is previewed."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.selection import SELECTED, Block
from data import demo
from data.rules.progress import Field, Status
from tests.views.bulk_choices import choose, opened, students, unbegun
from tests.views.conftest import Open, Owner, press, words


@pytest.fixture
def module(owner: Owner) -> Iterator[UUID]:
    with unbegun(owner) as found:
        yield found


def stored(owner: Owner, module: UUID) -> dict[object, tuple[object, ...]]:
    rows = owner.execute(
        "select student_id, status, progress_percentage from public.student_module_progress "
        "where module_id = %s",
        (module,),
    )
    return {row[0]: row[1:] for row in rows}


def paste(test: AppTest, *names: str) -> None:
    test.radio[0].set_value("pasted").run()
    test.text_area[0].set_value("\n".join(names)).run()


def test_everybody_of_the_class_is_meant_unless_filters_say_otherwise(
    open_page: Open, module: UUID
) -> None:
    test = opened(open_page)
    choose(test, module, STATUS=Status.COMPLETED)
    assert "28 students × 1 module: 28 rows." in words(test)
    press(test, "Preview")
    assert "28 changes in 28 students." in words(test)
    assert "1 student × 1 module" in words(opened(open_page, name="Bozena", module=module))


def test_pasted_people_are_saved_and_nobody_else(
    open_page: Open, owner: Owner, module: UUID
) -> None:
    (ann, ann_name), (ben, ben_name), *_ = students(owner)
    test = opened(open_page)
    paste(test, ann_name.upper(), ben_name)
    choose(test, module, PERCENTAGE="70", STATUS=Status.IN_PROGRESS)
    press(test, "Preview")
    next(one for one in test.text_input if one.label.startswith("Reason")).set_value("Paper").run()
    press(test, "Save 2 changes")
    assert stored(owner, module) == {ann: ("InProgress", 70), ben: ("InProgress", 70)}


def test_who_is_not_recognised_is_asked_about(open_page: Open, owner: Owner, module: UUID) -> None:
    (_, ann_name), (ben, ben_name), *_ = students(owner)
    test = opened(open_page)
    paste(test, ann_name, f"{ben_name}x", "Wolfgang Amadeus")
    assert "1 of 3 people recognised." in words(test)
    assert "Not in this class: “Wolfgang Amadeus”." in words(test)
    question = next(one for one in test.selectbox if "Who is meant?" in one.label)
    question.set_value(ben).run()
    assert "2 of 3 people recognised." in words(test)


def test_only_where_nothing_stands_leaves_what_is_there(
    open_page: Open, owner: Owner, module: UUID
) -> None:
    test = opened(open_page)
    choose(test, module, STATUS=Status.IN_PROGRESS, PERCENTAGE="10")
    test.toggle(key="bulk_only_empty").set_value(True).run()
    press(test, "Preview")
    assert "27 changes in 27 students; 1 row needs no change." in words(test)


def test_what_cannot_be_read_stands_beside_its_field(open_page: Open, module: UUID) -> None:
    test = opened(open_page)
    choose(test, module, PERCENTAGE="101", SCORE="")
    assert "whole number from 0 to 100." in words(test)
    assert "or - to empty it" not in words(test)
    press(test, "Preview")
    assert "Write a number from 0 to 100, or - to empty it." in words(test)
    assert "What will change" not in words(test)


def test_cancelling_the_preview_keeps_what_was_chosen(open_page: Open, module: UUID) -> None:
    test = opened(open_page)
    choose(test, module, STATUS=Status.COMPLETED)
    press(test, "Preview")
    assert not test.multiselect
    press(test, "Cancel")
    assert test.multiselect(key="bulk_fields").value == [Field.STATUS]
    assert "28 students × 1 module: 28 rows." in words(test)


def test_a_block_of_the_matrix_comes_along_with_its_students_and_modules(
    open_page: Open, owner: Owner, module: UUID
) -> None:
    (ann, _), (ben, _), *_ = students(owner)
    test = opened(open_page)
    test.session_state[SELECTED] = Block(demo.CLASS_ONE, (ann, ben), (module,))
    test.run()
    assert "2 students × 1 module: 2 rows." in words(test)


def test_only_who_may_edit_is_offered_the_way_here(open_page: Open) -> None:
    test = open_page(demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE})
    assert not [one for one in test.get("page_link") if "Correct many" in one.proto.label]
    test = open_page(demo.COORDINATOR_ONE, "classroom", **{"class": demo.CLASS_ONE})
    assert [one for one in test.get("page_link") if "Correct many" in one.proto.label]
