"""A class's target set by keyboard alone, and looked at on a desk and a phone, light and dark."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from data import demo
from tests.accessibility.axe import looks, take, violations
from tests.browsing import App, Visit, focus, go_to


def in_days(app: App, days: int) -> str:
    """A day as its field takes it, digit by digit."""
    with app.owner() as owner:
        row = owner.execute(
            "select to_char(now() + %s, 'YYYYMMDD')", (timedelta(days=days),)
        ).fetchone()
    assert row
    return str(row[0])


def press(page: Page, name: str) -> None:
    focus(page.get_by_role("button", name=name, exact=True))
    page.keyboard.press("Enter")


def test_a_target_is_set_by_keyboard_seen_and_removed(visit: Visit, app: App) -> None:
    page = visit(demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}")
    expect(page.get_by_role("grid")).to_be_visible()
    press(page, "Target")
    press(page, "Set target")
    refused = page.get_by_role("alert").filter(
        has_text="Choose the day by which it is to be completed."
    )
    expect(refused).to_be_visible()
    expect(page.get_by_role("group", name="By the end of")).to_have_accessible_description(
        "Choose the day by which it is to be completed."
    )
    focus(page.get_by_role("spinbutton", name="year, By the end of"))
    page.keyboard.type(in_days(app, 20))
    page.keyboard.press("Tab")
    press(page, "Set target")
    expect(page.get_by_text("The target is set.")).to_be_visible()
    expect(page.get_by_text("Target: 80 % by")).to_be_visible()
    for look in looks(0, 3):
        take(look, page)
        assert violations(page) == [], look
    go_to(page, "/overview")
    expect(page.get_by_role("table", name="My classes").get_by_text("of 80 % by")).to_be_visible()
    for look in looks(1, 2):
        take(look, page)
        assert violations(page) == [], look
    go_to(page, f"/classroom?class={demo.CLASS_ONE}")
    press(page, "Remove target")
    expect(page.get_by_text("The target is removed.")).to_be_visible()
    expect(page.get_by_text("Target: 80 % by")).to_have_count(0)
