"""Writing to a class by keyboard: to those selected in the table, or to all that are shown."""

import re

import pytest
from playwright.sync_api import expect

from data import demo
from tests.accessibility.axe import violations
from tests.browsing import FIRST_CELL, Visit, focus, press


@pytest.mark.parametrize("width", [390, 1280])
def test_a_contact_of_all_that_are_shown_is_noted_by_keyboard(visit: Visit, width: int) -> None:
    page = visit(
        demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}&attention=needed", width=width
    )
    focus(page.get_by_role("button", name="Message", exact=True))
    press(page, "Enter")
    about = page.get_by_role("textbox", name="About what")
    focus(about)
    page.keyboard.insert_text("Asked for the missing work")
    press(page, "Tab")
    note = page.get_by_role("button", name=re.compile("^Note it for [0-9]+ students$"))
    many = (note.text_content() or "").removeprefix("Note it for ")
    focus(note)
    press(page, "Enter")
    expect(page.get_by_text(f"Noted for {many}.")).to_be_visible()
    expect(about).to_have_value("")
    assert violations(page) == []


def test_those_selected_are_written_to_and_not_the_others(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    page.locator(f"[aria-rowindex='2'] {FIRST_CELL}").click(modifiers=["Shift"])
    page.locator(f"[aria-rowindex='3'] {FIRST_CELL}").click(modifiers=["Shift"])
    page.get_by_role("button", name="Message", exact=True).click()
    expect(page.get_by_text("2 students selected. Put their addresses")).to_be_visible()
    way = page.get_by_role("link", name="Begin a mail in your own program")
    expect(way).to_have_attribute("href", re.compile(r"^mailto:\?bcc=[^,]+@[^,]+,[^,]+@[^,]+$"))
    expect(page.get_by_role("button", name="Note it for 2 students")).to_be_visible()
