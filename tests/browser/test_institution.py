"""The institution's few lines on the overview leave a phone's first screen to who needs somebody."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from data import demo
from tests.accessibility.axe import PHONE
from tests.browsing import Visit, settle


def test_who_needs_one_is_on_a_phones_first_screen_below_the_institution(visit: Visit) -> None:
    page = visit(demo.ADMIN, width=PHONE)
    settle(page)
    institution = page.get_by_role("table", name="2 organisations")
    today = page.get_by_role("heading", name="Today", exact=True)
    boxes = [one.bounding_box() for one in (institution, today)]
    above, below = (box["y"] for box in boxes if box is not None)
    assert 0 < above < below < 844 / 4 * 3
    institution.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/classroom\?class="))
    expect(page.get_by_role("heading", name="Overview")).to_have_count(0)
