"""Every page with rows whose status is a word of the platform's own: shown as it is, and never set."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.pages import PAGES
from dashboard.views.classroom import cell_panel
from dashboard.views.classroom.arrange_and_export import PANELS
from dashboard.views.module.sections import SECTIONS as OF_MODULE
from dashboard.views.student.sections import SECTIONS as OF_STUDENT
from data import demo
from data.rules.progress import Status
from tests.figures.figures import Oracle
from tests.views.conftest import Open, Owner, mounted, words
from tests.views.test_school_page import tables

Cell = tuple[UUID, UUID, UUID]


@pytest.fixture(scope="module")
def paused(oracle: Oracle) -> Cell:
    """A class, a student of it and a module that they have paused."""
    one = oracle.classes[demo.CLASS_ONE]
    student, module = next(key for key, cell in one.cells.items() if cell.status == "Paused")
    return one.id, student, module


@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_every_page_draws(open_page: Open, paused: Cell, name: str) -> None:
    class_id, student, module = paused
    of_cell = (
        {"student": student, "module": module} if name in ("student", "edit", "history") else {}
    )
    test = open_page(demo.ADMIN, name, **{"class": class_id}, **of_cell)
    assert not test.exception
    assert "<h1" in words(test) or name == "student"


@pytest.mark.parametrize("show", [one.key for one in OF_STUDENT])
def test_every_section_of_a_student_draws(open_page: Open, paused: Cell, show: str) -> None:
    test = open_page(demo.ADMIN, "student", student=paused[1], show=show)
    assert not test.exception


@pytest.mark.parametrize("show", [one.key for one in OF_MODULE])
def test_every_section_of_a_module_draws(open_page: Open, paused: Cell, show: str) -> None:
    test = open_page(demo.ADMIN, "module", **{"class": paused[0]}, module=paused[2], show=show)
    assert not test.exception
    if show == "students":
        assert "Another status: " in mounted(test)


def test_the_class_sorted_grouped_and_on_a_past_day(
    open_page: Open, oracle: Oracle, paused: Cell
) -> None:
    class_id, _, module = paused
    for more in ({"sort": f"-module:{module}"}, {"group": str(module)}, {"hide": "finished"}):
        test = open_page(demo.ADMIN, "classroom", **{"class": class_id}, **more)
        assert not test.exception
        assert "X{Paused}" in mounted(test)
    newest = oracle.stored.history[-1]["at"]
    day = {"day": (newest - timedelta(days=3)).date().isoformat()}
    assert not open_page(demo.ADMIN, "classroom", **{"class": class_id}, **day).exception


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_of_a_class_draws(open_page: Open, paused: Cell, panel: str) -> None:
    test = open_page(demo.ADMIN, "classroom", **{"class": paused[0]})
    test.session_state["filters_panel"] = panel
    test.run()
    assert not test.exception


def test_the_chart_of_a_class_has_it(open_page: Open, paused: Cell) -> None:
    drawn = words(open_page(demo.ADMIN, "classroom", **{"class": paused[0]}))
    assert " not started, 1 other" in drawn
    assert "#4F5B6B" in drawn  # the colour of its bar


def test_a_filter_takes_no_status_but_ours(open_page: Open, paused: Cell) -> None:
    test = open_page(demo.ADMIN, "classroom", **{"class": paused[0]}, status="Paused")
    assert not test.exception
    assert "X{Paused}" in mounted(test)


def form_of(open_page: Open, paused: Cell) -> tuple[AppTest, Any]:
    test = open_page(demo.ADMIN, "edit", student=paused[1], module=paused[2])
    (radio,) = [one for one in test.radio if one.label == "Status"]
    return test, radio


def test_the_form_has_it_and_may_set_one_of_ours(open_page: Open, paused: Cell) -> None:
    test, radio = form_of(open_page, paused)
    assert radio.options == ["Not started", "In progress", "Completed", "Paused"]
    assert radio.value == "Paused"
    radio.set_value(Status.IN_PROGRESS).run()
    assert not test.exception
    assert "'Paused', 'In progress'" in str(tables(test))
    (radio,) = [one for one in test.radio if one.label == "Status"]
    radio.set_value(Status("Paused")).run()
    assert not test.exception
    assert "Nothing" in words(test)


def test_the_panel_of_a_cell_names_it(open_page: Open, paused: Cell) -> None:
    test = open_page(demo.ADMIN, "classroom", **{"class": paused[0]})
    test.session_state[cell_panel.OPEN] = cell_panel.CellId(*paused[1:])
    test.run()
    assert not test.exception
    assert ">Paused<" in words(test)


def test_the_table_shows_it_and_refuses_it_of_others(
    open_page: Open, oracle: Oracle, owner: Owner, paused: Cell
) -> None:
    class_id, _, module = paused
    test = open_page(demo.ADMIN, "grid", **{"class": class_id}, module=module)
    assert not test.exception
    frame = test.session_state["grids"][demo.ADMIN, class_id].frame
    at = {row.values["status"] for row in frame.rows}
    assert "Paused" in at
    place = next(i for i, row in enumerate(frame.rows) if row.values["status"] != "Paused")
    test.session_state[frame.widget] = {
        "edited_rows": {place: {"Status": "Paused"}}, "added_rows": [], "deleted_rows": [],
    }  # fmt: skip
    test.run()
    assert not test.exception
    assert "Choose one of: Not started, In progress, Completed." in mounted(test)
    owner.execute("delete from dashboard.draft")
