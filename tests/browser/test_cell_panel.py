"""A cell's panel beside the matrix: on to the next by keys, mouse and touch, with the page in use meanwhile."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.web import wire
from data import demo
from tests.accessibility.axe import DESK, SCHEMES, Look, take, violations
from tests.browsing import FIRST_CELL, App, Visit, cell_panel, focus, leads, press, settle

CLASS = f"/classroom?class={demo.CLASS_ONE}"
PANEL = ".st-key-cell_panel"
NOTE = "Does more than is seen here"


def marked(page: Page) -> Locator:
    return page.locator("[role=gridcell][aria-current=true]")


def named(page: Page) -> str:
    """As the marked cell says it: "Ann, Fractions: completed" for a panel of "Ann: Fractions"."""
    label = marked(page).get_attribute("aria-label") or ""
    return label.rpartition(": ")[0].replace(", ", ": ", 1)


def open_by_key(page: Page, row: int = 0) -> Locator:
    focus(page.locator("[role=grid] [tabindex='0']").first)
    page.keyboard.press("Control+Home")
    for _ in range(row):
        page.keyboard.press("ArrowDown")
    for _ in range(leads(page)):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    panel = cell_panel(page)
    expect(panel.get_by_role("heading").first).to_be_focused()
    return panel


def test_by_keys_to_the_next_student_and_module_and_back_to_the_cell(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    panel = open_by_key(page)
    title = panel.get_by_role("heading").first
    expect(panel).to_contain_text("Student 1 of 28")
    expect(panel.get_by_role("button", name="Previous student")).to_be_disabled()
    first = title.inner_text()
    assert first == named(page)
    for keys, place in (("Alt+n", "Student 2 of 28"), ("Alt+.", "Module 2 of 20")):
        press(page, keys)
        expect(panel).to_contain_text(place)
        expect(panel.get_by_role("status").filter(has_text=place)).to_have_count(1)
        settle(page)
        assert title.inner_text() == named(page) != first
    press(page, "Alt+p")
    expect(panel).to_contain_text("Student 1 of 28")
    press(page, "Alt+,")
    expect(title).to_have_text(first)
    # Three in a row, faster than the page answers.
    settle(page)
    for _ in range(3):
        page.keyboard.press("Alt+n")
    expect(panel).to_contain_text("Student 4 of 28")
    settle(page)
    last = named(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    focused = page.locator("*:focus")
    expect(focused).to_have_attribute("aria-label", re.compile(re.escape(last.replace(": ", ", "))))
    expect(marked(page)).to_have_count(0)


def test_the_matrix_is_in_use_beside_the_panel_and_escape_there_closes_it(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, CLASS)
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible()
    grid.evaluate("e => { e.isTheSame = true; }")
    panel = open_by_key(page)
    first = panel.get_by_role("heading").first.inner_text()
    focus(marked(page))
    press(page, "ArrowDown")
    press(page, "Enter")
    expect(panel.get_by_role("heading").first).not_to_have_text(first)
    expect(panel.get_by_role("heading").first).to_be_focused()
    settle(page)
    head = page.get_by_role("columnheader", name=re.compile("^Completed"))
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    settle(page)
    expect(panel).to_be_visible()
    assert panel.get_by_role("heading").first.inner_text() == named(page)
    focus(marked(page))
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("2 cells selected: 2 students × 1 module")).to_have_count(2)
    settle(page)
    for _ in range(2):  # a tooltip may be in the way
        if page.locator(".mx-picked").count() > 0:
            press(page, "Escape")
    expect(page.locator(".mx-picked")).to_have_count(0)
    expect(panel).to_be_visible()
    settle(page)
    focus(page.locator("[role=grid] [tabindex='0']").first)
    page.mouse.move(0, 0)
    for _ in range(2):
        if panel.is_visible():
            press(page, "Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("[role=grid] [tabindex='0']").first).to_be_focused()
    assert grid.evaluate("e => e.isTheSame")


def test_what_is_being_typed_is_kept_when_one_goes_on_by_key_and_by_mouse(
    visit: Visit, app: App
) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    page.locator(FIRST_CELL).first.click()
    panel = cell_panel(page)
    panel.get_by_role("tab", name="Correct").click()
    box = panel.get_by_role("textbox", name="Percentage")
    settle(page)
    for way in ("key", "mouse"):
        before = panel.get_by_role("heading").first.inner_text()
        box.fill("57")  # and the field is not left
        if way == "key":
            page.keyboard.press("Alt+n")
        else:
            panel.get_by_role("button", name="Next student").click()
        expect(panel.get_by_role("heading").first).not_to_have_text(before)
        settle(page)
        expect(panel.get_by_role("tab", name="Correct")).to_have_attribute("aria-selected", "true")
        expect(box).not_to_have_value("57")
    for _ in range(2):
        panel.get_by_role("button", name="Previous student").click()
        expect(box).to_have_value("57")
        settle(page)
    with app.owner() as owner:
        owner.execute("delete from dashboard.draft")


def test_a_link_opens_the_panel_for_a_colleague_and_two_steps_back_at_once_leave_the_page(
    visit: Visit,
) -> None:
    page = visit(demo.COORDINATOR_ONE, "/")
    page.get_by_role("table", name="My classes").get_by_role("link", name="Mathematics 9A").click()
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    page.locator(FIRST_CELL).nth(2).click()
    panel = cell_panel(page)
    expect(panel.get_by_role("tab", name="Notes")).to_be_visible()
    press(page, "Alt+n")
    expect(panel).to_contain_text("Student 4 of 28")
    settle(page)
    title, way = panel.get_by_role("heading").first.inner_text(), page.url
    page.evaluate("history.back(); setTimeout(() => history.back(), 30)")
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()
    colleague = visit(demo.TEACHER_ONE, way.removeprefix(page.evaluate("location.origin")))
    panel = cell_panel(colleague)
    expect(panel.get_by_role("heading").first).to_have_text(title)
    settle(colleague)
    assert named(colleague) == title
    expect(panel.get_by_role("tab", name="Correct")).to_have_count(0)
    nowhere = visit(demo.TEACHER_ONE, f"{CLASS}&cell={demo.CLASS_ONE}~{demo.CLASS_ONE}")
    expect(cell_panel(nowhere)).to_contain_text("There is no such cell, or it is not yours to see.")


def test_notes_on_the_student_can_be_read_beside_the_matrix(visit: Visit, app: App) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    page.locator(FIRST_CELL).first.click()
    panel = cell_panel(page)
    panel.get_by_role("tab", name="Notes").click()
    # Others may have written about this student before, and were told so there.
    expect(panel.get_by_text(NOTE)).to_have_count(0)
    panel.get_by_role("link", name="Write a note, or read all").click()
    page.get_by_role("textbox", name="New note").fill(NOTE)
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text(NOTE).first).to_be_visible()
    expect(page.get_by_role("textbox", name="New note")).to_have_value("")  # it is saved
    settle(page)
    page.go_back()
    panel.get_by_role("tab", name="Notes").click()
    expect(panel.get_by_text(NOTE)).to_be_visible()


def test_every_section_can_be_used_by_all_in_both_themes(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    page.locator(FIRST_CELL).first.click()
    panel = cell_panel(page)
    for at, section in enumerate(("What happened", "Correct", "Lock", "Notes")):
        panel.get_by_role("tab", name=section).click()
        take(Look(DESK, SCHEMES[at % 2]), page)
        assert violations(page, PANEL) == [], section
    take(Look(DESK, "light"), page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK
    page.emulate_media(media="print")
    expect(panel).to_be_hidden()


def test_on_a_phone_the_panel_is_a_sheet_that_scrolls_by_itself(
    app: App, chromium: Browser
) -> None:
    with chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ) as context:
        who = {"name": wire.PERSON, "value": str(demo.COORDINATOR_ONE), "url": app.url}
        context.add_cookies([who])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(app.url + CLASS)
        unfold = page.locator(".mx-unfold").first
        expect(unfold).to_be_visible(timeout=60_000)
        settle(page)
        unfold.tap()
        module = page.locator(".mx-module").first
        module.tap()
        panel = cell_panel(page)
        expect(panel.get_by_role("tab", name="Correct")).to_be_visible()
        settle(page)
        expect(module).to_have_attribute("aria-current", "true")
        behind = "document.querySelector('.stMain').scrollTop"
        at = page.evaluate(behind)
        page.mouse.move(195, 600)
        page.mouse.wheel(0, 6000)
        settle(page)
        assert panel.evaluate("e => e.scrollTop") > 0
        assert page.evaluate(behind) == at
        close = panel.get_by_role("button", name="Close")
        size = close.bounding_box()
        assert size is not None
        assert min(size["width"], size["height"]) >= 40
        assert 0 <= size["y"] < 844 - size["height"]
        panel.get_by_role("button", name="Next module").tap()
        expect(panel).to_contain_text("Module 2 of 20")
        settle(page)
        assert violations(page, PANEL) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        close.tap()
        expect(panel).to_be_hidden()
        expect(page.locator(".mx-module").nth(1)).to_be_focused()
