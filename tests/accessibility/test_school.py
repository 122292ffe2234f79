"""axe-core over what opens in the School page: files, previews, forms and what is asked before it is done."""

from collections.abc import Callable, Iterator, Mapping

import pytest
from playwright.sync_api import Page, expect

from data import demo
from tests.accessibility.axe import looks, take, violations
from tests.accessibility.test_axe import TOO_WIDE, first
from tests.browsing import App, Visit, settle

LIST = "Name,School number,Class\nZoe Test,,9Z\nZoe Test,,9Y\n,T-2,\nOlga Test,T-3,9Z\n"


def of_a_file(page: Page) -> Iterator[str]:
    page.get_by_label("Or paste a list with its headings").fill(LIST)
    page.get_by_role("button", name="Check pasted list").click()
    expect(page.get_by_role("table", name="Lines of the file")).to_be_visible()
    yield "lines that are unclear"
    page.get_by_role("button", name="Preview 3 changes without 3 unclear lines").click()
    yield preview(page)


def of_several(page: Page) -> Iterator[str]:
    page.get_by_role("button", name="Choose all").click()
    settle(page)
    if (year := page.get_by_role("textbox", name="School year")).is_visible():
        year.fill("2027/28")
        year.press("Enter")
    yield "what is done with several"
    page.get_by_role("button", name="Preview").click()
    yield preview(page)


def of_a_form(page: Page) -> Iterator[str]:
    page.get_by_role("textbox", name="Name", exact=True).fill("Wilma Test")
    page.get_by_role("textbox", name="E-mail").fill("wilma")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    yield "a field that is refused"
    page.get_by_role("textbox", name="E-mail").fill("wilma@brook.example")
    page.get_by_role("textbox", name="E-mail").press("Enter")
    yield preview(page)


def of_what_is_shown(page: Page) -> Iterator[str]:
    settle(page)
    yield "all"


def preview(page: Page) -> str:
    expect(page.get_by_role("table", name="What changes")).to_be_visible()
    return "a preview"


def two_in_one(app: App) -> dict[str, object]:
    """Two students who have done the same modules, otherwise."""
    kept, other = first(
        app,
        "select min(student_id::text), max(student_id::text) from school.class_student where class_id = %s",
    )
    return {"kept": kept, "other": other}


OPENED: Mapping[str, Callable[[Page], Iterator[str]]] = {
    "show=file": of_a_file,
    "show=students&class={class_}": of_several,
    "show=classes": of_several,
    "show=students&student={kept}": of_a_form,
    "show=students&student={kept}&merge={other}": of_what_is_shown,
    "show=students&student={kept}&merge=": of_what_is_shown,
    "show=data-protection&student={kept}": of_what_is_shown,
    "show=data-protection&student={kept}&seen=yes": of_what_is_shown,
}


@pytest.mark.parametrize(("at", "path"), [*enumerate(OPENED)])
def test_what_opens_in_the_school_has_no_violations_and_scrolls_one_way(
    walk: Visit, app: App, at: int, path: str
) -> None:
    there = path.format(class_=demo.CLASS_ONE, **two_in_one(app))
    page = walk(demo.ADMIN, f"/school?{there}")
    for state in OPENED[path](page):
        for look in looks(at):
            take(look, page)
            told = violations(page)
            assert told == [], f"{state}, {look}: " + "\n".join(told)
            assert page.evaluate("document.documentElement.scrollWidth") <= look.width
            assert page.locator(".rg").evaluate_all(TOO_WIDE) == []
        at += 1
