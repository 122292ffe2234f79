"""A Streamlit server of the tests' own with app.py, and a Chromium page on it."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

SCRIPT = Path(__file__).with_name("app.py")
Open = Callable[..., Page]

expect.set_options(timeout=20_000)  # a busy machine is not a fault of the component


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "server.port": str(port),
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "streamlit", "run", str(SCRIPT), *flags]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(f"{address}/_stcore/health")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_until_up(address: str) -> None:
    for _ in range(200):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def contexts(chromium: Browser) -> Iterator[Callable[[str, str], BrowserContext]]:
    """A context a look, for all tests: nobody signs in here, and what was loaded once need not be again."""
    opened: list[BrowserContext] = []

    @cache
    def of(scheme: str, motion: str) -> BrowserContext:
        context = chromium.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce" if motion == "reduce" else "no-preference",
        )
        opened.append(context)
        return context

    yield of
    for context in opened:
        context.close()


@pytest.fixture
def open_page(server: str, contexts: Callable[[str, str], BrowserContext]) -> Iterator[Open]:
    """`open_page("size=30x20", width=390)`: a page of its own, with the component drawn."""
    pages: list[Page] = []

    def open_it(
        query: str, width: int = 1280, scheme: str = "light", motion: str = "no-preference"
    ) -> Page:
        page = contexts(scheme, motion).new_page()
        pages.append(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{server}/?{query}")
        page.locator(".mx-row, .mx-item, .rg-table, .mx-empty").first.wait_for(timeout=20_000)
        return page

    yield open_it
    for page in pages:
        page.close()
