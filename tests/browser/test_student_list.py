"""On to the next student by mouse, by keys and by touch, and back."""

import re

from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.accessibility.axe import violations
from tests.browsing import Visit, focus, press, settle

CLASS = f"/classroom?class={demo.CLASS_ONE}&attention=needed&sort=-attention"


def ways(page: Page) -> Locator:
    return page.get_by_role("navigation", name="The list one came from")


def at(page: Page, number: int) -> None:
    """The place, once the page has drawn it."""
    expect(ways(page)).to_contain_text(re.compile(rf"(?<!\d){number} of \d+, Mathematics 9A"))


def names(page: Page) -> list[str]:
    """The class's students, in the order of the screen."""
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    return page.get_by_role("grid").get_by_role("rowheader").get_by_role("link").all_inner_texts()


def test_to_the_next_and_back_by_mouse_and_by_keys(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    heading = page.locator("h1.words-h1")
    first, second, third, *_ = names(page)
    page.get_by_role("link", name=first, exact=True).click()
    expect(heading).to_have_text(first)
    at(page, 1)
    expect(ways(page).get_by_role("link", name="Previous")).to_be_disabled()
    assert violations(page) == []
    ways(page).get_by_role("link", name="Next").click()
    expect(heading).to_have_text(second)
    at(page, 2)

    press(page, "Alt+n")
    expect(heading).to_have_text(third)
    at(page, 3)
    expect(page.get_by_role("status").filter(has_text=f"{third}, 3 of")).to_have_count(1)
    page.go_back()
    expect(heading).to_have_text(second)
    at(page, 2)
    press(page, "Alt+p")
    expect(heading).to_have_text(first)

    ways(page).get_by_role("link", name="Mathematics 9A").click()
    expect(page.get_by_role("combobox", name="Class", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("attention=needed"))
    assert names(page)[:3] == [first, second, third]


def test_who_goes_on_by_its_link_keeps_the_focus_there_to_the_end(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"{CLASS}&name=an", dark=True)
    everybody = names(page)
    page.get_by_role("link", name=everybody[0], exact=True).click()
    at(page, 1)
    on = ways(page).get_by_role("link", name="Next")
    focus(on)
    for number, name in enumerate(everybody[1:], 2):
        expect(on).to_be_focused()
        press(page, "Enter")
        expect(page.locator("h1.words-h1")).to_have_text(name)
        at(page, number)
    expect(ways(page).get_by_role("link", name="Previous")).to_be_focused()
    expect(on).to_be_disabled()
    assert violations(page) == []


def test_the_keys_are_left_to_who_types(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    first, *_ = names(page)
    page.get_by_role("link", name=first, exact=True).click()
    at(page, 1)
    page.get_by_role("link", name=re.compile("^Notes")).click()
    focus(page.get_by_role("textbox", name="New note"))
    page.keyboard.press("Alt+n")
    settle(page)
    at(page, 1)


def test_by_touch_on_a_phone(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS, width=390)
    settle(page)
    student = page.locator(".mx a[href*='student=']").first
    name = student.inner_text()
    student.click()
    expect(page.locator("h1.words-h1")).to_have_text(name)
    at(page, 1)
    on = ways(page).get_by_role("link", name="Next")
    box = on.bounding_box()
    assert box is not None
    assert box["height"] >= 24
    on.click()
    at(page, 2)
    assert violations(page) == []
