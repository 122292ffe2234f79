"""Paper is white: whatever the theme, a page prints dark on light. No row is alone on a page, and a chart is as
wide as what is written above it."""

import io
import re
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from data import demo
from tests.accessibility.axe import PHONE
from tests.browsing import Visit, settle
from tests.profiles import chosen

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


# After the page has laid out its paper: a table of so many rows, each with its number.
OF_ROWS = """
(many) => {
  window.rows = many;
  if (window.lays) return;
  window.lays = true;
  addEventListener("beforeprint", () => {
    const [table, ...others] = document.querySelectorAll(".mx-paper");
    others.forEach((other) => other.remove());
    const body = table.tBodies[0];
    while (body.rows.length > window.rows) body.rows[0].remove();
    while (body.rows.length < window.rows) body.prepend(body.rows[0].cloneNode(true));
    [...body.rows].forEach((row, at) => { row.cells[0].textContent = `Row ${at + 1}.`; });
  });
}
"""


def rows_by_page(page: Page, many: int) -> list[int]:
    page.evaluate(OF_ROWS, many)
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    rows = [len(re.findall(r"Row \d+\.", one.extract_text())) for one in pdf.pages]
    assert sum(rows) == many
    return rows


def test_no_student_of_a_class_is_printed_alone_on_a_page(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}")
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    page.emulate_media(media="print")  # else a page is printed as the screen shows it
    expect(
        page.locator(".mx-paper").first
    ).to_be_attached()  # and is laid out once more amid the print
    first, second, *_ = rows_by_page(page, 160)
    fulls = first, first + second
    for full, over in chosen(
        sample=[*zip(fulls, (1, 2), strict=True)], nightly=[*product(fulls, (0, 1, 2))]
    ):
        assert min(rows_by_page(page, full + over)) >= 3, (full, over)


AXIS = "Week that begins on"


def begins(page: Page, words: str) -> list[float]:
    """Where on the width of their pages these words begin, as a share of it: of a real print."""
    found = []
    for paper in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages:

        def see(
            text: str, matrix: Any, at: Any, *_: Any, wide: float = paper.mediabox.width
        ) -> None:
            if words in text:
                found.append((at[4] * matrix[0] + at[5] * matrix[2] + matrix[4]) / wide)

        paper.extract_text(visitor_text=see)
    return found


@pytest.mark.parametrize("width", [PHONE, 760, 1280])
def test_a_chart_is_as_wide_as_the_paper_and_on_the_screen_what_it_was(
    visit: Visit, width: int
) -> None:
    page = visit(demo.TEACHER_ONE, "/trends", width=width)
    drawing = page.locator(".js-plotly-plot .main-svg").first
    expect(drawing).to_be_visible()
    settle(page)
    on_screen = drawing.bounding_box()
    # What is written under the middle of a chart is in the middle of the paper, and larger from a phone.
    under = begins(page, AXIS)
    assert under
    assert all(0.3 < one < 0.5 for one in under), under
    assert drawing.bounding_box() == on_screen


INKS = """
() => [[".xtick text", "fill"], [".ytick text", "fill"], [".ygrid", "stroke"]].map(([inside, of]) => {
  const all = [...document.querySelectorAll(`.js-plotly-plot ${inside}`)];
  return [...new Set(all.map((one) => getComputedStyle(one)[of]))];
})
"""


def test_a_dark_chart_prints_in_dark_inks_on_light_paper(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, "/trends", dark=True)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    settle(page)
    on_screen = page.evaluate(INKS)
    page.emulate_media(media="print", color_scheme="dark")
    on_paper = page.evaluate(INKS)
    assert on_paper == [[INK], [INK], ["rgb(222, 226, 230)"]]
    assert on_screen not in ([], on_paper)


def test_a_chart_can_be_printed_from_a_phone(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, f"/trends?class={demo.CLASS_ONE}", width=PHONE)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    settle(page)
    page.emulate_media(media="print")
    settle(page)
    assert len(PdfReader(io.BytesIO(page.pdf(format="A4"))).pages) > 1


# What comes before the last heading, a table's, is so high.
OF_HEIGHT = """
(height) => {
  const head = [...document.querySelectorAll(".words-h2")].pop().closest(".stElementContainer");
  const [first, ...others] = head.parentElement.children;
  const before = others.slice(0, others.indexOf(head));
  for (const one of [first, ...before]) Object.assign(one.style, { height: "0px", overflow: "hidden" });
  first.style.height = `${height}px`;
}
"""
ALONE = ".words-h2::after { content: none !important; }"


def heading_is_alone(page: Page, height: int) -> bool:
    """Whether on the first page nothing comes after the heading that begins at about this height."""
    page.evaluate(OF_HEIGHT, height)
    first = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages[0].extract_text()
    return len(first.strip().splitlines()) == 1


def test_no_heading_is_alone_at_the_end_of_a_page(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, "/trends")
    expect(page.get_by_role("table").last).to_be_visible()
    settle(page)
    page.emulate_media(media="print")
    heights = range(560, 820, 40)
    assert not [one for one in heights if heading_is_alone(page, one)]
    page.add_style_tag(content=ALONE)
    assert [one for one in heights if heading_is_alone(page, one)]  # the control
