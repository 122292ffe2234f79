"""The dashboard as its users run it: `python -m dashboard` in a process of its own, and Chromium."""

from __future__ import annotations

import os
import re
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Browser, Error, Locator, Page, Playwright, expect, sync_playwright

from dashboard.pages import PAGES
from dashboard.web import wire
from data.database import embedded
from tests.demo_data import demo_folder
from tests.machine import need
from tests.profiles import chosen

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
FEATURES_OFF = (
    # The address bar's suggestions are two web pages of their own beside every page: a third of its cost.
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
    # Those that Playwright turns off: a second list replaces the first.
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
    "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints",
    "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
)  # fmt: skip
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    f"--disable-features={','.join(FEATURES_OFF)}",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]  # fmt: skip

expect.set_options(timeout=20_000)  # a busy machine is not a fault of the page


@dataclass(frozen=True)
class App:
    """A running dashboard."""

    url: str
    data_dir: Path
    process: int
    """Its id."""

    def owner(self) -> psycopg.Connection[tuple[object, ...]]:
        server = embedded.running(self.data_dir)
        assert server is not None
        return psycopg.connect(server.owner_url, autocommit=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with serving(tmp_path_factory.mktemp("browser")) as started:
        yield started


@contextmanager
def serving(
    folder: Path, open_files: tuple[int, int] | None = None, **settings: str
) -> Iterator[App]:
    """A dashboard with the demo's data, these settings, and so many open files (now, and at most); its log is
    in `folder`."""

    def limit() -> None:
        if open_files is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, open_files)

    port, log = free_port(), folder / "log"
    environment = {k: v for k, v in os.environ.items() if k != "PROGRESS_DATA_DIR"} | settings
    with demo_folder() as data, log.open("wb") as output:
        command = [sys.executable, "-m", "dashboard", "--no-browser", "--port", str(port),
                   "--data-dir", str(data)]  # fmt: skip
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, preexec_fn=limit
        )
        started = App(f"http://127.0.0.1:{port}", data, process.pid)
        try:
            wait_until_up(started.url, process, log)
            yield started
        finally:
            process.terminate()
            process.wait(30)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    need(CHROMIUM, "Chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    # No page lives long enough here to be worth compiling twice: a tenth of its cost.
    args = [*FLAGS, "--js-flags=--no-opt,--no-maglev"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
    yield browser
    browser.close()


# When the page last asked its server for what is not begun to be answered yet: a busy machine takes a while.
ASKED = """{
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...said) {
        window.asked = performance.now();
        this.addEventListener("message", () => { delete window.asked; }, { once: true });
        return send.apply(this, said);
    };
}"""

# Streamlit's own word on whether its script runs and what is not loaded yet, and a page that nothing touches.
# That it is alive, a page says now and then without an answer.
SETTLED = """(STILL) => new Promise((settled, failed) => {
    const BUSY = '[data-test-script-state="running"], [data-testid="stSkeleton"]';
    const busy = () => performance.now() - window.asked < 5000 || document.querySelector(BUSY);
    const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => (busy() ? wait() : (watch.disconnect(), settled())), STILL);
    };
    const watch = new MutationObserver(wait);
    let timer;
    watch.observe(document, {
        subtree: true, childList: true, attributes: true, characterData: true,
    });
    wait();
    setTimeout(() => failed(new Error(`never still: ${busy()?.outerHTML}`)), 60_000);
})"""


def settle(page: Page, still: int = 400) -> None:
    """Until the script has run and the page has been still for so many milliseconds."""
    page.evaluate(SETTLED, still)


def focus(one: Locator) -> None:
    """Once nothing draws the page any more: else the next key goes to what was drawn before."""
    settle(one.page)
    one.focus()
    expect(one).to_be_focused()


def press(page: Page, keys: str) -> None:
    """Wherever the keyboard is, once nothing draws the page any more."""
    settle(page)
    page.keyboard.press(keys)


FIRST_CELL = ":not(.mx-cell) + .mx-cell"
"""Of each row of the class page's table: whether the column "Why" is there depends on who needs attention."""


def cell_panel(page: Page) -> Locator:
    """The panel of a cell, beside the matrix; after a step back it is there a little longer, hidden."""
    return page.locator(".st-key-cell_panel[role=region]")


def leads(page: Page) -> int:
    """How many columns of that table come before the modules."""
    return page.locator(".mx-head:not(.mx-head-module):has(~ .mx-head-module)").count()


def in_menu(page: Page, title: str) -> Locator:
    """The way to a page of the menu; those of a group are folded behind its name, which is opened."""
    menu = page.get_by_role("navigation", name="App pages")
    group = next(one.group for one in PAGES if one.title == title)
    if not group:
        return menu.get_by_role("link", name=title, exact=True)
    menu.get_by_role("button", name=group, exact=True).click()
    return page.get_by_role("menuitem", name=title, exact=True)


def go_to_section(page: Page, title: str) -> None:
    """By its link, as a reader goes: the whole page need not be loaded for it."""
    link = page.get_by_role("link", name=re.compile(rf"^{re.escape(title)}( \(\d+\))?$"))
    link.click()
    expect(link).to_have_attribute("aria-current", "page")


# As the dashboard's own links do, until Streamlit tells that the run of that address has begun.
GO = """(to) => new Promise((begun, failed) => {
    addEventListener("message", function told({ data }) {
        if (data?.type !== "SET_CURRENT_PAGE_NAME") return;
        removeEventListener("message", told);
        begun();
    });
    history.pushState({}, "", to);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
    setTimeout(() => failed(new Error(`no run of ${to} began`)), 60_000);
})"""


def go_to(page: Page, path: str, still: int = 400) -> None:
    """Elsewhere in the dashboard: the whole page need not be loaded for it, and is by night.

    No step of its own for the browser's Back, which takes somebody's click.
    """
    if chosen(sample=False, nightly=True):
        page.goto(urljoin(page.url, path))
    else:
        page.evaluate(GO, path)
    expect(page.locator("h1.words-h1")).to_be_visible()
    settle(page, still)  # else what stood there before may be taken for it


# Nothing that is not saved keeps a test's page from being left.
LET_GO = (
    """addEventListener("beforeunload", (e) => e.stopImmediatePropagation(), { capture: true })"""
)


def leave(page: Page, home: str) -> bool:
    """To a page of the same server that is nothing, so that the next finds the process that knows the scripts
    already: a page costs half of what it costs in a new one. Is it as good as new?"""
    try:
        page.evaluate(LET_GO)
        page.goto(f"{home}/_stcore/health")
    except Error:
        page.close()
        return False
    return True


@dataclass(frozen=True)
class Visitor:
    """A page in a browser of its own, and whom it has asked for anything."""

    page: Page
    asked: list[str]

    @classmethod
    def to(cls, chromium: Browser) -> Visitor:
        # What moves is drawn sixty times a second, and that by the processor.
        still = chromium.new_context(timezone_id="Europe/Vienna", reduced_motion="reduce")
        still.add_init_script(ASKED)
        visitor = cls(still.new_page(), [])
        visitor.page.on("request", lambda request: visitor.asked.append(request.url))
        return visitor

    def foreign(self, home: str) -> list[str]:
        return [url for url in self.asked if not url.startswith((home, "data:", "blob:"))]

    def as_new(self, home: str) -> bool:
        """Forget all that a visit left but the scripts."""
        context = self.page.context
        for other in context.pages:
            if other is not self.page:
                other.close()
        if self.page.is_closed() or not leave(self.page, home):
            context.close()
            return False
        storage = {"origin": home, "storageTypes": "local_storage,indexeddb"}
        context.new_cdp_session(self.page).send("Storage.clearDataForOrigin", storage)
        self.page.evaluate("sessionStorage.clear()")
        context.clear_cookies()
        return True


def dress(page: Page, *, dark: bool = False, width: int = 1280) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(media="screen", color_scheme="dark" if dark else "light")


Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def visitors() -> list[Visitor]:
    """That have been at the dashboard before."""
    return []


@contextmanager
def visiting(app: App, chromium: Browser, visitors: list[Visitor]) -> Iterator[Visit]:
    """`visit(person, "/classroom?class=…", dark=True, width=390)`: a page in a browser of its own.

    Every page is watched: a request to a foreign host fails the test.
    """
    here: list[Visitor] = []

    def visited(
        person: UUID | None, path: str = "/", *, dark: bool = False, width: int = 1280
    ) -> Page:
        visitor = visitors.pop() if visitors else Visitor.to(chromium)
        here.append(visitor)
        visitor.asked.clear()
        page = visitor.page
        if person is not None:
            page.context.add_cookies([{"name": wire.PERSON, "value": str(person), "url": app.url}])
        dress(page, dark=dark, width=width)
        page.goto(app.url + path)
        expect(page.locator("h1.words-h1")).to_be_visible(timeout=60_000)
        return page

    try:
        yield visited
    finally:
        # Who came first comes first again: most tests have no second.
        visitors += [one for one in reversed(here) if one.as_new(app.url)]
    assert [url for one in here for url in one.foreign(app.url)] == []


@pytest.fixture
def visit(app: App, chromium: Browser, visitors: list[Visitor]) -> Iterator[Visit]:
    with visiting(app, chromium, visitors) as visit:
        yield visit


@pytest.fixture(scope="module")
def walk(app: App, chromium: Browser, visitors: list[Visitor]) -> Iterator[Visit]:
    """As `visit`, and on the same page for all tests of a file, which go through it as a reader does.

    For tests that look, or put right again what they have changed.
    """
    pages = dict[UUID | None, Page]()
    with visiting(app, chromium, visitors) as visit:

        def walked(person: UUID | None, path: str = "/", **look: Any) -> Page:
            if person not in pages:
                pages[person] = visit(person, path, **look)
                settle(pages[person])
            else:
                dress(pages[person], **look)
                go_to(pages[person], path)
            return pages[person]

        yield walked
