"""Typing in the cells of the class's matrix: saved at once, undone, refused, in conflict, in blocks."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from data import demo
from tests.accessibility.axe import violations
from tests.browser.progress_rows import put
from tests.browsing import App, Visit, dress, focus, settle

CLASS = f"/classroom?class={demo.CLASS_ONE}"
MANY = 20

# The ways to all students in the table's order, of which it draws those that are in view.
NAMES = """async () => {
    const box = document.querySelector(".mx-box");
    const found = new Set();
    for (const top of [0, box.scrollHeight, 0]) {
        box.scrollTop = top;
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        for (const one of document.querySelectorAll(".mx-name-link")) found.add(one.href);
    }
    return [...found];
}"""
Cell = tuple[str, str]


@pytest.fixture
def column(app: App) -> Iterator[list[Cell]]:
    """The cells of the second module of class one, at 40 %; by `open_class()` in the table's order. Put back
    afterwards."""
    with app.owner() as owner:
        rows = owner.execute(
            """
            select student_id::text, module_id::text
            from school.class_student
            join school.student on student.id = student_id
            join school.class_module using (class_id)
            where class_id = %(class)s
                and position = (
                    select position from school.class_module where class_id = %(class)s
                    order by position offset 1 limit 1
                )
            """,
            {"class": demo.CLASS_ONE},
        ).fetchall()
        found = [(str(student), str(module)) for student, module in rows]
        owner.execute("create temporary table before as table public.student_module_progress")
        put(app, found, 40)
        yield found
        for one in found:
            where = "where student_id = %s and module_id = %s"
            owner.execute(f"delete from public.student_module_progress {where}", one)
            owner.execute(
                f"insert into public.student_module_progress select * from before {where}", one
            )
        owner.execute("delete from dashboard.draft")


def stored(app: App, cell: Cell) -> tuple[object, object]:
    with app.owner() as owner:
        row = owner.execute(
            "select status::text, progress_percentage from public.student_module_progress "
            "where student_id = %s and module_id = %s",
            cell,
        ).fetchone()
    return (row[0], row[1]) if row else (None, None)


def batches(app: App, cell: Cell) -> int:
    with app.owner() as owner:
        found = owner.execute(
            "select count(*) from dashboard.history where student_id = %s and module_id = %s", cell
        ).fetchone()
    return int(str(found and found[0]))


def open_class(visit: Visit, column: list[Cell]) -> Page:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    shown = [str(one).split("=")[-1] for one in page.evaluate(NAMES)]
    column.sort(key=lambda cell: shown.index(cell[0]))
    return page


def at(page: Page, row: int) -> Locator:
    """The second module's cell of a row, from 0."""
    return page.locator(f'tr[aria-rowindex="{row + 2}"] .mx-cell').nth(1)


def wait_for(app: App, cell: Cell, holds: tuple[object, object]) -> None:
    deadline = time.monotonic() + 20
    while stored(app, cell) != holds and time.monotonic() < deadline:
        time.sleep(0.05)
    assert stored(app, cell) == holds


def note(page: Page) -> Locator:
    return page.locator(".mx-note:popover-open")


def test_twenty_cells_are_typed_in_less_than_thirty_seconds(
    visit: Visit, app: App, column: list[Cell]
) -> None:
    page = open_class(visit, column)
    focus(at(page, 0))
    begun = time.monotonic()
    for number in range(MANY):
        page.keyboard.type(str(50 + number))
        page.keyboard.press("Enter")
    assert time.monotonic() - begun < 30
    for number, cell in enumerate(column[:MANY]):
        wait_for(app, cell, ("InProgress", 50 + number))
    assert stored(app, column[MANY]) == ("InProgress", 40)
    expect(page.locator(".mx-unsaved")).to_have_count(0)
    expect(at(page, MANY)).to_be_focused()
    for number in range(3):
        expect(at(page, number)).to_have_attribute(
            "aria-label", re.compile(f"in progress, {50 + number} %")
        )


def test_what_is_typed_is_told_before_and_after_and_taken_back(
    visit: Visit, app: App, column: list[Cell]
) -> None:
    page = open_class(visit, column)
    focus(at(page, 0))
    field = page.locator(".mx-entry")
    page.keyboard.type("x")
    expect(note(page)).to_contain_text("Type a figure, c, i or n")
    expect(field).to_have_count(0)
    page.keyboard.type("c")
    expect(page.get_by_role("grid").get_by_role("row").get_by_role("textbox")).to_be_focused()
    # What is typed in is told from what is not.
    expect(page.locator(".mx-cell[aria-readonly]")).to_have_count(0)
    expect(page.locator(".mx-done:not([aria-readonly=true])")).to_have_count(0)
    expect(field).to_have_accessible_name(re.compile("in progress, 40 %.*A figure, c, i or n"))
    expect(note(page)).to_contain_text("Becomes Completed, 100 %. The percentage becomes 100.")
    assert violations(page) == []
    # Escape takes back.
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(at(page, 0)).to_be_focused()
    assert stored(app, column[0]) == ("InProgress", 40)
    # Tab goes right, Shift + Tab left; F2 goes on from what is there.
    page.keyboard.type("c")
    page.keyboard.press("Tab")
    expect(page.locator('tr[aria-rowindex="2"] .mx-cell').nth(2)).to_be_focused()
    wait_for(app, column[0], ("Completed", 100))
    expect(note(page)).to_contain_text(
        "Saved: status In progress → Completed, percentage 40 % → 100 %"
    )
    assert violations(page) == []
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("F2")
    expect(field).to_have_value("i 40")
    page.keyboard.press("Backspace")
    page.keyboard.type("7")
    page.keyboard.press("Shift+Enter")
    wait_for(app, column[1], ("InProgress", 47))
    expect(at(page, 0)).to_be_focused()
    # What was typed last is undone first.
    page.keyboard.press("Control+z")
    wait_for(app, column[1], ("InProgress", 40))
    expect(note(page)).to_contain_text("Undone: percentage 47 % → 40 %.")
    note(page).page.keyboard.press("Control+z")
    wait_for(app, column[0], ("InProgress", 40))
    expect(at(page, 0)).to_have_attribute("aria-label", re.compile("in progress, 40 %"))


def test_a_click_elsewhere_saves_and_the_same_again_is_nothing(
    visit: Visit, app: App, column: list[Cell]
) -> None:
    page = open_class(visit, column)
    focus(at(page, 2))
    page.keyboard.type("n")
    page.locator("h1").click()
    wait_for(app, column[2], ("NotStarted", 0))
    before = batches(app, column[2])
    focus(at(page, 2))
    page.keyboard.press("F2")
    page.keyboard.press("Enter")
    expect(at(page, 3)).to_be_focused()
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    expect(note(page)).to_contain_text("It is so already")
    assert batches(app, column[2]) == before
    expect(at(page, 4)).to_be_focused()
    page.keyboard.type("41")
    page.keyboard.press("ArrowUp")
    expect(at(page, 3)).to_be_focused()
    wait_for(app, column[4], ("InProgress", 41))


def test_what_is_in_the_field_is_not_lost_where_the_page_is_left(
    visit: Visit, app: App, column: list[Cell]
) -> None:
    page = open_class(visit, column)
    page.get_by_role("link", name="Trends", exact=True).click()
    expect(page.get_by_role("heading", level=1, name="Trends")).to_be_visible()
    page.get_by_role("link", name="Class", exact=True).click()
    focus(at(page, 0))
    page.keyboard.type("61")
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="Trends")).to_be_visible()
    page.get_by_role("link", name="Class", exact=True).click()
    wait_for(app, column[0], ("InProgress", 61))
    expect(page.locator(".mx-unsaved")).to_have_count(0)
    # Where the browser itself leaves, it asks.
    asked: list[str] = []

    def go_on(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", go_on)
    focus(at(page, 1))
    page.keyboard.type("62")
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    page.reload()
    assert asked == ["beforeunload"]


def test_what_cannot_be_saved_stays_in_its_cell_and_in_the_draft(
    visit: Visit, app: App, column: list[Cell]
) -> None:
    page = open_class(visit, column)
    focus(at(page, 0))
    page.keyboard.type("140")
    expect(note(page)).to_contain_text("The percentage must be a whole number from 0 to 100.")
    page.keyboard.press("Enter")
    expect(at(page, 0)).to_have_text("140")
    expect(note(page)).to_contain_text("Not saved: The percentage must be")
    expect(page.get_by_text("1 cell not saved")).to_be_visible()
    assert violations(page) == []
    assert stored(app, column[0]) == ("InProgress", 40)
    # Of its kind: what was put down and not saved is there when the page is loaded anew.
    page.reload()
    expect(at(page, 0)).to_have_text("140")
    page.get_by_role("button", name="Go there").click()
    expect(at(page, 0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".mx-entry")).to_have_value("140")
    page.locator(".mx-entry").fill("14")
    page.keyboard.press("Enter")
    wait_for(app, column[0], ("InProgress", 14))
    expect(page.locator(".mx-unsaved")).to_have_count(0)
    with app.owner() as owner:
        assert owner.execute("select count(*) from dashboard.draft").fetchone() == (0,)


def test_a_conflict_is_told_in_its_cell_and_either_is_chosen_there(
    visit: Visit, app: App, column: list[Cell]
) -> None:
    page = open_class(visit, column)
    focus(at(page, 0))
    for row in (0, 1):
        # Between what is seen and what is typed over it the page hears nothing.
        page.keyboard.type("60")
        expect(note(page)).to_contain_text("Becomes 60 %")
        put(app, [column[row]], 44)
        page.keyboard.press("Enter")
        expect(at(page, row)).to_have_text("60")
        expect(note(page)).to_contain_text("changed this")
        expect(note(page)).to_contain_text("It is now In progress, 44 %.")
        assert stored(app, column[row]) == ("InProgress", 44)
    settle(page)
    assert violations(page) == []
    # Mine, by the same key twice; theirs, by Escape.
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(at(page, 1)).to_have_attribute("aria-label", re.compile("in progress, 44 %"))
    expect(at(page, 1)).not_to_have_class(re.compile("mx-unsaved"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    wait_for(app, column[0], ("InProgress", 60))
    assert stored(app, column[1]) == ("InProgress", 44)
    expect(page.locator(".mx-unsaved")).to_have_count(0)


def test_a_block_is_typed_over_copied_and_pasted_by_way_of_its_preview(
    visit: Visit, app: App, column: list[Cell]
) -> None:
    page = open_class(visit, column)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    focus(at(page, 0))
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.type("75")
    expect(note(page)).to_contain_text("For 3 cells: a preview follows")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 changes in 3 students.")
    settle(page)
    assert violations(page) == []
    dialog.get_by_label("Reason").fill("Marked on paper")
    dialog.get_by_role("button", name="Save 3 changes").click()
    expect(dialog).to_have_count(0)
    for cell in column[:3]:
        wait_for(app, cell, ("InProgress", 75))
    assert stored(app, column[3]) == ("InProgress", 40)
    # Copied as words and figures, pasted two rows further down.
    focus(at(page, 0))
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    page.keyboard.press("Escape")
    assert page.evaluate("navigator.clipboard.readText()") == "In progress 75 %\nIn progress 75 %"
    focus(at(page, 3))
    page.keyboard.press("Control+v")
    expect(dialog).to_contain_text("2 changes in 2 students.")
    dialog.get_by_label("Reason").fill("The same")
    dialog.get_by_role("button", name="Save 2 changes").click()
    for cell in column[3:5]:
        wait_for(app, cell, ("InProgress", 75))
    # One is pasted into one without a preview.
    expect(dialog).to_have_count(0)
    focus(at(page, 6))
    page.evaluate("navigator.clipboard.writeText('c')")
    page.keyboard.press("Control+v")
    wait_for(app, column[6], ("Completed", 100))
    # What cannot be read is told in the preview; an empty cell leaves what is there.
    focus(at(page, 7))
    page.evaluate("navigator.clipboard.writeText('abc\\n\\n33')")
    page.keyboard.press("Control+v")
    expect(dialog).to_contain_text("1 change in 1 student; 1 cannot be saved.")
    dialog.get_by_role("button", name="Save 1 change").click()
    wait_for(app, column[9], ("InProgress", 33))
    assert stored(app, column[7]) == stored(app, column[8]) == ("InProgress", 40)


def test_a_preview_that_is_closed_changes_nothing(
    visit: Visit, app: App, column: list[Cell]
) -> None:
    page = open_class(visit, column)
    dialog = page.get_by_role("dialog")
    for way in ("Cancel", "Close"):
        focus(at(page, 0))
        page.keyboard.press("Shift+ArrowDown")
        page.keyboard.type("n")
        page.keyboard.press("Enter")
        settle(page)
        dialog.get_by_role("button", name=way, exact=True).click()
        expect(dialog).to_have_count(0)
        settle(page)
    assert [stored(app, cell) for cell in column[:2]] == [("InProgress", 40)] * 2


@pytest.mark.parametrize("where", ["teacher", "past day", "phone"])
def test_nobody_types_where_nothing_may_be_corrected(
    visit: Visit, app: App, column: list[Cell], where: str
) -> None:
    person = demo.TEACHER_ONE if where == "teacher" else demo.COORDINATOR_ONE
    page = visit(person, CLASS + ("&day=2026-11-20" if where == "past day" else ""))
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible()
    if where == "phone":
        dress(page, width=390)
        expect(page.locator(".mx-list")).to_be_visible()
        expect(page.locator(".mx-entry")).to_have_count(0)
        return
    expect(grid).to_have_attribute("aria-readonly", "true")
    focus(at(page, 0))
    for key in ("4", "c", "F2", "Control+z"):
        page.keyboard.press(key)
    expect(page.locator(".mx-entry")).to_have_count(0)
    expect(at(page, 0)).to_be_focused()
    assert stored(app, column[0]) == ("InProgress", 40)
