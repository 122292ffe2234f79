"""From a class to a module, its chart and its numbers, to a student and back, by keyboard."""

import re

from playwright.sync_api import expect

from data import demo
from tests.browsing import FIRST_CELL, App, Visit, focus

LONG_WAIT = 30_000


def test_from_a_class_to_a_module_its_chart_and_a_student(visit: Visit, app: App) -> None:
    page = visit(demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}")
    # From the first student's first module up past the sort button to the head's link.
    focus(page.locator(f"[role=grid] [aria-rowindex='2'] {FIRST_CELL}"))
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    name = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    needs = page.get_by_role("table", name="Students by what they need")
    expect(
        needs.get_by_role("rowheader", name=re.compile(r"^Completed: \d+ students"))
    ).to_be_visible()

    page.get_by_role("button", name="Progress").press("Enter")
    ordered = page.get_by_role("table", name="Students")
    expect(ordered.get_by_role("columnheader", name="Progress")).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(page).to_have_url(re.compile("sort=-progress"))
    page.get_by_role("link", name="By what they need").press("Enter")
    expect(needs).to_be_visible()

    page.get_by_role("link", name="Lessons").press("Enter")
    expect(page.get_by_role("link", name="Lessons")).to_have_attribute("aria-current", "page")
    chart = page.get_by_role("figure", name=re.compile("reached each lesson. 1: \\d+ reached"))
    expect(chart).to_be_visible(timeout=LONG_WAIT)
    finding = page.get_by_role("heading", level=2).first.inner_text()
    numbers = page.get_by_role("table", name=finding)
    expect(numbers).to_be_hidden()
    focus(page.get_by_text("The numbers as a table"))
    page.keyboard.press("Enter")
    expect(numbers.get_by_role("rowheader", name=re.compile("^Lesson 1"))).to_be_visible()
    expect(chart.locator(".bars path").first).to_be_attached()

    page.get_by_role("combobox", name="Status").select_option("In progress")
    expect(page.get_by_role("status").filter(has_text="that is in progress")).to_be_visible()
    expect(page.get_by_role("link", name="Lessons")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Students", exact=True).click()
    student = needs.get_by_role("link").first
    who = student.inner_text()
    student.click()
    expect(page.get_by_role("heading", name=who, level=1)).to_be_visible()
    expect(page).to_have_url(re.compile("module="))
    page.go_back()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
