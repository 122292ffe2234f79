"""The matrix of symbols alone: what its cells still say, its heads, the averages, and what a filter marks."""

import re
from statistics import mean

import pytest
from playwright.sync_api import Locator, Page, expect

from data.rules.cell import parse_cell
from tests.browser.components.cohort import module_name, the_class
from tests.browser.components.conftest import Open
from tests.browser.components.test_matrix import GRID, cell, expect_event, focused
from tests.machine import until

FIRST = 3
"""The column of the first module: after name and completion."""
OF_MARKS = "size=30x20&compact=1&cells=C100/85.5fe;I40;N;C80/55.5fe;s"


def test_a_cell_is_a_symbol_that_says_what_the_tip_shows(shared: Open) -> None:
    page = shared(OF_MARKS)
    failed = page.locator(cell(page, 2, FIRST + 3))
    expect(failed).to_have_text("")
    said = ": completed, 80 %, score 55.5, pass mark 60, failed, edited by staff"
    expect(failed).to_have_attribute("aria-label", re.compile(re.escape(said) + "$"))
    symbols = failed.evaluate("one => getComputedStyle(one).backgroundImage")
    assert "url" in symbols
    box = failed.bounding_box()
    assert box is not None
    assert 38 <= box["width"] <= 60
    failed.hover()
    tip = page.locator(".mx-tip")
    expect(tip).to_contain_text("Score 55.5, pass mark 60")
    expect(tip).to_contain_text("Completed · 80 %")


def test_statuses_differ_by_their_shape(shared: Open) -> None:
    page = shared(OF_MARKS)
    shapes = [
        page.locator(cell(page, 2, at)).evaluate("one => getComputedStyle(one).backgroundImage")
        for at in (FIRST, FIRST + 1, FIRST + 2, FIRST + 4)
    ]
    assert len(set(shapes)) == 4


# How many pixels wide the symbol of an element is; 0 while it is drawn anew.
PIXELS = """async (one) => {
    const image = new Image();
    image.src = getComputedStyle(one).backgroundImage.slice(5, -2);
    await image.decode().catch(() => null);
    return image.naturalWidth;
}"""


def test_symbols_are_as_fine_as_the_screen_and_on_paper_drawings(open_page: Open) -> None:
    page = open_page(OF_MARKS)
    first = page.locator(cell(page, 2, FIRST))
    until(lambda: first.evaluate(PIXELS) == 13)
    fine = {"width": 1200, "height": 800, "deviceScaleFactor": 2, "mobile": False}
    screen = page.context.new_cdp_session(page)
    screen.send("Emulation.setDeviceMetricsOverride", fine)
    until(lambda: first.evaluate(PIXELS) == 26)
    page.emulate_media(media="print")
    on_paper = page.locator(".mx-print .mx-look-completed").first
    expect(on_paper).to_have_css("background-image", re.compile("svg"))


def test_keys_go_through_cells_and_a_block_ends_with_the_modules(shared: Open) -> None:
    page = shared("size=30x20&compact=1")
    page.locator(cell(page, 2, FIRST + 18)).focus()
    page.keyboard.press("ArrowRight")
    assert ", Loops 4: " in focused(page)
    page.keyboard.press("Shift+ArrowRight")
    assert ", Loops 4: " in focused(page)
    page.keyboard.press("Shift+ArrowDown")
    expect_event(page, "students=('s0', 's1'), modules=('m19',)")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert focused(page).endswith(": Last activity 2 Nov")


def middle(one: Locator) -> tuple[float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("of", ["title", "share"])
def test_a_click_anywhere_on_a_head_sorts_by_it_and_not_by_what_its_name_leans_over(
    shared: Open, of: str
) -> None:
    page = shared("size=30x20&compact=1")
    head = page.locator(f"{GRID} .mx-head-module").nth(4)
    page.mouse.click(*middle(head.locator(f".mx-head-{of}")))
    expect(head).to_have_attribute("aria-sort", re.compile("ending$"))
    expect_event(page, "module:m4'")


@pytest.mark.parametrize(("density", "module"), [("", 2), ("&compact=1", 3)])
def test_a_head_is_one_stop_that_sorts_and_above_it_is_the_way_to_the_module(
    shared: Open, density: str, module: int
) -> None:
    page = shared(f"size=30x20{density}")
    page.locator(cell(page, 2, 6)).focus()
    page.keyboard.press("ArrowUp")
    assert focused(page).endswith(f"completed, sort by {module_name(module)}")
    page.keyboard.press("Enter")
    head = page.locator(cell(page, 1, 6))
    expect(head).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("ArrowUp")
    link = head.get_by_role("link")
    expect(link).to_be_focused()
    expect(link).to_have_css("opacity", "1")
    page.keyboard.press("ArrowRight")
    expect(page.locator(cell(page, 1, 7)).get_by_role("link")).to_be_focused()
    assert page.locator(f"{GRID} [tabindex='0']").count() == 1


def test_who_asks_for_figures_by_keyboard_gets_them_and_stays_where_they_were(
    open_page: Open,
) -> None:
    page = open_page("size=30x20&compact=1")
    page.locator(f"{GRID} .mx-name-link").first.focus()
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Sort by student"
    page.keyboard.press("ArrowUp")
    assert focused(page) == "Show figures"
    page.keyboard.press("Enter")
    expect_event(page, "kind='density', student=None, module=None, by='wide'")
    expect(page.locator(f"{GRID} .mx-density")).to_have_text("Symbols only")
    assert focused(page) == "Symbols only"


def percentages(written: list[str]) -> list[float]:
    cells = [parse_cell(one) for one in written]
    return [one.percentage or 0 for one in cells]


def scores(written: list[str]) -> list[float]:
    return [float(one.score) for one in map(parse_cell, written) if one.score is not None]


def test_averages_are_those_of_the_cells(shared: Open) -> None:
    page = shared("size=30x20&compact=1")
    rows = [row.cells.split(";") for row in the_class(30, 20)[1]]
    course, test = [row[0] for row in rows], [row[3] for row in rows]
    percentage, score = round(mean(percentages(course))), round(mean(scores(test)), 1)
    foot = page.locator(f"{GRID} tfoot")
    expect(foot.locator(f"[aria-colindex='{FIRST}']")).to_have_text(f"{percentage} %")
    of_test = foot.locator(f"[aria-colindex='{FIRST + 3}']")
    expect(of_test).to_have_text(f"{score:g} / 60")
    said = f"; average score {score:g}, pass mark 60, of {len(scores(test))}$"
    expect(of_test).to_have_attribute("aria-label", re.compile(said))
    page.locator(".mx-box").evaluate("box => box.scrollTo(9999, 0)")
    own = [one for at, one in enumerate(rows[0]) if at % 4 != 3]
    its = [one for at, one in enumerate(rows[0]) if at % 4 == 3]
    words = f"Average {round(mean(percentages(own)))} % · score {round(mean(scores(its)), 1):g}"
    expect(page.locator(f"{GRID} tbody .mx-sum").first).to_contain_text(words)


def test_an_average_follows_a_change(open_page: Open) -> None:
    page = open_page("size=1x2&compact=1&cells=I40;N")
    average = page.locator(f"{GRID} tfoot [aria-colindex='{FIRST}']")
    expect(average).to_have_text("40 %")
    detail = {"student": "s0", "module": "m0", "cell": "I70", "why": None}
    page.evaluate("detail => dispatchEvent(new CustomEvent('matrix-renewal', { detail }))", detail)
    expect(average).to_have_text("70 %")


OF_THREE = range(FIRST, FIRST + 3)
FILL = "one => getComputedStyle(one).backgroundColor"


def fills(page: Page) -> list[str]:
    return [str(page.locator(cell(page, 2, at)).evaluate(FILL)) for at in OF_THREE]


def test_a_filter_by_status_outlines_its_cells_and_the_others_recede(shared: Open) -> None:
    completed, begun, none = fills(shared("size=30x20&compact=1&cells=C100;I40;N"))
    assert len({completed, begun, none}) == 3
    page = shared("size=30x20&compact=1&cells=C100;I40;N&outlined=I")
    receded = fills(page)
    assert receded == [receded[2], begun, receded[2]]
    assert receded[2] not in (completed, begun)
    borders = [
        page.locator(cell(page, 2, at)).evaluate("one => getComputedStyle(one).borderTopWidth")
        for at in OF_THREE
    ]
    assert borders == ["1px", "2px", "1px"]
    expect(page.locator(".mx-under")).to_contain_text("Outlined: in progress")
    # What it is stays: its symbol and its sentence.
    first = page.locator(cell(page, 2, FIRST))
    expect(first).to_have_css("background-image", re.compile("image/png"))
    label = first.get_attribute("aria-label")
    assert str(label).endswith(": completed, 100 %")
    page.set_viewport_size({"width": 390, "height": 900})
    page.locator(".mx-unfold").first.click()
    modules = page.locator(".mx-module")
    expect(modules.nth(1)).to_have_css("border-top-width", "2px")
    expect(modules.nth(0)).to_have_css("background-color", "rgba(0, 0, 0, 0)")
