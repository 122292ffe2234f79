"""On a phone the overview's first screen says whom first, and why: the institution's lines are folded."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from data import demo
from tests.accessibility.axe import PHONE
from tests.browsing import Visit, settle

SCREEN = 844
LOOK_HERE = re.compile(
    r"^Look here first: .+ moved least, .+ fails most \(\d+\s%\), [\d,]+ rows in doubt\.$"
)


def bottom(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("person", [demo.TEACHER_ONE, demo.COORDINATOR_ONE, demo.ADMIN])
def test_two_students_and_why_are_on_a_phones_first_screen(visit: Visit, person: UUID) -> None:
    page = visit(person, width=PHONE)
    settle(page)
    rows = page.get_by_role("table", name="Who needs attention first").get_by_role("row")
    first = rows.filter(has=page.get_by_role("rowheader"))
    # A browser's own bars take up to a fifth of the screen.
    assert bottom(first.nth(0).locator(".rg-need").first) < SCREEN * 0.8
    assert bottom(first.nth(1).get_by_role("rowheader")) < SCREEN


def test_the_institution_unfolds_by_keyboard_on_a_phone_and_lies_open_on_a_desk(
    visit: Visit,
) -> None:
    page = visit(demo.ADMIN, width=PHONE)
    settle(page)
    institution = page.get_by_role("table", name="2 organisations")
    expect(institution).to_be_hidden()
    words = page.get_by_text(LOOK_HERE)
    words.press("Enter")
    expect(institution).to_be_visible()
    words.press("Enter")
    expect(institution).to_be_hidden()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(words).to_be_hidden()
    expect(institution).to_be_visible()
    institution.get_by_role("link").first.press("Enter")
    expect(page).to_have_url(re.compile(r"/classroom\?class="))
    expect(page.get_by_role("heading", name="Overview")).to_have_count(0)
