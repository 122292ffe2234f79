"""A Streamlit server of the tests' own with app.py, and a Chromium page on it."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browsing import leave

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


Known = dict[tuple[str, str], list[Page]]


@pytest.fixture(scope="module")
def known() -> Known:
    """Pages of each look that have been here before."""
    return {}


@contextmanager
def opening(
    server: str, contexts: Callable[[str, str], BrowserContext], known: Known
) -> Iterator[Open]:
    pages: list[tuple[Page, tuple[str, str]]] = []
    strangers: list[str] = []

    def ask(request: Request) -> None:
        strangers.append(request.url)

    def open_it(
        query: str, width: int = 1280, scheme: str = "light", motion: str = "no-preference"
    ) -> Page:
        look = (scheme, motion)
        page = known[look].pop() if known.get(look) else contexts(*look).new_page()
        pages.append((page, look))
        page.on("request", ask)
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(media="screen", color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{server}/?{query}")
        page.locator(".mx-row, .mx-item, .rg-table, .mx-empty").first.wait_for(timeout=20_000)
        return page

    yield open_it
    for page, look in pages:
        page.remove_listener("request", ask)
        if leave(page, server):
            known.setdefault(look, []).append(page)
    assert not [url for url in strangers if not url.startswith((server, "blob:", "data:"))]


@pytest.fixture
def open_page(
    server: str, contexts: Callable[[str, str], BrowserContext], known: Known
) -> Iterator[Open]:
    """`open_page("size=30x20", width=390)`: a page of its own, with the component drawn."""
    with opening(server, contexts, known) as open_it:
        yield open_it


@pytest.fixture(scope="module")
def shared(
    server: str, contexts: Callable[[str, str], BrowserContext], known: Known
) -> Iterator[Open]:
    """`shared("size=30x20")`: the same page for all tests of a file that can go on where another ended."""
    with opening(server, contexts, known) as open_it:
        yield cache(open_it)
