"""The menu: every page of a coordinator at desk width, the ways to edit behind one name; on a phone a list."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.pages import EDIT, PAGES
from data import demo
from tests.accessibility.axe import violations
from tests.browsing import Visit, focus, in_menu, press, settle

ALONE = [page.title for page in PAGES if not page.group]
WAYS = [page.title for page in PAGES if page.group == EDIT]

OPEN = "[role=menu]"
"""What Streamlit floats over the page lies outside of its landmarks."""


def menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="App pages")


@pytest.mark.parametrize("width", [1280, 1024])
def test_every_page_stands_beside_the_person_and_the_ways_to_edit_are_one_entry(
    visit: Visit, width: int
) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/{PAGES[0].name}", width=width)  # its name leads there too
    expect(page.get_by_role("heading", name=PAGES[0].title)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    links = menu(page).get_by_role("link")
    expect(links).to_have_count(len(ALONE))
    expect(menu(page).get_by_role("button")).to_have_text([EDIT])
    person = page.get_by_text("coordinator").first.bounding_box()
    assert person is not None
    named = [menu(page).get_by_role("link", name=title, exact=True) for title in ALONE]
    for one in [*named, menu(page).get_by_role("button")]:
        box = one.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] < person["x"]

    in_menu(page, WAYS[0])
    for title in WAYS:
        expect(page.get_by_role("menuitem", name=title, exact=True)).to_be_visible()
    assert violations(page, OPEN) == []


def test_where_there_is_no_room_a_page_is_folded_away_but_not_hidden(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, "/overview", width=780)
    menu(page).get_by_role("button", name="more").click()
    for title in (*ALONE, *WAYS):
        expect(anywhere(page, title)).to_be_visible()


def anywhere(page: Page, title: str) -> Locator:
    return page.get_by_role("link", name=title, exact=True).or_(
        page.get_by_role("menuitem", name=title, exact=True)
    )


def test_the_ways_to_edit_are_opened_walked_through_and_closed_by_keys(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, "/help", dark=True)
    edit = menu(page).get_by_role("button", name=EDIT)
    focus(edit)
    press(page, "Enter")
    expect(page.get_by_role("menuitem", name=WAYS[0])).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name=WAYS[-1])).to_be_focused()
    assert violations(page, OPEN) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)
    expect(edit).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1.words-h1")).to_have_text(WAYS[1])
    expect(edit).to_have_css("font-weight", "600")
    expect(page.get_by_role("menuitem")).to_have_count(0)


def test_on_a_phone_they_are_listed_under_their_name(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, "/help", width=390)
    page.get_by_test_id("stExpandSidebarButton").click()
    listed = menu(page)
    for title in (*ALONE, *WAYS):
        expect(
            listed.get_by_role("listitem").get_by_role("link", name=title, exact=True)
        ).to_be_visible()
    expect(listed.get_by_text(EDIT, exact=True)).to_be_visible()
    assert violations(page) == []
    listed.get_by_role("link", name="Edit many").click()
    expect(page.locator("h1.words-h1")).to_have_text("Edit many")


def test_who_may_not_edit_has_no_such_entry(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, "/help")
    expect(menu(page).get_by_role("link", name="History", exact=True)).to_be_visible()
    expect(menu(page).get_by_role("button", name=EDIT)).to_have_count(0)


def test_a_page_that_completes_its_address_is_one_step_back(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    of_class = page.get_by_role("heading", name="Mathematics 9A", level=1)
    overview = page.get_by_role("heading", name="Overview", level=1)
    for name in ("Class", "Edit as a table"):
        in_menu(page, "Overview").click()
        expect(overview).to_be_visible()
        settle(page)
        start = page.url
        in_menu(page, name).click()
        expect(page).to_have_url(re.compile(f"class={demo.CLASS_ONE}"))
        expect(overview).to_have_count(0)
        settle(page)
        page.go_back()
        expect(overview).to_be_visible()
        expect(page).to_have_url(start)
        settle(page)
    page.go_back()
    expect(of_class).to_be_visible()


def test_a_page_that_was_cleared_is_so_still_for_who_comes_back(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    in_menu(page, "Trends").click()
    expect(page).to_have_url(re.compile(f"trends.*class={demo.CLASS_ONE}"))
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text(re.compile("^Showing all my classes"))).to_be_visible()
    settle(page)
    in_menu(page, "Help").click()
    expect(page.get_by_role("heading", name="Help", level=1)).to_be_visible()
    settle(page)
    page.go_back()
    expect(page.get_by_text(re.compile("^Showing all my classes"))).to_be_visible()
    in_menu(page, "Help").click()
    expect(page.get_by_role("heading", name="Help", level=1)).to_be_visible()
    in_menu(page, "Trends").click()
    expect(page).to_have_url(re.compile(f"trends.*class={demo.CLASS_ONE}"))
