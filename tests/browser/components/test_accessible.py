"""axe-core on what the components draw, and nothing else of the page."""

import pytest
from playwright.sync_api import expect

from tests.accessibility.axe import DESK, LOOKS, PHONE, looks, take, violations
from tests.browser.components.conftest import Open
from tests.profiles import chosen

# The plain matrix is a page's too (tests/accessibility/test_axe.py).
PAGES = [
    *("size=30x20&compact=1&groups=1&pin=1&teacher=1", "show=table", "size=30x20&why=1&outlined=N"),
    *chosen(sample=[], nightly=["size=30x20&compact=1&outlined=C", "size=30x20"]),
]


@pytest.mark.parametrize(("at", "query"), [*enumerate(PAGES)])
def test_axe_finds_nothing(open_page: Open, at: int, query: str) -> None:
    page = open_page(query)
    for look in looks(at, 3 - at):
        take(look, page)
        opens = page.get_by_role("button", name="Modules of", expanded=False)
        if look.width == PHONE and "size" in query:
            opens.first.click()
        assert violations(page, ".look", rules={"target-size": {"enabled": True}}) == [], look


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


def test_a_badge_can_be_read_even_in_a_dialog(open_page: Open) -> None:
    """Streamlit sets no color-scheme on dialogs, and axe skips what is in one."""
    page = open_page("size=3x3")
    page.locator(".mx-cell").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for look in (one for one in LOOKS if one.width == DESK):
        take(look, page)
        for word in ("Completed", "Failed"):
            ink, paper = (luminance(c) for c in dialog.get_by_text(word).evaluate(PAINTED))
            assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5, (look, word)
