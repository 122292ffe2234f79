"""Somebody or something is found from every page, by keyboard, by mouse and on a phone."""

import re

from playwright.sync_api import Locator, Page, Route, expect

from data import demo
from tests.browsing import FIRST_CELL, App, Visit, focus, go_to, press, settle


def field(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Students, classes and modules")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Found").get_by_role("option")


def option(page: Page, name: str) -> Locator:
    return options(page).filter(has_text=name)


def ask(page: Page, typed: str, keys: str = "/") -> None:
    press(page, keys)
    expect(field(page)).to_be_focused()
    page.keyboard.type(typed)


def heading(page: Page, name: str) -> Locator:
    return page.get_by_role("heading", name=name, level=1)


def test_a_student_is_found_by_keyboard_and_again_among_those_opened_last(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, "/")
    ask(page, "petrovic bozena")
    expect(option(page, "Bożena Petrović")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(heading(page, "Bożena Petrović")).to_be_visible()
    expect(field(page)).to_have_count(0)

    ask(page, "mathemtics", "Control+k")
    expect(page.get_by_text("Nothing is written so. Similar:")).to_be_visible()
    found = option(page, "Mathematics 9A")
    while found.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    expect(field(page)).to_have_attribute("aria-activedescendant", found.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(heading(page, "Mathematics 9A")).to_be_visible()

    # On the page of what was opened last, the one before.
    ask(page, "", "Control+k")
    expect(page.get_by_text("Opened last")).to_be_visible()
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(heading(page, "Bożena Petrović")).to_be_visible()
    page.go_back()
    expect(heading(page, "Mathematics 9A")).to_be_visible()


def test_who_types_fast_enters_what_is_found_for_all_of_it(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, "/")
    ask(page, "ma")
    expect(options(page).nth(2)).to_be_visible()
    page.keyboard.press("Control+A")
    page.keyboard.type("bozena petr")
    page.keyboard.press("Enter")
    expect(heading(page, "Bożena Petrović")).to_be_visible()


def test_escape_closes_it_and_leaves_the_focus_where_it_was(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}")
    cell = page.locator(FIRST_CELL).first
    focus(cell)
    ask(page, "zzzz")
    expect(page.get_by_text("Nobody and nothing found for “zzzz”.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(field(page)).to_have_count(0)
    expect(cell).to_be_focused()

    name = page.get_by_role("searchbox", name="Student name")
    focus(name)
    page.keyboard.type("/")
    expect(name).to_have_value("/")
    expect(field(page)).to_have_count(0)


def test_what_one_person_opened_is_not_told_the_next_at_the_same_browser(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, "/")
    ask(page, "bozena")
    page.keyboard.press("Enter")
    expect(heading(page, "Bożena Petrović")).to_be_visible()
    go_to(page, "/")
    ask(page, "")
    expect(option(page, "Bożena Petrović")).to_be_visible()
    page.keyboard.press("Escape")

    for person, name in (("Priya Hollingsworth", None), ("Margaret Osei", "Bożena Petrović")):
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("button", name=re.compile(person)).click()
        expect(page.get_by_role("button", name="Search students")).to_be_visible()
        ask(page, "bozena")
        expect(option(page, "Bożena Petrović")).to_be_visible()
        page.keyboard.press("Control+A")
        page.keyboard.press("Delete")
        expect(options(page)).to_have_text([re.compile(name)] if name else [])
        page.keyboard.press("Escape")


def test_only_whom_one_sees_is_found(visit: Visit) -> None:
    year = re.compile("Foundation year.*class · ")
    page = visit(demo.ADMIN, "/")
    ask(page, "foundation year")
    expect(options(page).filter(has_text=year)).to_have_count(1)
    page = visit(demo.TEACHER_ONE, "/")
    ask(page, "foundation year")
    expect(page.get_by_text("Nobody and nothing found for “foundation year”.")).to_be_visible()


def test_it_is_found_on_a_phone(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, "/", width=390)
    page.get_by_role("button", name="Search students").click()
    field(page).fill("bozena")
    expect(option(page, "Bożena Petrović")).to_be_in_viewport()
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    option(page, "Bożena Petrović").click()
    expect(heading(page, "Bożena Petrović")).to_be_visible()


def test_what_is_typed_before_the_field_is_there_is_asked_once_it_is(
    visit: Visit, app: App
) -> None:
    page = visit(demo.COORDINATOR_ONE, "/help").context.new_page()
    late: list[Route] = []  # what a page asks before it connects
    page.route("**/_stcore/host-config", lambda route: late.append(route))
    with page.expect_request("**/_stcore/host-config"):
        page.goto(f"{app.url}/")
    page.keyboard.type("x/bozena petx")
    page.keyboard.press("Backspace")
    page.keyboard.type("rovic")
    assert late
    for one in late:
        one.continue_()
    expect(field(page)).to_be_focused()
    expect(field(page)).to_have_value("bozena petrovic")
    expect(option(page, "Bożena Petrović")).to_be_visible()
    page.keyboard.press("Escape")
    expect(field(page)).to_have_count(0)
    ask(page, "x")  # by what is there now
    expect(field(page)).to_have_value("x")
