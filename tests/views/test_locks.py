"""Lock this, on the edit page and in a cell's panel: what stands, who tried otherwise, the way back."""

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.views.classroom import cell_panel
from data import demo
from data.rules.progress import Field
from tests.views.conftest import Open, Owner, mounted, press, words
from tests.views.edit_form import Cell, begun, open_form, reset, stored, type_into

PLATFORM = (
    "update public.student_module_progress set status = 'Completed', progress_percentage = 100, "
    "completed_at = now() where student_id = %s and module_id = %s"
)


@pytest.fixture
def cell(owner: Owner) -> Iterator[Cell]:
    """A course in progress at 40 % of a student whom the other tests leave alone; kept by nobody."""
    found = begun(owner, last=True)
    let_go(owner, found)
    yield found
    let_go(owner, found)
    reset(owner, found)


def let_go(owner: Owner, cell: Cell) -> None:
    owner.execute(
        "update dashboard.lock set unlocked_by = author_id "
        "where student_id = %s and module_id = %s and unlocked_at is null",
        cell,
    )


def choose(test: AppTest, *fields: Field) -> None:
    press(test, "Lock a value here")
    test.button_group[0].set_value(list(fields)).run()


def keep_status(open_page: Open, cell: Cell) -> AppTest:
    test = open_form(open_page, cell)
    choose(test, Field.STATUS)
    type_into(test, "Reason for locking", "Shown to me on paper")
    press(test, "Lock this")
    return test


def open_panel(open_page: Open, person: object, cell: Cell) -> AppTest:
    test = open_page(person, "classroom", **{"class": demo.CLASS_ONE})
    test.session_state[cell_panel.OPEN] = cell_panel.CellId(*cell)
    return test.run()


def test_what_is_locked_is_told_and_can_be_unlocked(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = open_form(open_page, cell)
    assert "Nothing is locked here" in words(test)
    choose(test, Field.STATUS)
    assert "belong together: percentage and completed date." in words(test)
    type_into(test, "Reason for locking", "Shown to me on paper")
    press(test, "Lock this")
    assert "Locked. The platform cannot change it" in words(test)
    assert "status In progress, percentage 40 %, no completed date" in words(test)
    assert "Reason: “Shown to me on paper”" in words(test)
    for _ in range(3):
        owner.execute(PLATFORM, cell)
    assert stored(owner, cell)[:2] == ("InProgress", 40)
    test.run()
    assert "The platform tried to set the status to Completed, 3 times, last on" in words(test)
    press(test, "Unlock")
    assert "Unlocked." in words(test)
    assert "Locked by" not in words(test)
    owner.execute(PLATFORM, cell)
    assert stored(owner, cell)[:2] == ("Completed", 100)


def test_locking_and_unlocking_are_told_among_the_changes(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    student, module = map(str, cell)
    press(keep_status(open_page, cell), "Unlock")
    panel = open_panel(open_page, demo.TEACHER_ONE, cell)
    page = open_page(demo.TEACHER_ONE, "student", student=student, show="timeline")
    whole = open_page(demo.TEACHER_ONE, "history", student=student, module=module)
    for told in (mounted(panel), words(page), mounted(whole)):
        assert "Locked: status In progress, percentage 40 %, no completed date" in told
        assert "Shown to me on paper" in told
        assert "Unlocked: status, percentage and completed date" in told
    bulk = open_page(demo.TEACHER_ONE, "history", student=student, source="bulk")
    assert "Unlocked:" not in mounted(bulk)


@pytest.mark.parametrize(
    ("fields", "why", "sentence"),
    [
        ([Field.SCORE], " ", "Say why this is to be locked."),
        ([], "because", "Choose what is to be locked."),
    ],
)
def test_nothing_is_locked_without_a_choice_and_a_reason(
    open_page: Open, owner: Owner, cell: Cell, fields: list[Field], why: str, sentence: str
) -> None:
    test = open_form(open_page, cell)
    choose(test, *fields)
    type_into(test, "Reason for locking", why)
    press(test, "Lock this")
    assert sentence in words(test)
    assert "Locked by" not in words(test)
    owner.execute(PLATFORM, cell)
    assert stored(owner, cell)[1] == 100


def test_what_nobody_saw_is_not_locked(open_page: Open, owner: Owner, cell: Cell) -> None:
    test = open_form(open_page, cell)
    choose(test, Field.STATUS)
    type_into(test, "Reason for locking", "because")
    owner.execute(PLATFORM, cell)
    press(test, "Lock this")
    assert "This was changed a moment ago, so nothing was locked." in words(test)
    press(test, "Lock this")
    assert "status Completed, percentage 100 %" in words(test)


def test_a_save_over_a_lock_is_told_before_and_after(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = keep_status(open_page, cell)
    type_into(test, "Score", "70")
    assert "Saving changes the locked values" not in words(test)
    type_into(test, "Percentage", "55")
    assert "status, percentage and completed date. Saving changes the locked values" in words(test)
    press(test, "Save")
    assert "The locked values changed with it: status In progress, percentage 55 %" in words(test)
    owner.execute(PLATFORM, cell)
    assert stored(owner, cell)[:3] == ("InProgress", 55, "70")


def test_a_teacher_is_told_of_a_lock_and_has_no_way_to_change_it(
    open_page: Open, cell: Cell
) -> None:
    assert "Locked by" not in words(open_panel(open_page, demo.TEACHER_ONE, cell))
    keep_status(open_page, cell)
    told = open_panel(open_page, demo.TEACHER_ONE, cell)
    assert "Locked by" in words(told)
    assert "Shown to me on paper" in words(told)
    assert not {"Unlock", "Lock a value here"} & {button.label for button in told.button}
    editor = open_panel(open_page, demo.COORDINATOR_ONE, cell)
    assert {"Unlock", "Lock more"} <= {button.label for button in editor.button}


def test_the_students_page_and_the_matrix_show_the_pin(open_page: Open, cell: Cell) -> None:
    def pins() -> tuple[int, int]:
        student = open_page(demo.TEACHER_ONE, "student", student=cell[0], module=cell[1])
        matrix = open_page(demo.TEACHER_ONE, "classroom", **{"class": demo.CLASS_ONE})
        in_table = re.findall(r'"InProgress", "[a-z]*k"', mounted(student).replace("\\", ""))
        return len(in_table), len(re.findall(r"I40[a-z]*k", mounted(matrix)))

    before = pins()
    keep_status(open_page, cell)
    after = pins()
    assert (after[0] - before[0], after[1] - before[1]) == (1, 1)
