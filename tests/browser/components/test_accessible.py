"""axe-core on what the components draw, and nothing else of the page."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.components.conftest import Open

PAGES = ["size=30x20", "size=30x20&compact=1&groups=1&pin=1&teacher=1", "show=table"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("query", PAGES)
def test_axe_finds_nothing(open_page: Open, query: str, width: int, scheme: str) -> None:
    page = open_page(query, width=width, scheme=scheme)
    if width == 390 and "size" in query:
        page.get_by_role("button", name="Modules of").first.click()
    found = Axe().run(page, context=".look", options={"rules": {"target-size": {"enabled": True}}})
    told = [
        (each["id"], [node["html"][:160] for node in each["nodes"][:3]])
        for each in found.response["violations"]
    ]
    assert told == []
    checked = [each["id"] for each in found.response["passes"]]
    assert "color-contrast" in checked
