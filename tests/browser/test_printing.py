"""Paper is white: whatever the theme, a page prints dark on light."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from data import demo
from tests.browsing import Visit

LOOKS = """
() => {
  const style = (found) => getComputedStyle(document.querySelector(found));
  return [style("body").backgroundColor, style(".stApp").backgroundColor, style(".words-answer").color,
          style(".look").color, style(".look").colorScheme, style(".look").getPropertyValue("--paper")];
}
"""
PAPER, INK = "rgb(255, 255, 255)", "rgb(27, 36, 48)"


def looks(page: Page) -> list[str]:
    found: list[str] = page.evaluate(LOOKS)
    return [each.strip() for each in found]


def test_the_dark_theme_prints_as_the_light_one(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, "/history", dark=True)
    expect(page.get_by_role("table").first).to_be_visible()
    on_screen = looks(page)
    assert PAPER not in on_screen
    assert INK not in on_screen
    assert "dark" in on_screen
    page.emulate_media(media="print", color_scheme="dark")
    assert looks(page) == [PAPER, PAPER, INK, INK, "light", "#fff"]
