"""A coordinator asks what happened last month in a class, by keyboard on a phone: first comes the answer."""

import re
from datetime import date

from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.accessibility.axe import PHONE, looks, take, violations
from tests.browsing import App, Visit, focus

SCREEN = 844
HIGHEST = 4000


def choose(page: Page, label: str, begin: str) -> None:
    """By typing how the option begins."""
    focus(page.get_by_role("combobox", name=label, exact=True))
    page.keyboard.type(begin)


def bottom(one: Locator) -> float:
    box = one.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def last_month(app: App) -> date:
    with app.owner() as owner:
        row = owner.execute(
            "select (date_trunc('month', now() at time zone 'UTC') - interval '1 month')::date"
        ).fetchone()
    assert row is not None
    assert isinstance(row[0], date)
    return row[0]


def test_what_happened_last_month_in_a_class_and_in_comparison(visit: Visit, app: App) -> None:
    month = last_month(app)
    page = visit(demo.COORDINATOR_TWO, "/trends", width=PHONE)
    choose(page, "Class", "Foundation")
    expect(page).to_have_url(re.compile("class="))
    choose(page, "Period", "Last m")
    expect(page).to_have_url(re.compile(f"period={month:%Y-%m}"))
    answer = page.locator(".words-answer")
    expect(answer).to_contain_text(f"modules completed in {month:%B %Y}, in Foundation year")
    beside = page.get_by_text("At the median of 3 other classes it would be")
    expect(beside).to_have_count(2)  # of what was completed, and of who was active
    expect(page.get_by_text("Completed least:")).to_be_visible()
    assert bottom(beside.nth(1)) < SCREEN
    focus(page.get_by_text("The numbers as a table").first)
    page.keyboard.press("Enter")
    rows = page.get_by_role("table").filter(has_text="Week").first.get_by_role("row")
    expect(rows.nth(1)).to_be_visible()
    figures = [re.findall(r"Completed\s*(-?[\d,]+)", one) for one in rows.all_inner_texts()]
    told = re.match(r"[\d,]+", answer.inner_text())
    assert told is not None
    assert sum(int(one[0].replace(",", "")) for one in figures if one) == int(
        told[0].replace(",", "")
    )
    page.keyboard.press("Enter")
    others = page.get_by_text(re.compile(r"^The other \d+$"))
    expect(others).to_be_visible()
    assert bottom(page.get_by_text("are as of now, not of the period.")) < HIGHEST
    for look in looks(0, 3):
        take(look, page)
        assert violations(page) == [], look


def test_the_days_of_a_month_go_where_one_is_chosen(visit: Visit, app: App) -> None:
    month = last_month(app)
    page = visit(demo.COORDINATOR_TWO, f"/trends?since={month:%Y-%m}-05&until={month:%Y-%m}-09")
    answer = page.locator(".words-answer")
    expect(answer).to_contain_text("from 5 ")
    page.get_by_role("combobox", name="Period").select_option(f"{month:%Y-%m}")
    expect(answer).to_contain_text(f"in {month:%B %Y}, in all my classes")
    expect(page).not_to_have_url(re.compile("since="))
