"""The menu: every page of a coordinator at desk width, none folded away, and as a plain list on a phone."""

import re

from playwright.sync_api import Locator, Page, expect

from dashboard.pages import PAGES
from data import demo
from tests.browsing import Visit, settle

TITLES = [page.title for page in PAGES]


def test_every_page_stands_beside_the_person_or_is_folded_away_but_not_hidden(
    visit: Visit,
) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/{PAGES[0].name}")  # its name leads to the first page too
    expect(page.get_by_role("heading", name=PAGES[0].title)).to_be_visible()
    expect(page.get_by_text("Page not found")).to_have_count(0)
    menu = page.get_by_role("navigation", name="App pages")
    expect(menu.get_by_role("link")).to_have_count(len(TITLES))
    for title in TITLES:
        expect(menu.get_by_role("link", name=title, exact=True)).to_be_visible()
    boxes = [link.bounding_box() for link in menu.get_by_role("link").all()]
    person = page.get_by_text("coordinator").first.bounding_box()
    assert person is not None
    for box in boxes:
        assert box is not None
        assert box["x"] + box["width"] < person["x"]

    page.set_viewport_size({"width": 1000, "height": 900})
    menu.get_by_role("button", name="more").click()
    for title in TITLES:
        expect(anywhere(page, title)).to_be_visible()


def anywhere(page: Page, title: str) -> Locator:
    return page.get_by_role("link", name=title, exact=True).or_(
        page.get_by_role("menuitem", name=title, exact=True)
    )


def test_a_page_that_completes_its_address_is_one_step_back(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    of_class = page.get_by_role("heading", name="Mathematics 9A", level=1)
    overview = page.get_by_role("heading", name="Overview", level=1)
    for name in ("Class", "Edit as a table"):
        anywhere(page, "Overview").first.click()
        expect(overview).to_be_visible()
        settle(page)
        start = page.url
        anywhere(page, name).first.click()
        expect(page).to_have_url(re.compile(f"class={demo.CLASS_ONE}"))
        expect(overview).to_have_count(0)
        settle(page)
        page.go_back()
        expect(overview).to_be_visible()
        expect(page).to_have_url(start)
        settle(page)
    page.go_back()
    expect(of_class).to_be_visible()
