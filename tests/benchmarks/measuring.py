"""Works done in a real browser, and what each cost."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from playwright.sync_api import Browser, Page, ViewportSize, WebSocket, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from dashboard.web import wire
from tests.benchmarks.pages import Step, Work
from tests.benchmarks.questions import Cell
from tests.benchmarks.serving import Served
from tests.browsing import CHROMIUM, FLAGS

SCREEN: Final[ViewportSize] = {"width": 1280, "height": 900}
STOPWATCH: Final = Path(__file__).with_name("stopwatch.js")
QUIET: Final = 0.3  # seconds without a message, after which a server is at rest
FOLLOWING_MS: Final = (
    2600  # a page that follows changes does so a second after a hint, which may take another
)
WARM_UPS: Final = 3  # of cached runs: one for each status that W3 goes through


@dataclass
class Traffic:
    """Bytes that came over a page's websockets, as the browser's protocol counts them."""

    received: int = 0
    at: float = field(default_factory=time.monotonic)

    def listen(self, page: Page) -> None:
        """Count from here on."""
        page.on("websocket", self._opened)

    def _opened(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._came)

    def _came(self, payload: str | bytes) -> None:
        self.received += len(payload)
        self.at = time.monotonic()

    def settle(self, page: Page) -> None:
        """Wait until nothing has come for a while."""
        self.at = time.monotonic()
        while time.monotonic() - self.at < QUIET:
            page.wait_for_timeout(50)


@dataclass(frozen=True)
class Run:
    """One run of a work: milliseconds a step (`answered`: until the last message came), bytes received,
    the server's CPU milliseconds."""

    steps: dict[str, float]
    answered: float
    received: int
    cpu_ms: float

    @property
    def ms(self) -> float:
        """All steps together."""
        return sum(self.steps.values())


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with the flags of the browser tests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, url: str, person: UUID | None = None) -> Iterator[tuple[Page, Traffic]]:
    """A page in a browser context of its own, signed in by the demo's cookie, with a stopwatch in it."""
    context = browser.new_context(viewport=SCREEN)
    try:
        context.add_init_script(path=STOPWATCH)
        if person is not None:
            context.add_cookies([{"name": wire.PERSON, "value": str(person), "url": url}])
        page, traffic = context.new_page(), Traffic()
        traffic.listen(page)
        page.goto(url)
        yield page, traffic
    finally:
        context.close()


def timed(page: Page, step: Step) -> tuple[float, float]:
    """Milliseconds from the step's event to two frames after what it leads to is in the DOM; and to the
    last message from the server before that."""
    met = page.evaluate(
        "([event, until]) => window.benchmarkStopwatch.arm(event, until)",
        [step.event, [list(each) for each in step.until]],
    )
    if met:
        raise RuntimeError(f"On the page before it was asked for: {step.until}")
    step.act()
    try:
        result: dict[str, float] = page.evaluate("() => window.benchmarkStopwatch.result")
    except PlaywrightError as error:
        shown = page.get_by_role("main").inner_text()[:500]
        raise RuntimeError(f"{error.message}\nAt {page.url} stood instead:\n{shown}") from error
    return result["ms"], result["answered"]


@dataclass(frozen=True)
class Measurer:
    """Does works in a browser against a server.

    `study(cell, run)` changes what a page will show: no message is one that the browser has already.
    `advance()` changes nothing but the database's version: no read is one that the server has already. It
    comes last, at a page at rest: a page that follows changes by itself must not do so under the clock.
    """

    browser: Browser
    served: Served
    study: Callable[[Cell, int], None]
    advance: Callable[[], object]
    runs: int

    def measure(self, work: Work) -> tuple[list[Run], list[Run]]:
        """Runs over changed data and, where the work has such, over cached data."""
        self.study(work.cell, 1)
        try:
            return self._measured(work)
        finally:
            # In progress again, or the next measurement would take another cell, perhaps one out of sight.
            self.study(work.cell, 1)

    def _measured(self, work: Work) -> tuple[list[Run], list[Run]]:
        with visit(self.browser, self.served.url + work.path, work.person) as (page, traffic):
            page.locator("h1").wait_for()
            traffic.settle(page)
            cold = [self._run(page, traffic, work, run) for run in range(1 + self.runs)]
            self.study(work.cell, 1)
            if not work.has_warm:
                return cold[1:], []
            numbers = range(1 + self.runs, 1 + self.runs + WARM_UPS + self.runs)
            warm = [self._run(page, traffic, work, run, cached=True) for run in numbers]
            return cold[1:], warm[WARM_UPS:]

    def _run(
        self, page: Page, traffic: Traffic, work: Work, run: int, *, cached: bool = False
    ) -> Run:
        work.prepare(page, run)
        traffic.settle(page)
        if work.has_warm and not cached:
            self.study(work.cell, run)
            page.wait_for_timeout(FOLLOWING_MS if work.is_watched else 0)
            traffic.settle(page)
        if not cached:
            self.advance()
        received, cpu = traffic.received, self.served.cpu_ms()
        taken = {name: timed(page, step) for name, step in work.steps(page, run).items()}
        traffic.settle(page)
        return Run(
            {name: ms for name, (ms, _) in taken.items()},
            sum(answered for _, answered in taken.values()),
            traffic.received - received,
            self.served.cpu_ms() - cpu,
        )


def rerun_floor(browser: Browser, served: Served, runs: int) -> list[float]:
    """Milliseconds of a trivial Streamlit rerun: click to another text painted."""
    with visit(browser, served.url) as (page, traffic):
        button = page.get_by_role("button", name="Again")
        button.wait_for()
        taken = []
        for run in range(1, 2 + runs):
            traffic.settle(page)
            taken.append(timed(page, Step([("body", f"Run {run}.")], button.click))[0])
        return taken[1:]
