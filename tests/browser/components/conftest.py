"""A Streamlit server of the tests' own with app.py, and a Chromium page on it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browsing import free_port, leave, settle, wait_until_up

SCRIPT = Path(__file__).with_name("app.py")
Open = Callable[..., Page]

expect.set_options(timeout=20_000)  # a busy machine is not a fault of the component


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port, log = free_port(), tmp_path_factory.mktemp("components") / "log"
    command = [sys.executable, "-m", "tests.browser.components.served", str(port)]
    with log.open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """For all tests: nobody signs in here, and what was loaded once need not be again."""
    with chromium.new_context(reduced_motion="no-preference") as context:
        yield context


@pytest.fixture(scope="session")
def known() -> list[Page]:
    """Pages that have been here before."""
    return []


@contextmanager
def opening(server: str, context: BrowserContext, known: list[Page]) -> Iterator[Open]:
    pages: list[Page] = []
    strangers: list[str] = []

    def ask(request: Request) -> None:
        strangers.append(request.url)

    def open_it(query: str, width: int = 1280, scheme: str = "light") -> Page:
        page = known.pop() if known else context.new_page()
        pages.append(page)
        page.on("request", ask)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{server}/?{query}")
        page.locator(".mx-row, .mx-item, .rg-table, .mx-empty").first.wait_for(timeout=60_000)
        settle(page, 150)  # what is struck while it is drawn goes to what was drawn before
        return page

    yield open_it
    for page in pages:
        page.remove_listener("request", ask)
        if leave(page, server):
            known.append(page)
    assert not [url for url in strangers if not url.startswith((server, "blob:", "data:"))]


@pytest.fixture
def open_page(server: str, context: BrowserContext, known: list[Page]) -> Iterator[Open]:
    """`open_page("size=30x20", width=390)`: a page of its own, with the component drawn."""
    with opening(server, context, known) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def shared(server: str, context: BrowserContext, known: list[Page]) -> Iterator[Open]:
    """`shared("size=30x20")`: the same page for all tests of a file that can go on where another ended."""
    with opening(server, context, known) as open_it:
        yield cache(open_it)
