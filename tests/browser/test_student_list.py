"""On to the next student by mouse and by keys, on a phone too, and back."""

import re

from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.accessibility.axe import violations
from tests.browsing import Visit, focus, press, settle

CLASS = f"/classroom?class={demo.CLASS_ONE}&attention=needed&sort=-attention"


def ways(page: Page) -> Locator:
    return page.get_by_role("navigation", name="The list one came from")


def listed(page: Page) -> list[str]:
    """The ids of the class's students, in the order of the screen."""
    links = page.locator(".mx a[href*='student=']")
    expect(links.first).to_be_visible()
    settle(page)
    return [
        link.rpartition("=")[2] for link in links.evaluate_all("all => all.map((one) => one.href)")
    ]


def at(page: Page, student: str, number: int) -> None:
    """Once the page has drawn them, and their place."""
    expect(page).to_have_url(re.compile(student))
    expect(ways(page)).to_contain_text(re.compile(rf"(?<!\d){number} of \d+, Mathematics 9A"))


def open_first(page: Page) -> list[str]:
    """The list that one came from."""
    students = listed(page)
    page.locator(f".mx a[href$='{students[0]}']").first.click()
    at(page, students[0], 1)
    return students


def test_to_the_next_and_back_by_mouse_and_by_keys(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    first, second, third, *_ = open_first(page)
    expect(ways(page).get_by_role("link", name="Previous")).to_be_disabled()
    assert violations(page) == []
    ways(page).get_by_role("link", name="Next").click()
    at(page, second, 2)

    press(page, "Alt+n")
    at(page, third, 3)
    expect(page.get_by_role("status").filter(has_text=", 3 of")).to_have_count(1)
    page.go_back()
    at(page, second, 2)
    press(page, "Alt+p")
    at(page, first, 1)

    ways(page).get_by_role("link", name="Mathematics 9A").click()
    expect(page.get_by_role("combobox", name="Class", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("attention=needed"))
    assert listed(page)[:3] == [first, second, third]


def test_who_goes_on_by_its_link_keeps_the_focus_there_to_the_end(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"{CLASS}&name=an", dark=True)
    students = open_first(page)
    on = ways(page).get_by_role("link", name="Next")
    focus(on)
    for number, student in enumerate(students[1:], 2):
        expect(on).to_be_focused()
        press(page, "Enter")
        at(page, student, number)
    expect(ways(page).get_by_role("link", name="Previous")).to_be_focused()
    expect(on).to_be_disabled()
    assert violations(page) == []


def test_the_keys_are_left_to_who_types(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    first, second, *_ = open_first(page)
    page.get_by_role("link", name=re.compile("^Notes")).click()
    focus(page.get_by_role("textbox", name="New note"))
    page.keyboard.press("Alt+n")
    settle(page)
    at(page, first, 1)
    focus(ways(page).get_by_role("link", name="Next"))  # the control
    page.keyboard.press("Alt+n")
    at(page, second, 2)


def test_on_a_phone(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS, width=390)
    _, second, *_ = open_first(page)
    on = ways(page).get_by_role("link", name="Next")
    box = on.bounding_box()
    assert box is not None
    assert box["height"] >= 24
    on.click()
    at(page, second, 2)
    assert violations(page) == []


def test_a_page_loaded_anew_goes_on_and_who_came_by_the_search_does_not(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    first, second, *_ = open_first(page)
    expect(page).to_have_url(re.compile("list="))
    settle(page)
    page.reload()
    at(page, first, 1)
    ways(page).get_by_role("link", name="Next").click()
    at(page, second, 2)
    page.reload()
    at(page, second, 2)
    page.go_back()
    at(page, first, 1)
    page.go_back()
    expect(page.get_by_role("grid")).to_be_visible()

    press(page, "/")
    field = page.get_by_role("combobox", name="Students, classes and modules")
    field.fill("bozena petrovic")
    expect(page.get_by_role("option", name="Bożena Petrović")).to_be_visible()
    press(page, "Enter")
    expect(page.get_by_role("heading", name="Bożena Petrović")).to_be_visible()
    expect(page).not_to_have_url(re.compile("list="))
    expect(ways(page)).to_have_count(0)
