"""How much of a class is seen at once: symbols or figures, by hand, remembered, and on a phone."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from dashboard.web import wire
from data import demo
from tests.browsing import App, Visit, cell_panel, dress, focus, go_to, press, settle

COHORT = f"/classroom?class={demo.COHORT}"

# How many module heads can be seen whole where scroll bars take room, of the page and of the table.
WHOLE = """() => {
    const box = document.querySelector(".mx-box").getBoundingClientRect();
    const heads = [...document.querySelectorAll(".mx-head-module")];
    return heads.filter((one) => one.getBoundingClientRect().right <= box.right - 30).length;
}"""


def density(page: Page) -> Locator:
    return page.locator(".mx-density")


def test_twenty_modules_of_fifty_are_seen_beside_name_why_and_completion_at_1280(
    visit: Visit,
) -> None:
    page = visit(demo.TEACHER_TWO, COHORT)
    expect(page.get_by_role("grid")).to_be_visible()
    assert page.evaluate(WHOLE) >= 20
    heads = page.locator(".mx-head:has(~ .mx-head-module):not(.mx-head-module)")
    assert [one.strip() for one in heads.all_inner_texts()] == [
        "Student\nShow figures",
        "Why",
        "Completed",
    ]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    # Wider windows show more.
    dress(page, width=1680)
    settle(page)
    assert page.evaluate(WHOLE) >= 28


def test_who_chooses_figures_has_them_in_every_class_and_the_next_time(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    expect(density(page)).to_have_text("Show figures")
    expect(page.locator(".mx-cell").first).to_have_text("")
    focus(page.locator(".mx-name-link").first)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(density(page)).to_be_focused()
    press(page, "Enter")
    expect(density(page)).to_have_text("Symbols only")
    expect(density(page)).to_be_focused()
    # Which, is what the tests before it left.
    figures = re.compile(r"^(\d+ %|[\d.-]+ / [\d.]+|\?|)$")
    expect(page.locator(".mx-cell", has_text="%").first).to_be_visible()
    for shown in page.locator(".mx-cell").all_inner_texts()[:40]:
        assert figures.match(shown.strip().replace("\u00a0", " ")), shown
    expect(page).to_have_url(re.compile("density=wide"))
    go_to(page, f"/classroom?class={demo.CLASS_TWO}")
    expect(page.locator("h1")).to_have_text("Science 9B")
    expect(density(page)).to_have_text("Symbols only")
    settle(page)
    another = page.context.new_page()
    another.goto(page.url)
    expect(density(another)).to_have_text("Symbols only")
    another.close()
    density(page).click()
    expect(density(page)).to_have_text("Show figures")
    expect(page).to_have_url(re.compile("density=compact"))


def test_a_tap_on_a_phone_unfolds_a_student_whose_filtered_modules_stand_out(
    app: App, chromium: Browser
) -> None:
    with chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    ) as context:
        who = {"name": wire.PERSON, "value": str(demo.TEACHER_TWO), "url": app.url}
        context.add_cookies([who])  # type: ignore[list-item]
        page = context.new_page()
        page.goto(f"{app.url}{COHORT}&status=InProgress")
        unfold = page.locator(".mx-unfold").first
        expect(unfold).to_be_visible(timeout=60_000)
        settle(page)
        unfold.tap()
        begun = page.locator(".mx-module-I").first
        expect(begun).to_have_css("border-top-width", "2px")
        expect(page.get_by_text(re.compile(r"^\d+(\.\d)? /\s\d+(\.\d)?$")).first).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        begun.tap()
        expect(cell_panel(page)).to_be_visible()
