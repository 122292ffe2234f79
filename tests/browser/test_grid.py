"""The class as a table, in the browser: typed, reloaded, reviewed and saved."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Dialog, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from data import demo
from tests.browsing import App, Visit, settle

FIRST_ROW, ROW = 34 + 16, 33
PERCENTAGE = 560
"""Where the canvas shows what, in pixels."""


@pytest.fixture
def course(app: App) -> Iterator[str]:
    """A course of class one in which everybody is in progress at 40 percent."""
    with app.owner() as owner:
        row = owner.execute(
            "select module_id::text from school.class_module "
            "join public.modules on modules.id = module_id "
            "where class_id = %s and lower(type) = 'course' order by position desc limit 1",
            (demo.CLASS_ONE,),
        ).fetchone()
        assert row is not None
        owner.execute(
            "insert into public.student_module_progress (student_id, module_id, status, progress_percentage) "
            "select student_id, %s, 'InProgress', 40 from school.class_student where class_id = %s "
            "on conflict (student_id, module_id) do update "
            "set status = 'InProgress', progress_percentage = 40, completed_at = null",
            (row[0], demo.CLASS_ONE),
        )
        yield str(row[0])
        owner.execute("delete from dashboard.draft")


def saved(app: App, course: str) -> dict[int, int]:
    """How many of the class stand at each percentage."""
    with app.owner() as owner:
        rows = owner.execute(
            "select progress_percentage, count(*) from public.student_module_progress "
            "join school.class_student using (student_id) "
            "where class_id = %s and module_id = %s group by 1",
            (demo.CLASS_ONE, course),
        ).fetchall()
    return {int(str(row[0])): int(str(row[1])) for row in rows}


def open_grid(visit: Visit, course: str) -> Page:
    page = visit(demo.COORDINATOR_ONE, f"/grid?class={demo.CLASS_ONE}&module={course}")
    expect(page.locator("canvas").first).to_be_visible()
    settle(page)  # the canvas takes clicks a little later than it is there
    return page


def click(page: Page, x: int, y: int) -> None:
    # Above the canvas lies what scrolls it.
    page.locator("canvas").first.click(position={"x": x, "y": y}, force=True)
    settle(page)  # what it shows is told beneath it, to those who do not see


def put(page: Page, row: int, text: str) -> None:
    """Replace the percentage in a row of the canvas, counted from 0.

    As somebody does who looks at it: what is struck while a cell's editor opens or closes, which takes longer
    on a busy machine, Streamlit's table takes for another cell's, or drops.
    """
    editor = page.locator("#portal").locator("input, textarea").first
    settle(page)
    for _ in range(5):  # a click whose movement the table has not seen yet selects nothing
        click(page, PERCENTAGE, FIRST_ROW + ROW * row)
        page.keyboard.press("Enter")
        with suppress(PlaywrightTimeout):
            editor.wait_for(timeout=4000)
            break
    expect(editor).to_be_focused()
    editor.fill(text)
    expect(editor).to_have_value(text)
    page.keyboard.press("Enter")
    expect(editor).to_be_hidden()


def first_name(page: Page) -> str:
    return page.locator("canvas [role=gridcell]").first.text_content() or ""


def test_two_cells_outlive_a_reload_are_reviewed_and_saved_and_leaving_asks_only_before(
    visit: Visit, app: App, course: str
) -> None:
    """That the matrix shows what was saved: test_edit_many.py."""
    page = open_grid(visit, course)
    asked: list[str] = []

    def go(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go)
    put(page, 0, "57")
    expect(page.get_by_text("1 change in 1 student.")).to_be_visible()
    put(page, 2, "63")
    expect(page.get_by_text("2 changes in 2 students.")).to_be_visible()
    expect(page.get_by_role("combobox", name="Status")).to_be_disabled()
    # What asks is the last thing that a run draws.
    settle(page)
    page.reload()
    expect(page.get_by_text("is open again: 2 unsaved changes.")).to_be_visible()
    expect(page.get_by_text("2 changes in 2 students.")).to_be_visible()
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="Review and save").click()
    expect(page.get_by_role("cell", name="Percentage: 40 % → 57 %")).to_be_visible()
    reason = page.get_by_role("textbox", name="Reason")
    reason.fill("Paper worksheets")
    reason.press("Enter")
    page.get_by_role("button", name="Save 2 changes").click()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    assert {57: 1, 63: 1}.items() <= saved(app, course).items()
    settle(page)
    page.reload()
    expect(page.get_by_text("Nothing is changed yet.")).to_be_visible()
    assert asked == ["beforeunload"]
    page.remove_listener("dialog", go)


def test_a_bad_value_is_refused_of_the_row_that_the_browser_sorted_there_and_the_way_back_is_told(
    visit: Visit, app: App, course: str
) -> None:
    page = open_grid(visit, course)
    before = first_name(page)
    for _ in range(6):  # up, then down
        if first_name(page) == before:
            click(page, 60, 17)
    first = first_name(page)
    assert first != before
    put(page, 0, "140")
    expect(page.get_by_text("1 problem.")).to_be_visible()
    problems = page.get_by_role("table", name="What cannot be saved yet")
    expect(problems.get_by_text("The percentage must be a whole number")).to_be_visible()
    expect(problems.get_by_role("rowheader", name=first)).to_be_visible()
    expect(page.get_by_role("button", name="Review and save")).to_be_disabled()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("You have unsaved changes in 1 row of Mathematics 9A.")).to_be_visible()
    page.get_by_role("link", name="Continue editing").click()
    expect(page.get_by_text("1 problem.")).to_be_visible()
    assert saved(app, course).keys() == {40}
