"""What is refused is said at its field: to the eye by a border, to a screen reader as its description."""

import re

from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.accessibility.axe import DESK, SCHEMES, Look, take
from tests.browsing import Visit, cell_panel, settle

SENTENCE = re.compile("must be a whole number from 0 to 100")
CANNOT_BE_READ = re.compile(".")
REFUSED = {"light": "rgb(179, 64, 10)", "dark": "rgb(255, 158, 115)"}
QUIET = {"light": "rgb(86, 96, 108)", "dark": "rgb(169, 180, 192)"}


def opened(page: Page) -> Locator:
    """The panel of a cell, where it is corrected."""
    page.get_by_role("gridcell", name=re.compile("completed, 100 %")).first.click()
    panel = cell_panel(page)
    panel.get_by_role("tab", name="Correct").click()
    return panel


def colour(found: Locator, of: str) -> str:
    return str(found.evaluate("(e, of) => getComputedStyle(e)[of]", of))


def test_a_refused_field_of_the_panel_is_marked_and_described_until_it_is_right(
    visit: Visit,
) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    panel = opened(page)
    field = panel.get_by_role("textbox", name="Percentage")
    field.fill("lots")
    field.press("Tab")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(SENTENCE)
    expect(panel.get_by_role("textbox", name="Score")).not_to_have_attribute("aria-invalid", "true")
    for theme in SCHEMES:
        take(Look(DESK, theme), page)
        assert colour(field, "outlineColor") == REFUSED[theme]
        assert colour(panel.locator(".words-quiet").first, "color") == QUIET[theme]
    panel.get_by_role("button", name="Discard draft").click()
    settle(page)
    again = panel.get_by_role("textbox", name="Percentage")
    expect(again).to_have_value("100")
    expect(again).not_to_have_attribute("aria-invalid", "true")
    expect(again).not_to_have_accessible_description(SENTENCE)


def test_a_day_that_cannot_be_shown_is_said_at_its_filter(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}&day=2999-01-01")
    page.get_by_role("button", name="More filters").click()
    day = page.get_by_label("As it stood on")
    expect(day).to_have_attribute("aria-invalid", "true")
    expect(day).to_have_accessible_description(re.compile("is not over yet"))


def test_a_table_that_cannot_be_read_is_said_where_it_came_from(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, "/upload")
    file, pasted = page.locator(".st-key-upload_file [role=group]"), page.get_by_role("textbox")
    settle(page)
    bytes_ = {"name": "marks.xlsx", "mimeType": "application/octet-stream", "buffer": b"\x00"}
    page.locator("input[type=file]").set_input_files(bytes_)  # type: ignore[arg-type]
    expect(file).to_have_accessible_description(CANNOT_BE_READ)
    assert colour(file, "outlineColor") == REFUSED["light"]
    pasted.fill("no table")
    page.get_by_role("button", name="Check pasted rows").click()
    expect(pasted).to_have_attribute("aria-invalid", "true")
    expect(pasted).to_have_accessible_description(re.compile("."))
    expect(file).not_to_have_accessible_description(CANNOT_BE_READ)


def test_what_is_not_chosen_is_said_where_it_is_chosen(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/bulk?class={demo.CLASS_ONE}")
    modules, who = page.get_by_label("Modules", exact=True), page.get_by_role("radiogroup")
    page.get_by_role("button", name="Preview").click()
    expect(modules).to_have_attribute("aria-invalid", "true")
    expect(modules).to_have_accessible_description(re.compile("at least one module"))
    expect(who).not_to_have_attribute("aria-invalid", "true")
    described_anew(modules)
    page.get_by_text("By names, e-mails or ids").click()
    pasted = page.get_by_role("textbox", name="Names, e-mails or ids")
    expect(pasted).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Preview").click()
    expect(pasted).to_have_accessible_description(re.compile("at least one student"))


def described_anew(modules: Locator) -> None:
    """Streamlit's select boxes write their description again when they are opened, closed or focused: what is
    wrong with one stays said."""
    modules.evaluate("e => { e.removeAttribute('aria-describedby'); e.ariaInvalid = null; }")
    expect(modules).to_have_accessible_description(re.compile("at least one module"))
    expect(modules).to_have_attribute("aria-invalid", "true")
    modules.evaluate(
        "e => { const more = document.body.appendChild(document.createElement('p'));"
        " more.id = 'more'; more.textContent = 'Said by Streamlit';"
        " e.setAttribute('aria-describedby', 'more'); }"
    )
    expect(modules).to_have_accessible_description(
        re.compile("Said by Streamlit .*at least one module")
    )
