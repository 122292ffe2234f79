"""A cell's panel and the browser's history: what follows one at once, and where Back leads."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.browsing import FIRST_CELL, Visit, cell_panel, settle
from tests.profiles import by_turns

CLASS = f"/classroom?class={demo.CLASS_ONE}"
WAYS = ("Escape", "Close", "Back")

# A step that the page asks for is made in the browser's own time, which is long where the machine is busy.
HELD = """() => {
    const back = history.back.bind(history);
    window.steps = [];
    history.back = () => steps.push(back);
}"""
MADE = "() => steps.splice(0).forEach((step) => step())"


def class_after_overview(visit: Visit) -> Page:
    """The class page as somebody comes to it, with a page before it."""
    page = visit(demo.COORDINATOR_ONE, "/")
    page.get_by_role("table", name="My classes").get_by_role("link", name="Mathematics 9A").click()
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    return page


def opened(page: Page, row: int = 0) -> Locator:
    page.locator(FIRST_CELL).nth(row).click()
    panel = cell_panel(page)
    expect(panel.get_by_role("tab", name="Correct")).to_be_visible()
    settle(page)
    return panel


def close(page: Page, way: str) -> None:
    panel = cell_panel(page)
    if way == "Back":
        page.go_back()
    elif way == "Close":
        panel.get_by_role("button", name="Close").click()
    else:
        page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def expect_overview(page: Page) -> None:
    expect(page.get_by_role("heading", name="Overview", level=1)).to_be_visible()


@pytest.mark.parametrize("way", by_turns(WAYS, 0))
def test_back_after_a_panel_leads_to_the_page_before(visit: Visit, way: str) -> None:
    page = class_after_overview(visit)
    address = page.url
    for _ in range(2):
        opened(page)
        close(page, way)
        settle(page)
        expect(page).to_have_url(address)
    page.go_back()
    expect_overview(page)


@pytest.mark.parametrize("way", by_turns(WAYS, 1))
def test_a_panel_opened_after_another_stays_however_late_the_browser_steps_back(
    visit: Visit, way: str
) -> None:
    page = class_after_overview(visit)
    page.evaluate(HELD)
    opened(page)
    close(page, way)
    settle(page)
    panel = opened(page, 1)
    page.evaluate(MADE)
    settle(page)
    expect(panel).to_be_visible()
    close(page, "Back")
    settle(page)
    expect(page).to_have_url(re.compile(re.escape(CLASS) + "$"))
    page.go_back()
    expect_overview(page)


@pytest.mark.parametrize("way", by_turns(WAYS, 2))
def test_a_link_followed_after_a_panel_leads_on_however_late_the_browser_steps_back(
    visit: Visit, way: str
) -> None:
    page = class_after_overview(visit)
    page.evaluate(HELD)
    opened(page)
    close(page, way)
    settle(page)
    page.get_by_role("navigation").get_by_role("link", name="History").click()
    of_history = page.get_by_role("heading", name="History", level=1)
    expect(of_history).to_be_visible()
    page.evaluate(MADE)
    settle(page)
    expect(of_history).to_be_visible()
    page.go_back()
    expect(page.get_by_role("grid")).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(CLASS) + "$"))


def test_back_from_a_link_in_a_panel_leads_to_it_again_and_then_as_from_any_panel(
    visit: Visit,
) -> None:
    page = class_after_overview(visit)
    opened(page).get_by_role("link", name="Open the student").click()
    expect(page.get_by_role("table", name="Modules")).to_be_visible()
    page.go_back()
    expect(cell_panel(page)).to_be_visible()
    settle(page)
    close(page, "Back")
    settle(page)
    page.go_back()
    expect_overview(page)
