"""Browsers for several processes behind nginx."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Browsers of their own, which believe a certificate that signed itself."""
    made: list[BrowserContext] = []

    def make() -> BrowserContext:
        made.append(chromium.new_context(ignore_https_errors=True, reduced_motion="reduce"))
        return made[-1]

    yield make
    for one in made:
        one.close()
