"""What is typed in a cell's panel and not saved is kept, in the draft that the table keeps too."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.editing import form_draft
from dashboard.views.classroom import cell_panel
from data import demo
from data.access.errors import DataError
from data.rules.progress import Status
from tests.views.conftest import Open, Owner, mounted, press, words
from tests.views.edit_form import Cell, begun, field, reset, stored, type_into

KEPT = "Not saved yet: kept as a draft."


@pytest.fixture
def cell(owner: Owner) -> Iterator[Cell]:
    found = begun(owner)
    yield found
    reset(owner, found)
    owner.execute("delete from dashboard.draft")


def open_panel(open_page: Open, cell: Cell) -> AppTest:
    test = open_page(demo.COORDINATOR_ONE, "classroom", **{"class": demo.CLASS_ONE})
    cell_in(test, cell)
    return test


def cell_in(test: AppTest, cell: Cell) -> None:
    """The panel of this cell, opened as a click on it opens it."""
    for key in ("edit_form", cell_panel.FIRST):
        if key in test.session_state:
            del test.session_state[key]
    test.session_state[cell_panel.OPEN] = cell_panel.CellId(*cell)
    test.run()
    assert not test.exception


def close(test: AppTest) -> None:
    """As Escape, the cross and Back do."""
    test.session_state[cell_panel.OPEN] = None
    test.run()
    assert not test.exception


def value(test: AppTest, label: str) -> object:
    return field(test, label).value  # type: ignore[attr-defined]


def count(owner: Owner) -> object:
    found = owner.execute("select count(*) from dashboard.draft").fetchone()
    return found and found[0]


def test_what_is_typed_is_there_again_when_the_panel_opens_again_and_after_a_reload(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = open_panel(open_page, cell)
    assert KEPT not in words(test)
    assert count(owner) == 0
    type_into(test, "Percentage", "55")
    type_into(test, "Score", "twelve")
    type_into(test, "Status", Status.NOT_STARTED)
    assert KEPT in words(test)
    close(test)
    assert "You have unsaved changes in 1 row of" in words(test)
    cell_in(test, cell)
    for opened in (test, open_panel(open_page, cell)):
        assert KEPT in words(opened)
        held = [value(opened, label) for label in ("Percentage", "Score", "Status")]
        assert held == ["55", "twelve", Status.NOT_STARTED]
    assert stored(owner, cell)[:2] == ("InProgress", 40)


def test_the_table_and_the_panel_show_the_same_draft(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    address = {"class": demo.CLASS_ONE, "module": cell[1]}
    # The table was open before, with nothing typed in it.
    test = open_page(demo.COORDINATOR_ONE, "grid", **address)
    test.switch_page("views/classroom/page.py").run()
    cell_in(test, cell)
    type_into(test, "Percentage", "55")
    close(test)
    test.switch_page("views/grid/page.py")
    test.query_params["module"] = str(cell[1])
    test.run()
    assert "1 change in 1 student." in words(test)
    press(test, "Discard")
    press(test, "Discard them")
    assert count(owner) == 0
    assert value(open_panel(open_page, cell), "Percentage") == "40"


def test_saving_and_discarding_end_the_draft(open_page: Open, owner: Owner, cell: Cell) -> None:
    test = open_panel(open_page, cell)
    type_into(test, "Percentage", "55")
    assert count(owner) == 1
    press(test, "Save")
    assert "Saved: percentage 40 % → 55 %" in words(test)
    assert (count(owner), stored(owner, cell)[1]) == (0, 55)
    type_into(test, "Percentage", "60")
    assert count(owner) == 1
    press(test, "Discard draft")
    assert (count(owner), value(test, "Percentage")) == (0, "55")
    type_into(test, "Percentage", "60")
    type_into(test, "Percentage", "55")  # put back by hand
    assert count(owner) == 0


def test_a_draft_says_where_somebody_was_faster_and_the_panel_shows_what_is_stored(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = open_panel(open_page, cell)
    type_into(test, "Percentage", "55")
    close(test)
    owner.execute(
        "update public.student_module_progress set progress_percentage = 63 "
        "where student_id = %s and module_id = %s",
        cell,
    )
    cell_in(test, cell)
    press(test, "Save")
    assert "Not saved:" in words(test)
    press(test, "Use theirs")
    assert (count(owner), value(test, "Percentage")) == (0, "63")


def test_a_conflict_renews_the_head_of_the_panel_and_the_matrix(
    open_page: Open, owner: Owner, cell: Cell
) -> None:
    test = open_panel(open_page, cell)
    type_into(test, "Percentage", "55")
    owner.execute(
        "update public.student_module_progress set status = 'Completed', progress_percentage = 100 "
        "where student_id = %s and module_id = %s",
        cell,
    )
    press(test, "Save")
    assert "Not saved:" in words(test)
    # The panel runs alone: what is above the form, and the matrix, are told that they are to be read anew.
    assert "matrix_renewal" in mounted(test)


def test_a_draft_that_cannot_be_stored_is_said_and_what_is_typed_stays(
    open_page: Open, cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise DataError("away")

    test = open_panel(open_page, cell)
    monkeypatch.setattr(form_draft, "save_draft", away)
    type_into(test, "Percentage", "55")
    assert form_draft.AWAY.message in words(test)
    assert value(test, "Percentage") == "55"
