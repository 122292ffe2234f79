"""The edit page: problems beside their field, consequences before saving, conflicts with both values."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from data import demo
from data.rules.progress import Status
from tests.views.conftest import Open, Owner, mounted, press, words
from tests.views.edit_form import Cell, begun, field, open_form, reset, stored, type_into


@pytest.fixture
def cell(owner: Owner) -> Iterator[Cell]:
    """A course in progress at 40 %, put back afterwards."""
    found = begun(owner)
    yield found
    reset(owner, found)
    owner.execute("delete from dashboard.draft")


def test_a_change_is_previewed_saved_and_shown_as_saved(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = open_form(open_page, cell)
    type_into(test, "Percentage", "55")
    assert '["Percentage", "40 %", "55 %"]' in mounted(test).replace("\\", "")
    assert stored(owner, cell)[1] == 40
    type_into(test, "Reason", "Paper worksheet")
    press(test, "Save")
    assert "Saved: percentage 40 % → 55 %" in words(test)
    assert stored(owner, cell)[1] == 55
    row = owner.execute(
        "select batch.source, history.author_id, reason from dashboard.history "
        "join dashboard.batch on batch.id = batch_id order by history.id desc limit 1"
    ).fetchone()
    assert row is not None
    assert row == ("form", demo.COORDINATOR_ONE, "Paper worksheet")


def test_consequences_are_told_before_saving(open_page: Open, owner: Owner, cell: Cell) -> None:
    test = open_form(open_page, cell)
    type_into(test, "Status", Status.COMPLETED)
    assert "The percentage becomes 100." in words(test)
    assert "The completed date becomes today." in words(test)
    press(test, "Save")
    assert stored(owner, cell) == ("Completed", 100, None, False)
    type_into(test, "Status", Status.NOT_STARTED)
    assert "The completed date is cleared." in words(test)
    press(test, "Save")
    assert stored(owner, cell) == ("NotStarted", 0, None, True)


@pytest.mark.parametrize(
    ("label", "typed", "sentence"),
    [
        ("Percentage", "101", "whole number from 0 to 100"),
        ("Percentage", "1.5", "whole number from 0 to 100"),
        ("Percentage", "lots", "whole number from 0 to 100"),
        ("Score", "100.01", "number from 0 to 100"),
        ("Score", "NaN", "number from 0 to 100"),
        ("Score", "1e400", "number from 0 to 100"),
    ],
)
def test_a_problem_stands_beside_its_field_and_what_was_typed_is_kept(
    open_page: Open, owner: Owner, cell: Cell, label: str, typed: str, sentence: str
) -> None:
    test = open_form(open_page, cell)
    type_into(test, label, typed)
    press(test, "Save")
    assert sentence in words(test)
    assert field(test, label).value == typed  # type: ignore[attr-defined]
    assert stored(owner, cell) == ("InProgress", 40, None, True)


def test_a_decimal_comma_is_understood(open_page: Open, owner: Owner, cell: Cell) -> None:
    test = open_form(open_page, cell)
    type_into(test, "Score", "66,5")
    press(test, "Save")
    assert stored(owner, cell)[2] == "66.5"


def conflicting(open_page: Open, owner: Owner, cell: Cell) -> AppTest:
    test = open_form(open_page, cell)
    type_into(test, "Percentage", "55")
    owner.execute(
        "update public.student_module_progress set progress_percentage = 70 "
        "where student_id = %s and module_id = %s",
        cell,
    )
    press(test, "Save")
    assert stored(owner, cell)[1] == 70
    return test


def test_a_conflict_shows_both_values_and_nothing_is_lost(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = conflicting(open_page, owner, cell)
    assert "Not saved: Platform changed this module" in words(test)
    assert '["Percentage", "40 %", "55 %", "70 %"]' in mounted(test).replace("\\", "")


def test_after_a_conflict_the_person_can_save_theirs(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = conflicting(open_page, owner, cell)
    press(test, "Save mine instead")
    assert "Saved: percentage 70 % → 55 %" in words(test)
    assert stored(owner, cell)[1] == 55


def test_after_a_conflict_the_person_can_take_the_other_value(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = conflicting(open_page, owner, cell)
    press(test, "Use theirs")
    assert field(test, "Percentage").value == "70"  # type: ignore[attr-defined]
    assert stored(owner, cell)[1] == 70


def test_after_a_conflict_the_person_can_edit_on(open_page: Open, owner: Owner, cell: Cell) -> None:
    test = conflicting(open_page, owner, cell)
    press(test, "Continue editing")
    assert field(test, "Percentage").value == "55"  # type: ignore[attr-defined]
    type_into(test, "Percentage", "60")
    press(test, "Save")
    assert stored(owner, cell)[1] == 60


def test_saving_twice_writes_once(open_page: Open, owner: Owner, cell: Cell) -> None:
    test = open_form(open_page, cell)
    type_into(test, "Percentage", "55")
    press(test, "Save")
    count = "select count(*) from dashboard.batch"
    before = owner.execute(count).fetchone()
    press(test, "Save")
    assert owner.execute(count).fetchone() == before


def test_a_student_of_another_organisation_cannot_be_opened(open_page: Open, cell: Cell) -> None:
    test = open_page(demo.COORDINATOR_TWO, "edit", student=cell[0], module=cell[1])
    assert "not found among yours" in words(test)
    assert "What saving will do" not in words(test)
    assert "What saving will do" in words(open_form(open_page, cell))


def test_a_missing_row_can_be_made(open_page: Open, owner: Owner) -> None:
    row = owner.execute(
        """
        select class_student.student_id, class_module.module_id
        from school.class_student
        join school.class_module using (class_id)
        join public.modules on modules.id = module_id
        where class_id = %s and lower(type) = 'assessment' and not exists (
            select from public.student_module_progress as progress
            where progress.student_id = class_student.student_id
                and progress.module_id = class_module.module_id
        )
        limit 1
        """,
        (demo.CLASS_ONE,),
    ).fetchone()
    assert row is not None
    cell: Cell = (row[0], row[1])  # type: ignore[assignment]
    test = open_form(open_page, cell)
    type_into(test, "Status", Status.COMPLETED)
    type_into(test, "Score", "88")
    press(test, "Save")
    assert stored(owner, cell) == ("Completed", None, "88", False)
    owner.execute(
        "delete from public.student_module_progress where student_id = %s and module_id = %s", cell
    )


def test_what_is_typed_is_kept_as_a_draft_when_the_page_is_left(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = open_form(open_page, cell)
    type_into(test, "Percentage", "55")
    type_into(test, "Score", "twelve")
    assert "Not saved yet: kept as a draft." in words(test)
    test.switch_page("views/help/page.py").run()
    assert "You have unsaved changes in 1 row of" in words(test)
    test.switch_page("views/edit/page.py")
    test.query_params.update(student=str(cell[0]), module=str(cell[1]))
    for opened in (test.run(), open_form(open_page, cell)):
        held = [field(opened, label).value for label in ("Percentage", "Score")]  # type: ignore[attr-defined]
        assert held == ["55", "twelve"]
    press(test, "Discard draft")
    assert field(test, "Percentage").value == "40"  # type: ignore[attr-defined]
    assert owner.execute("select count(*) from dashboard.draft").fetchone() == (0,)
