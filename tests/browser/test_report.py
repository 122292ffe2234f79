"""Reports in a browser: exactly the students that are shown, a file that opens, and a Cancel that works."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from data import demo
from tests.accessibility.axe import violations
from tests.browsing import App, Visit

PANEL = ".st-key-bar_panel"
"""The rest of the page is looked at in tests/accessibility."""


def bookmarks(file: Path) -> list[str]:
    return [str(one["/Title"]) for one in PdfReader(file).outline if not isinstance(one, list)]


def download(page: Page) -> tuple[str, Path]:
    with page.expect_download() as found:
        page.get_by_role("button", name=re.compile("^Download (PDF|ZIP)")).click()
    return found.value.suggested_filename, found.value.path()


def test_a_student_gets_a_report_from_their_page(walk: Visit, app: App) -> None:
    with app.owner() as owner:
        row = owner.execute(
            "select id::text, full_name from school.student join school.class_student "
            "on student_id = id where class_id = %s order by full_name limit 1",
            (demo.CLASS_ONE,),
        ).fetchone()
    assert row is not None
    page = walk(demo.TEACHER_ONE, f"/student?student={row[0]}")
    page.get_by_role("link", name="Report", exact=True).click()
    page.get_by_text("Lines for signatures").click()
    page.get_by_role("button", name="Make the report").click()
    name, file = download(page)
    assert name.startswith(str(row[1]))
    assert bookmarks(file) == [row[1]]


def test_a_class_gets_reports_of_who_is_shown(walk: Visit) -> None:
    page = walk(demo.TEACHER_ONE, f"/classroom?class={demo.CLASS_ONE}&name=an")
    expect(page.get_by_text(re.compile(r"Showing \d+ of"))).to_be_visible()
    names = page.locator("[role=rowheader] a, th[scope=row] a").all_inner_texts()
    assert 1 < len(names) < 20
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name=f"Make {len(names)} reports").click()
    expect(page.get_by_text("The file is ready.")).to_be_visible()
    assert violations(page, PANEL) == []
    name, file = download(page)
    assert name.startswith("Mathematics 9A reports ")
    # Among all that are in reach somebody has a namesake.
    assert sorted(each.partition(" (")[0] for each in bookmarks(file)) == sorted(names)
    # Another choice of students is another report.
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_role("button", name="Make 28 reports")).to_be_visible()


def test_a_large_class_gets_a_zip_whose_making_can_be_cancelled(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_TWO, f"/classroom?class={demo.COHORT}", dark=True)
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_text("So many reports come as a ZIP")).to_be_visible()
    page.get_by_role("button", name="Make 500 reports").click()
    expect(page.get_by_text(re.compile(r"^\d+ of 500 students"))).to_be_visible()
    assert violations(page, PANEL) == []
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Make 500 reports")).to_be_visible()
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
