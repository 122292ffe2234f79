"""The bar of filters, as people use it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from data import demo
from tests.browsing import App, Visitor, visiting

CLASS = f"/classroom?class={demo.CLASS_ONE}"


@pytest.fixture(scope="module")
def opened(app: App, chromium: Browser, visitors: list[Visitor]) -> Iterator[Page]:
    with visiting(app, chromium, visitors) as visit:
        yield visit(demo.TEACHER_ONE, CLASS)


@pytest.fixture
def page(opened: Page) -> Page:
    """One page for all, without a filter."""
    clear = opened.get_by_role("button", name="Clear all")
    if clear.is_visible():
        clear.click()
        expect(clear).to_have_count(0)
    expect(opened.get_by_role("grid")).to_be_visible()
    return opened


def test_a_status_narrows_at_once_and_is_read_out(page: Page) -> None:
    page.get_by_role("combobox", name="Status").select_option("In progress")
    expect(page.get_by_role("status").filter(has_text="that is in progress")).to_be_visible()
    expect(page).to_have_url(re.compile("status=InProgress"))
    page.get_by_role("combobox", name="Status").select_option("Any")
    expect(page.get_by_role("status").filter(has_text="that is in progress")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("status="))


def test_those_who_need_attention_are_one_tick_away(page: Page) -> None:
    told = page.get_by_role("status").filter(has_text="who need attention")
    box = page.get_by_role("checkbox", name="Needs attention only")
    box.check()
    expect(told).to_be_visible()
    expect(page).to_have_url(re.compile("attention=needed"))
    page.get_by_role("button", name="Clear all").click()
    expect(told).to_have_count(0)
    expect(box).not_to_be_checked()


def test_a_name_narrows_while_it_is_typed_keeps_the_focus_and_survives_a_reload(page: Page) -> None:
    box = page.get_by_role("searchbox", name="Student name")
    box.press_sequentially("zz")
    expect(page.get_by_text("No student matches these filters")).to_be_visible()
    expect(box).to_be_focused()
    box.press_sequentially("qq")
    expect(page).to_have_url(re.compile("name=zzqq"))
    expect(box).to_have_value("zzqq")
    page.reload()
    expect(page.get_by_text("No student matches these filters")).to_be_visible()
    expect(box).to_have_value("zzqq")
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_role("grid")).to_be_visible()
    expect(page).not_to_have_url(re.compile("name="))


def test_what_is_behind_more_filters_is_counted_and_works(page: Page) -> None:
    more = page.get_by_role("button", name="More filters")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.click()
    page.get_by_role("combobox", name="Module type").select_option("Assessment")
    expect(page.get_by_role("button", name="More filters (1)")).to_be_visible()
    page.get_by_role("spinbutton", name="Score to").fill("40")
    page.get_by_role("spinbutton", name="Score to").press("Tab")
    expect(page.get_by_text("with a score from 0 to 40")).to_be_visible()
    expect(page).to_have_url(re.compile("score=0-40"))
    page.get_by_label("Active since").fill("2026-01-05")
    expect(page.get_by_text("active since 5 January 2026")).to_be_visible()
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_role("button", name="More filters", exact=True)).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Score to")).to_have_value("")
    expect(page.get_by_role("combobox", name="Class")).to_be_focused()


def test_one_panel_is_open_at_a_time_and_closes_again(page: Page) -> None:
    arrange, views = (page.get_by_role("button", name=name) for name in ("Arrange", "Views"))
    arrange.click()
    expect(page.get_by_text("Modules to show first")).to_be_visible()
    expect(arrange).to_have_attribute("aria-expanded", "true")
    views.click()
    expect(page.get_by_text("Name this view")).to_be_visible()
    expect(page.get_by_text("Modules to show first")).to_have_count(0)
    views.click()
    expect(page.get_by_text("Name this view")).to_have_count(0)


def test_another_class_opens_with_its_own_modules(page: Page) -> None:
    before = page.locator("h1").inner_text()
    box = page.get_by_role("combobox", name="Class")
    expect(box).to_be_visible()
    names = box.locator("option").all_inner_texts()
    box.select_option(next(name for name in names if name != before))
    expect(page.locator("h1")).not_to_have_text(before)
    expect(page).not_to_have_url(re.compile(str(demo.CLASS_ONE)))
