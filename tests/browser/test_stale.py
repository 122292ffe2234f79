"""Open pages say quietly that what they show is not up to date while the database is away, and take it back."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from dashboard.web import wire
from data import demo
from data.database.embedded import files
from tests.accessibility.axe import violations
from tests.browsing import App, serving, settle
from tests.machine import children, slower

SOON = 10.0  # seconds
PAGES = ("/classroom", "/history")  # one that is told of changes, and one that is not


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A dashboard whose database nobody else needs."""
    with serving(tmp_path_factory.mktemp("stale")) as started:
        yield started


@pytest.fixture
def pages(alone: App, chromium: Browser) -> Iterator[list[Page]]:
    context = chromium.new_context()
    who = {"name": wire.PERSON, "value": str(demo.COORDINATOR_ONE), "url": alone.url}
    context.add_cookies([who])  # type: ignore[list-item]
    opened = []
    for path in PAGES:
        page = context.new_page()
        page.goto(alone.url + path)
        expect(page.locator("h1.words-h1")).to_be_visible()
        settle(page)
        opened.append(page)
    yield opened
    context.close()


@contextmanager
def halted(app: App) -> Iterator[None]:
    """Every process of the database stopped, as a machine that hangs: silent, and not started anew."""
    note = files.read_note(app.data_dir)
    assert note is not None
    group = int((note.cluster / "postmaster.pid").read_text().splitlines()[0])
    os.killpg(os.getpgid(group), signal.SIGSTOP)
    ours = children(group)
    for one in ours:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in ours:
            os.kill(one, signal.SIGCONT)
        os.killpg(os.getpgid(group), signal.SIGCONT)


def test_a_page_says_within_ten_seconds_that_it_is_not_up_to_date_and_takes_it_back(
    alone: App, pages: list[Page]
) -> None:
    followed, other = pages
    followed.bring_to_front()
    followed.evaluate("document.querySelector('h1.words-h1').dataset.kept = 'as it was'")
    for page in pages:
        expect(page.get_by_text("Not up to date since")).to_have_count(0)
    with halted(alone):
        begun = time.monotonic()
        for page in pages:
            note = page.get_by_role("status").filter(has_text="Not up to date since")
            expect(note).to_be_visible(timeout=(SOON + 1) * 1000 * slower())
            assert time.monotonic() - begun < (SOON + 1) * slower()
            expect(note).to_contain_text("The database cannot be reached just now")
            for scheme in ("dark", "light"):
                page.emulate_media(color_scheme=scheme)
                assert violations(page, ".words-stale") == []
        # What is there stays there, and may be read.
        expect(followed.locator("h1.words-h1")).to_have_attribute("data-kept", "as it was")
        name = followed.get_by_label("Student name")
        name.fill("Á")
    for page in (followed, other):
        expect(page.get_by_text("Not up to date since")).to_be_hidden(timeout=40_000 * slower())
    expect(name).to_have_value("Á")


def test_a_page_that_met_the_outage_keeps_its_address_and_comes_back_by_itself(
    alone: App, pages: list[Page]
) -> None:
    page = pages[0]
    page.bring_to_front()
    address = f"{alone.url}/classroom?class={demo.CLASS_ONE}&status=Completed"
    page.goto(address)
    expect(page.get_by_role("grid")).to_be_visible()
    shown = page.url
    assert "status=Completed" in shown
    with halted(alone):
        page.reload()
        expect(page.get_by_role("heading", name="The database is away")).to_be_visible(
            timeout=60_000 * slower()
        )
        expect(page.get_by_text("Not up to date since")).to_be_hidden()
        assert page.url == shown
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("heading", name="The database is away")).to_be_visible(
            timeout=60_000 * slower()
        )
        assert page.url == shown
    expect(page.get_by_role("grid")).to_be_visible(timeout=60_000 * slower())
    assert page.url == shown
    expect(page.get_by_label("Status", exact=True)).to_have_value("Completed")


def test_a_dashboard_that_does_not_answer_is_told_too(alone: App, pages: list[Page]) -> None:
    page = pages[1]
    page.bring_to_front()
    (process,) = _serving(alone)
    os.kill(process, signal.SIGSTOP)
    try:
        note = page.get_by_text("The dashboard cannot be reached just now")
        expect(note).to_be_visible(timeout=(SOON + 5) * 1000 * slower())
    finally:
        os.kill(process, signal.SIGCONT)
    expect(page.get_by_text("Not up to date since")).to_be_hidden(timeout=40_000 * slower())


def test_a_stream_that_was_refused_once_is_asked_for_again(alone: App, chromium: Browser) -> None:
    """As by a proxy whose server is just started again: a browser gives up for good on such an answer."""
    context = chromium.new_context()
    who = {"name": wire.PERSON, "value": str(demo.COORDINATOR_ONE), "url": alone.url}
    context.add_cookies([who])  # type: ignore[list-item]
    page = context.new_page()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.continue_() if len(asked) > 1 else route.fulfill(status=502)

    page.route("**/live?*", answer)
    with page.expect_response(
        lambda one: "/live?" in one.url and one.ok, timeout=20_000 * slower()
    ):
        page.goto(f"{alone.url}/classroom?class={demo.CLASS_ONE}")
    settle(page)
    context.close()
    assert len(asked) == 2


SCATTERED, OTHER = "only now and then", "do not work on this page"


@pytest.mark.parametrize(
    ("is_own", "said"),
    [
        (lambda asked: asked % 2 == 0, SCATTERED),  # processes are taken in turn
        (lambda asked: False, OTHER),  # its browser is kept on another
        (lambda asked: asked > 4, ""),  # a process was replaced just then
    ],
    ids=["scattered", "other", "once"],
)
def test_a_page_says_that_its_questions_reach_other_processes_once_it_is_sure(
    alone: App, pages: list[Page], is_own: Callable[[int], bool], said: str
) -> None:
    page = pages[1]
    own = page.request.get(f"{alone.url}/fresh").text()
    assert re.fullmatch("fresh [0-9a-f]{8}", own)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(own if is_own(len(asked)) else "fresh 01234567")
        route.fulfill(body=asked[-1], content_type="text/plain")

    page.route("**/fresh", answer)
    page.bring_to_front()
    page.reload()
    settle(page)
    note = page.locator(".words-stale")
    if not said:  # six at once, six more ten seconds later, and one every three seconds
        deadline = time.monotonic() + 60 * slower()
        while len(asked) < 18 and time.monotonic() < deadline:
            page.wait_for_timeout(200)
        assert len(asked) >= 18
        expect(note).to_be_hidden()
        return
    expect(note).to_contain_text(said, timeout=40_000 * slower())
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        assert violations(page, ".words-stale") == []
    page.unroute("**/fresh")
    page.reload()
    settle(page)
    expect(page.get_by_text(said)).to_have_count(0)


def _serving(app: App) -> list[int]:
    """The process of the dashboard."""
    told = {int(one.parent.name): one.read_bytes() for one in Path("/proc").glob("[0-9]*/cmdline")}
    ours = f"\0{app.data_dir}\0".encode()
    return [pid for pid, line in told.items() if b"\0dashboard\0" in line and ours in line]
