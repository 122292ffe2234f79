"""The register in a real browser."""

import re

from playwright.sync_api import expect

from tests.browser.components.cohort import HOSTILE
from tests.browser.components.conftest import Open


def test_rows_and_columns_have_headings(shared: Open) -> None:
    page = shared("show=table")
    register = page.get_by_role("table", name="Classes")
    expect(register.get_by_role("rowheader")).to_have_count(4)
    expect(register.get_by_role("columnheader")).to_have_count(8)
    expect(register.get_by_role("row").nth(2)).to_contain_text("from 3 to 1 in six weeks")
    expect(register.get_by_role("row").nth(3)).to_contain_text("212 completed, 40 in progress")
    expect(page.get_by_text("Nothing to show.")).to_be_visible()


def test_a_caption_of_nothing_is_seen_where_the_page_has_not_said_it(shared: Open) -> None:
    page = shared("show=table")
    expect(page.get_by_text("None yet.")).to_be_visible()
    unseen = page.locator(".rg-caption.look-unseen")
    expect(unseen).to_have_text(["Said above"])
    expect(page.locator(".rg-caption:not(.look-unseen)")).to_have_text(["History"])


def test_what_begins_with_a_name_from_right_to_left_is_read_from_left_to_right(
    shared: Open,
) -> None:
    page = shared("show=table")
    said = page.get_by_role("table", name="New").locator(".rg-line bdi")
    expect(said).to_have_css("direction", "ltr")


def test_check_boxes_are_told_as_they_stand(shared: Open) -> None:
    page = shared("show=table")
    expect(page.get_by_text("a True b False")).to_be_visible()
    # Two clicks in a row: the second may overtake the run of the first.
    page.get_by_role("checkbox", name="b").check()
    page.get_by_role("checkbox", name="a").uncheck()
    expect(page.get_by_text("a False b True")).to_be_visible()


def test_hostile_text_is_only_text(shared: Open) -> None:
    page = shared("show=table")
    expect(page.get_by_role("link", name=HOSTILE)).to_be_visible()
    assert page.locator("img").count() == 0
    expect(page.get_by_text("<b>odd</b>")).to_be_visible()
    assert page.evaluate("window.hurt") is None


def test_a_narrow_page_gets_cards_that_are_still_a_table(shared: Open) -> None:
    page = shared("show=table")
    page.set_viewport_size({"width": 390, "height": 900})
    register = page.get_by_role("table", name="Classes")
    expect(register.locator(".rg-label").first).to_be_visible()
    expect(register.get_by_role("rowheader")).to_have_count(4)
    expect(page.locator("html")).to_have_js_property("scrollWidth", 390)
    # A card has no line for what its row does not have.
    last = register.get_by_role("row").nth(4)
    expect(last.locator(".rg-label:visible")).to_have_count(7)
    expect(register.get_by_role("row").nth(1).locator(".rg-label:visible")).to_have_count(6)


def test_a_heading_sorts_by_its_address_and_keeps_the_focus(shared: Open) -> None:
    page = shared("show=table")
    heads = page.get_by_role("table", name="To undo").get_by_role("columnheader")
    expect(heads.nth(2)).to_have_attribute("aria-sort", "none")
    expect(heads.nth(1)).not_to_have_attribute("aria-sort", "none")
    heads.nth(2).get_by_role("button").press("Enter")
    expect(heads.nth(2)).to_have_attribute("aria-sort", "descending")
    expect(page).to_have_url(re.compile(r"\?show=table&sort=-students$"))
    expect(heads.nth(2).get_by_role("button")).to_be_focused()


def test_a_link_changes_the_address_and_keeps_the_session(shared: Open) -> None:
    page = shared("show=table")
    link = page.get_by_role("link", name="Class 2", exact=True)
    assert link.get_attribute("href") == "class?class=k+%26+2"
    page.evaluate("window.notReloaded = true")
    link.click()
    expect(page).to_have_url(re.compile(r"/class\?class=k\+%26\+2$"))
    assert page.evaluate("window.notReloaded")
