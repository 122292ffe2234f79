"""`python -m tests.benchmarks.pictures`: the pictures of the README, of the demo as it is, in real Chromium."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from playwright.sync_api import Browser, Page, sync_playwright

from dashboard.web import wire
from data import demo
from tests.browsing import CHROMIUM, FLAGS, ROOT, App, cell_panel, serving, settle

PICTURES: Final = ROOT / ".github" / "pictures"
CLASS: Final = f"/classroom?class={demo.CLASS_ONE}"


def _stays(page: Page) -> None:
    """Nothing to do first."""


def _student_in_need(page: Page) -> None:
    page.get_by_role("checkbox", name="Needs attention only").check()
    settle(page)
    page.get_by_role("rowheader").get_by_role("link").nth(2).click()


def _lessons(page: Page) -> None:
    page.get_by_role("columnheader").get_by_role("link", name="Integers, powers").click()
    settle(page)
    page.get_by_role("link", name="Lessons").click()


def _correcting(page: Page) -> None:
    page.get_by_role("gridcell", name="Integers, powers and roots: in progress").first.click()
    page.get_by_role("tab", name="Correct").click()
    settle(page)
    cell_panel(page).get_by_text("Completed", exact=True).last.click()


def _past_the_filters(page: Page) -> None:
    page.get_by_role("link", name="Grace O'Malley").first.scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)


class Picture(NamedTuple):
    """A file's name, whose page, its address, how it looks, and what to do there before it is taken."""

    name: str
    person: UUID
    path: str
    before: Callable[[Page], None] = _stays
    is_dark: bool = False
    width: int = 1280


ALL: Final = (
    Picture("class-light", demo.TEACHER_ONE, CLASS),
    Picture("class-phone", demo.TEACHER_ONE, CLASS, _past_the_filters, width=390),
    Picture("student-dark", demo.TEACHER_ONE, CLASS, _student_in_need, is_dark=True),
    Picture("edit-light", demo.COORDINATOR_ONE, CLASS, _correcting),
    Picture("module-light", demo.TEACHER_ONE, CLASS, _lessons),
    Picture("cohort-light", demo.TEACHER_TWO, f"/classroom?class={demo.COHORT}"),
    Picture("history-light", demo.COORDINATOR_ONE, f"/history?class={demo.CLASS_ONE}"),
    Picture("check-dark", demo.COORDINATOR_ONE, "/check", is_dark=True),
)


def take(app: App, browser: Browser, one: Picture, folder: Path) -> None:
    """One picture, as a person's own browser would show the page."""
    context = browser.new_context(
        viewport={"width": one.width, "height": 800},
        color_scheme="dark" if one.is_dark else "light",
        timezone_id="Europe/Vienna",
    )
    context.add_cookies([{"name": wire.PERSON, "value": str(one.person), "url": app.url}])
    page = context.new_page()
    page.goto(app.url + one.path)
    page.locator("h1.words-h1").first.wait_for(timeout=60_000)
    settle(page)
    one.before(page)
    settle(page, still=1500)
    page.screenshot(path=folder / f"{one.name}.png")
    context.close()


def main() -> None:
    """Take them all anew."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder)) as app,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for one in ALL:
            take(app, browser, one, PICTURES)
        browser.close()


if __name__ == "__main__":
    main()
