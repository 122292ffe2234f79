"""Where a person has few colours of their own for all pages, what is told by a colour's place is still told."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from data import demo
from tests.browsing import FIRST_CELL, Visit, cell_panel

CLASS = f"/classroom?class={demo.CLASS_ONE}"


@pytest.fixture
def page(visit: Visit) -> Iterator[Page]:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    page.emulate_media(forced_colors="active")
    yield page
    page.emulate_media(forced_colors="none")


def test_the_bars_of_a_class_are_drawn(page: Page) -> None:
    bar = page.locator(".class-chart i").first
    assert "gradient" in bar.evaluate("(one) => getComputedStyle(one).backgroundImage")


def test_a_panel_tells_its_status_and_which_part_is_open(page: Page) -> None:
    page.locator(f"[aria-rowindex='2'] {FIRST_CELL}").click()
    panel = cell_panel(page)
    chosen, other = (
        panel.locator(f"[role=tab][aria-selected={is_so}]") for is_so in ("true", "false")
    )
    expect(chosen).to_have_css("border-bottom-style", "solid")
    expect(other.first).not_to_have_css("border-bottom-style", "solid")
    symbol = panel.locator("span[aria-hidden=true][style*=mask]").first
    ink, ground = symbol.evaluate(
        "(one) => [one, document.body].map((each) => getComputedStyle(each).backgroundColor)"
    )
    assert ink != ground
