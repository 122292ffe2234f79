"""axe-core on what the components draw, and nothing else of the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.components.conftest import Open
from tests.browsing import in_both_themes

PAGES = ["size=30x20", "size=30x20&compact=1&groups=1&pin=1&teacher=1", "show=table"]


# Of what is well, one example a rule is enough.
OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("query", PAGES)
def test_axe_finds_nothing(open_page: Open, query: str, width: int) -> None:
    page = open_page(query, width=width)
    if width == 390 and "size" in query:
        page.get_by_role("button", name="Modules of").first.click()
    for scheme in in_both_themes(page):
        found = Axe().run(page, context=".look", options=OPTIONS)
        told = [
            (scheme, each["id"], [node["html"][:160] for node in each["nodes"][:3]])
            for each in found.response["violations"]
        ]
        assert told == []
        checked = [each["id"] for each in found.response["passes"]]
        assert "color-contrast" in checked


# Colour and background as painted, whatever notation they were given in.
PAINTED = """element => {
    const pen = document.createElement('canvas').getContext('2d');
    const bytes = (colour) => {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        return [...pen.getImageData(0, 0, 1, 1).data];
    };
    let under = element;
    while (bytes(getComputedStyle(under).backgroundColor)[3] === 0) under = under.parentElement;
    return [getComputedStyle(element).color, getComputedStyle(under).backgroundColor].map(bytes);
}"""


def luminance(colour: list[int]) -> float:
    parts = [each / 255 for each in colour[:3]]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_badge_can_be_read_even_in_a_dialog(open_page: Open, scheme: str) -> None:
    """Streamlit sets no color-scheme on dialogs, and axe skips what is in one."""
    page = open_page("size=3x3", scheme=scheme)
    page.locator(".mx-cell").first.click()
    dialog = page.get_by_role("dialog")
    for word in ("Completed", "Failed"):
        ink, paper = (luminance(c) for c in dialog.get_by_text(word).evaluate(PAINTED))
        assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5
