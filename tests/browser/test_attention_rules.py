"""The rules of attention in a browser: what a change would do is read before it is saved, on a phone too."""

import re

from playwright.sync_api import Page, expect

from data import demo
from tests.accessibility.axe import PHONE, violations
from tests.browsing import Visit, settle

CHANGED = re.compile(r"Needing attention in \d+ class(es)?: now \d+, then \d+ students?\.")


def rules(visit: Visit, width: int = 1280) -> Page:
    page = visit(demo.COORDINATOR_ONE, "/school?show=attention", width=width)
    settle(page)
    return page


def unfold(page: Page, rule: str) -> None:
    """Open the rule's line, by keyboard."""
    expect(page.get_by_label(f"{rule}: ")).to_be_hidden()
    line = page.locator("summary").filter(has_text=re.compile(rf"{rule}\. "))
    line.press("Enter")
    expect(page.get_by_label(f"{rule}: ")).to_be_visible()


def test_each_rule_is_a_line_that_unfolds_to_its_figures(visit: Visit) -> None:
    page = rules(visit, width=PHONE)
    expect(
        page.locator("summary").filter(has_text="no activity for 7 days or more")
    ).to_be_visible()
    field = page.get_by_label("Inactive: days at least")
    expect(field).to_be_hidden()
    unfold(page, "Inactive")
    expect(field).to_be_visible()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert violations(page) == []


def test_what_a_change_would_do_is_said_before_it_is_saved(visit: Visit) -> None:
    page = rules(visit)
    unfold(page, "Inactive")
    field = page.get_by_label("Inactive: days at least")
    field.fill("30")
    field.press("Tab")
    expect(page.get_by_text(CHANGED)).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_text(CHANGED)).to_have_count(0)
    expect(field).to_have_value("")


def test_a_figure_is_saved_and_taken_back_and_that_is_said_where_the_button_was(
    visit: Visit,
) -> None:
    page = rules(visit, width=PHONE)
    field = page.get_by_label("Inactive: days at least")
    chosen = page.locator("summary").filter(has_text="Chosen here: days at least: 31.")
    unfold(page, "Inactive")
    for value, many in (("31", 1), ("", 0)):
        field.fill(value)
        field.press("Tab")
        page.get_by_role("button", name="Save rules").click()
        expect(chosen).to_have_count(many)
        expect(field).to_have_value(value)
        expect(page.get_by_text("Saved.", exact=True)).to_be_in_viewport()


def test_a_figure_out_of_range_is_refused_in_a_sentence_that_is_tied_to_its_field(
    visit: Visit,
) -> None:
    page = rules(visit)
    unfold(page, "Inactive")
    field = page.get_by_label("Inactive: days at least")
    refused = page.get_by_role("alert").filter(
        has_text="Inactive: days at least must be from 2 to 90."
    )
    for value, wrong in (("1", True), ("91", True), ("90", False)):
        field.fill(value)
        field.press("Tab")
        expect(refused).to_have_count(int(wrong))
        expect(field).to_have_attribute("aria-invalid", str(wrong).lower())
        expect(page.get_by_role("button", name="Save rules")).to_have_count(int(not wrong))
    page.get_by_role("button", name="Discard").click()
    expect(field).to_have_value("")


def test_nothing_is_wider_than_a_phone(visit: Visit) -> None:
    page = rules(visit, width=PHONE)
    page.get_by_label("Name of the holiday").fill("Break")
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
