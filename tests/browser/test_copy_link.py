"""What a page shows is handed on as a link: copied in any page's head, or opened in another tab by the menu."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.accessibility.axe import violations
from tests.browsing import Visit, focus, in_menu, press, settle

Copy = Callable[[Page], str]

# As by http.
NO_CLIPBOARD = "() => { Object.defineProperty(navigator, 'clipboard', { value: undefined }); }"

SELECTED = "(one) => one.value.slice(one.selectionStart, one.selectionEnd)"


def button(page: Page) -> Locator:
    return page.get_by_role("button", name="Copy link to this page")


@pytest.fixture
def copied() -> Iterator[Copy]:
    """What is in the clipboard once the page has said so."""
    pages: list[Page] = []

    def read(page: Page) -> str:
        pages.append(page)
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        button(page).click()
        expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
        return str(page.evaluate("navigator.clipboard.readText()"))

    yield read
    for page in pages:
        page.context.clear_permissions()


def test_it_opens_the_same_to_another_person(visit: Visit, copied: Copy) -> None:
    page = visit(demo.COORDINATOR_ONE, "/classroom?attention=needed")
    heading = page.get_by_role("heading", level=1)
    expect(page.get_by_role("grid")).to_be_visible()
    shown = heading.inner_text()
    settle(page)
    assert "class=" not in page.url  # the page chose one by itself
    link = copied(page)
    assert "attention=needed" in link
    other = visit(demo.ADMIN, "/help")
    other.goto(link)
    expect(heading_of(other)).to_have_text(shown)
    expect(other.get_by_role("checkbox", name="Needs attention only")).to_be_checked()


def heading_of(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def test_the_list_one_came_from_is_not_handed_on(visit: Visit, copied: Copy) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    page.locator(".mx a[href*='student=']").first.click()
    expect(page).to_have_url(re.compile("list="))
    settle(page)
    assert re.fullmatch(r".*/student\?student=[0-9a-f-]{36}", copied(page))


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_where_the_browser_refuses_it_is_selected_to_be_copied_by_hand(
    visit: Visit, width: int, dark: bool
) -> None:
    page = visit(demo.TEACHER_ONE, "/history?since=week", width=width, dark=dark)
    settle(page)
    page.evaluate(NO_CLIPBOARD)
    focus(button(page))
    press(page, "Enter")
    field = page.get_by_role("textbox", name="Link to this page")
    expect(field).to_be_focused()
    expect(field).to_have_value(page.url)
    assert field.evaluate(SELECTED) == page.url
    # On a phone axe, which knows no top layer, takes the box to be under the page's head.
    if width > 390:
        assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    expect(button(page)).to_be_focused()
    expect(page.get_by_text("Link copied")).to_have_count(0)


def test_a_page_of_the_menu_in_another_tab_is_of_the_same_class(visit: Visit) -> None:
    here = f"class={demo.CLASS_ONE}&status=NotStarted"
    page = visit(demo.COORDINATOR_ONE, f"/classroom?{here}")
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    with page.context.expect_page() as opened:
        in_menu(page, "Module").click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(re.compile(f"/module[?]class={demo.CLASS_ONE}$"))
    with page.context.expect_page() as opened:
        in_menu(page, "Edit many").click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(re.compile(f"/bulk[?]{here}$"))
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Edit many")
    # What goes along no more is not led to any more.
    page.keyboard.press("Escape")
    in_menu(page, "Student").hover()
    expect(in_menu(page, "Student")).to_have_attribute("href", re.compile("/student$"))
