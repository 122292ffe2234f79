"""What is typed in a form of the school and not sent yet is asked about, and is there after another section."""

from playwright.sync_api import expect

from data import demo
from tests.browser.test_notes import asked_when_leaving
from tests.browsing import Visit, focus


def test_what_is_being_typed_in_a_form_of_the_school_is_not_lost(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/school?class={demo.CLASS_ONE}")
    field = page.get_by_role("textbox", name="Name", exact=True)
    focus(field)
    page.keyboard.press("End")
    page.keyboard.type("Half typed ")
    # Not sent yet: the field still has the focus.
    assert asked_when_leaving(page)
    typed = field.input_value()
    page.get_by_role("link", name="Students", exact=True).click(delay=100)
    expect(page.get_by_text("You have unsaved changes to")).to_be_visible()
    page.get_by_role("link", name="Continue editing").click()
    expect(field).to_have_value(typed)
    page.get_by_role("button", name="Discard draft").click()
    expect(page.get_by_text("Nothing yet.")).to_be_visible()
    expect(field).not_to_have_value(typed)
