"""How long data is kept, in a browser: a period that was set can be taken back."""

from playwright.sync_api import expect

from data import demo
from tests.browsing import Visit, settle


def test_a_period_is_saved_and_taken_back_by_clearing_its_field(visit: Visit) -> None:
    page = visit(demo.ADMIN, "/school?show=data-protection")
    settle(page)
    field = page.locator("[class*=st-key-retention_]").get_by_role("spinbutton").first
    for value in ("600", ""):
        field.fill(value)
        field.press("Tab")
        settle(page)
        page.get_by_role("button", name="Save periods").click()
        expect(page.get_by_text("Saved. Nothing was removed.")).to_be_visible()
        settle(page)
        expect(field).to_have_value(value)
