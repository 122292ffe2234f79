"""What a coordinator does to one value of a platform's, in Chromium: test_attached.py goes through it."""

import re
from pathlib import Path
from typing import Final
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.browser.attached import AttachedApp
from tests.browser.test_report import bookmarks, download
from tests.browsing import go_to, settle
from tests.database.attached.host import MODULE, STUDENT, id_of

CORRECTED: Final = id_of(STUDENT, 8)
FORM: Final = f"/edit?student={CORRECTED}&module={id_of(MODULE, 3)}"


def against_the_platform(page: Page, app: AttachedApp) -> None:
    fill(page, "Percentage", "55")
    app.platform.writes(8, 3, 44)
    press(page, "Save")
    theirs = page.get_by_role("table", name="Your values and theirs")
    expect(theirs.get_by_role("row").filter(has_text="Percentage")).to_contain_text("44 %")
    press(page, "Save mine instead")
    expect(page.get_by_text("Saved: percentage 44 % → 55 %.")).to_be_visible()
    assert app.platform.holds(8, 3) == 55
    page.get_by_role("link", name="Undo this").click()
    press(page, "Undo 1 change")
    expect(page.get_by_text("All of it has been undone.")).to_be_visible()
    assert app.platform.holds(8, 3) == 44


def by_a_file(page: Page, app: AttachedApp) -> None:
    go_to(page, "/upload")
    file = b"E-mail,Module,Percentage\nstudent8@example.org,Module 3,62\n"
    box = page.locator("input[type=file]")
    box.set_input_files({"name": "grades.csv", "mimeType": "text/csv", "buffer": file})
    press(page, "Preview 1 change")
    press(page, "Save 1 change")
    expect(page.get_by_role("button", name="Save 1 change")).to_have_count(0)
    assert app.platform.holds(8, 3) == 62


def for_good(page: Page, app: AttachedApp) -> None:
    go_to(page, FORM)
    press(page, "Lock a value here")
    press(page, "Percentage: 62 %")
    fill(page, "Reason for locking", "Shown to me on paper")
    press(page, "Lock this")
    expect(page.get_by_text("The platform cannot change it")).to_be_visible()
    app.platform.writes(8, 3, 90)
    assert app.platform.holds(8, 3) == 62
    go_to(page, FORM)
    expect(page.get_by_text("Student 8 tried to set the percentage to 90 %")).to_be_visible()


def is_told_by_the_history(page: Page) -> None:
    go_to(page, f"/history?student={CORRECTED}&module={id_of(MODULE, 3)}")
    sources = page.get_by_role("table", name="Changes, newest first").get_by_role("row")
    for source in ("File", "Undo", "Form", "The student's own work"):
        expect(sources.filter(has_text=source).first).to_be_visible()


def makes_a_report(page: Page) -> None:
    go_to(page, f"/student?student={CORRECTED}&show=report")
    press(page, "Make the report")
    name, file = download(page)
    assert name.startswith("Student 8")
    assert bookmarks(file) == ["Student 8"]


def exports_what_the_platform_alone_knows(page: Page, class_id: UUID) -> None:
    """What is shown, and in it the status that only the platform knows."""
    go_to(page, f"/classroom?class={class_id}&name=student+41")
    paused = page.get_by_role("gridcell", name=re.compile("Paused"))
    expect(paused).to_have_count(1)
    press(page, "Export")
    with page.expect_download() as found:
        page.get_by_role("button", name=re.compile("CSV")).first.click()
    assert "Paused" in Path(found.value.path()).read_text(encoding="utf-8-sig")


def fill(page: Page, label: str, value: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(value)
    box.press("Enter")
    settle(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
