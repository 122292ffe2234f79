"""A button that its click takes away, draws anew or switches off does not lose the keyboard its place."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.browser.test_attention_rules import unfold
from tests.browsing import App, Visit, focus, settle

RULES = "/school?show=attention"


def press(page: Page, name: str) -> None:
    focus(page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def said(page: Page, text: str) -> Locator:
    return page.get_by_role("status").filter(has_text=text)


def test_after_the_rules_are_saved_or_discarded_the_keyboard_is_at_what_was_said(
    visit: Visit,
) -> None:
    page = visit(demo.COORDINATOR_ONE, RULES)
    field = page.get_by_label("Inactive: days at least")
    unfold(page, "Inactive")
    for value, button, words in (
        ("33", "Discard", "Discarded."),
        ("33", "Save rules", "Saved."),
        ("", "Save rules", "Saved."),
    ):
        settle(page)
        field.fill(value)
        field.press("Tab")
        press(page, button)
        expect(said(page, words)).to_be_focused()
        expect(page.get_by_role("button", name=button)).to_have_count(0)


def test_after_a_holiday_is_added_and_removed(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, RULES)
    for group in ("First day", "Last day"):
        focus(page.get_by_role("spinbutton", name=f"year, {group}"))
        page.keyboard.type("20270301")
        page.keyboard.press("Tab")
    settle(page)
    name = page.get_by_label("Name of the holiday")
    name.fill("Focus break")
    name.press("Tab")
    press(page, "Add holiday")
    expect(said(page, "Added.")).to_be_visible()
    expect(page.get_by_role("button", name="Add holiday")).to_be_focused()
    page.get_by_role("combobox", name="Holiday to remove").click()
    page.get_by_role("option", name="Focus break").click()
    expect(page.get_by_role("button", name="Remove holiday")).to_be_enabled()
    press(page, "Remove holiday")
    expect(said(page, "Removed.")).to_be_focused()


def test_after_a_target_is_set_and_removed(visit: Visit, app: App) -> None:
    with app.owner() as owner:
        row = owner.execute(
            "select to_char(now() + %s, 'YYYYMMDD')", (timedelta(days=20),)
        ).fetchone()
    assert row
    page = visit(demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}")
    expect(page.get_by_role("grid")).to_be_visible()
    press(page, "Target")
    focus(page.get_by_role("spinbutton", name="year, By the end of"))
    page.keyboard.type(str(row[0]))
    page.keyboard.press("Tab")
    press(page, "Set target")
    expect(said(page, "The target is set.")).to_be_focused()
    press(page, "Remove target")
    expect(said(page, "The target is removed.")).to_be_focused()


def test_whoever_went_elsewhere_meanwhile_is_left_there(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, RULES)
    field = page.get_by_label("Inactive: days at least")
    settle(page)
    unfold(page, "Inactive")
    unfold(page, "Without progress")
    field.fill("34")
    field.press("Tab")
    press(page, "Discard")
    other = page.get_by_label("Without progress: days at least")
    other.focus()
    expect(said(page, "Discarded.")).to_be_visible()
    expect(other).to_be_focused()


MOVED = """async ([isElsewhere]) => {
    const drawn = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    const place = document.createElement("div");
    const button = () => Object.assign(document.createElement("button"), { textContent: "Do it" });
    const said = Object.assign(document.createElement("p"), { className: "words-notice" });
    said.textContent = "Done.";
    place.className = "st-key-moved";
    place.append(button());
    document.querySelector("main").append(place);
    place.firstChild.focus();
    place.firstChild.replaceWith(said);
    await drawn();
    const first = document.activeElement.textContent;
    if (isElsewhere) document.querySelector("main button:enabled").focus();
    place.append(button());
    await drawn();
    const isThere = document.activeElement === place.lastChild;
    place.remove();
    return [first, isThere];
}"""


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_button_that_is_drawn_later_than_what_its_click_said_gets_the_keyboard_too(
    walk: Visit, elsewhere: bool
) -> None:
    page = walk(demo.COORDINATOR_ONE, RULES)
    assert page.evaluate(MOVED, [elsewhere]) == ["Done.", not elsewhere]
