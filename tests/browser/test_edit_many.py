"""Correcting many in a browser: by pasted names, by a block of the matrix, by a file."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.accessibility.axe import violations
from tests.browser.progress_rows import put
from tests.browsing import FIRST_CELL, App, Visit, focus, in_menu, settle

CLASS = f"/classroom?class={demo.CLASS_ONE}"
Cell = tuple[str, str, str, str, str]


@pytest.fixture
def cells(app: App) -> Iterator[list[Cell]]:
    """Three students of class one, alone of their name, at 40 % of its first module: student, module, name,
    e-mail and the module's name. Put back afterwards."""
    with app.owner() as owner:
        rows = owner.execute(
            """
            select student.id::text, class_module.module_id::text, full_name, email, modules.name
            from school.class_student
            join school.student on student.id = student_id
            join school.class_module using (class_id)
            join public.modules on modules.id = module_id
            where class_id = %s
                and position = (
                    select min(position) from school.class_module where class_id = %s
                )
                and student.id in (
                    select min(id::text)::uuid from school.student group by full_name having count(*) = 1
                )
            order by full_name
            limit 3
            """,
            (demo.CLASS_ONE, demo.CLASS_ONE),
        ).fetchall()
        found: list[Cell] = [tuple(map(str, row)) for row in rows]  # type: ignore[misc]
        owner.execute("create temporary table before as table public.student_module_progress")
        put(app, found, 40)
        yield found
        for one in found:
            owner.execute(
                "delete from public.student_module_progress "
                "where student_id = %s and module_id = %s",
                one[:2],
            )
            owner.execute(
                "insert into public.student_module_progress select * from before "
                "where student_id = %s and module_id = %s",
                one[:2],
            )


def percentage(app: App, cell: Cell) -> object:
    with app.owner() as owner:
        (found,) = owner.execute(
            "select progress_percentage from public.student_module_progress "
            "where student_id = %s and module_id = %s",
            cell[:2],
        ).fetchall()
    return found[0]


def in_matrix(page: Page, cell: Cell) -> Locator:
    """The student's cell in the class's first module."""
    place = page.locator("tr").filter(has=page.locator(f"a[href$='{cell[0]}']"))
    return place.locator(FIRST_CELL)


def fill(page: Page, label: str | re.Pattern[str], value: str) -> None:
    box = page.get_by_role("textbox", name=label)
    box.fill(value)
    box.press("Control+Enter" if "\n" in value else "Enter")


def pick(page: Page, label: str | re.Pattern[str], *options: str) -> None:
    page.get_by_role("combobox", name=label).click()
    for option in options:
        page.get_by_role("option", name=option, exact=True).click()
    page.keyboard.press("Escape")


def save(page: Page, changes: str) -> None:
    expect(page.get_by_text("What will change")).to_be_visible()
    fill(page, re.compile("^Reason"), "Work on paper")
    page.get_by_role("button", name=f"Save {changes}", exact=True).click()
    expect(page.get_by_text(f"Saved: {changes}.").first).to_be_visible()


def test_names_are_pasted_one_misspelt_and_the_matrix_shows_what_was_saved(
    visit: Visit, cells: list[Cell]
) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    page.get_by_role("link", name="Correct many").click()
    page.get_by_text("By names, e-mails or ids").click()
    ann, ben, other = cells
    fill(page, "Names, e-mails or ids", f"{ann[2]}\n{ben[2]}x\n")
    expect(page.get_by_text("1 of 2 people recognised.")).to_be_visible()
    page.get_by_role("combobox", name=re.compile("Who is meant?")).click()
    page.get_by_role("option", name=re.compile(f"^{re.escape(ben[2])}")).click()
    expect(page.get_by_text("2 of 2 people recognised.")).to_be_visible()
    pick(page, "Modules", ann[4])
    pick(page, "What to set", "Percentage")
    fill(page, "Percentage", "63")
    expect(page.get_by_text("2 students × 1 module: 2 rows.")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("2 changes in 2 students.")).to_be_visible()
    expect(page.get_by_text("Percentage: 40 % → 63 %")).to_have_count(2)
    assert violations(page) == []
    save(page, "2 changes")
    page.get_by_role("link", name="Back to the class").click()
    for one, standing in ((ann, 63), (ben, 63), (other, 40)):
        expect(in_matrix(page, one)).to_have_attribute("aria-label", re.compile(f", {standing} %"))


def test_a_block_goes_along_from_page_to_page_until_it_is_corrected(
    visit: Visit, app: App, cells: list[Cell]
) -> None:
    page = visit(demo.COORDINATOR_ONE, CLASS)
    focus(page.locator(f"[aria-rowindex='2'] {FIRST_CELL}"))
    page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_role("button", name="Correct the 2 cells selected")).to_be_visible()
    in_menu(page, "Edit many").click()
    expect(page.get_by_text("2 students × 1 module: 2 rows.")).to_be_visible()
    assert violations(page) == []
    settle(page)
    link = page.url.removeprefix(app.url)
    in_menu(page, "Edit as a table").click()
    expect(page.get_by_text("Showing 2 rows of 2 students.")).to_be_visible()
    assert violations(page) == []
    in_menu(page, "Class").click()
    expect(page.locator("[role=gridcell][aria-selected=true]")).to_have_count(2)
    page.locator(f"[aria-rowindex='2'] {FIRST_CELL}").click(modifiers=["Shift"])
    page.locator(f"[aria-rowindex='4'] {FIRST_CELL}").click(modifiers=["Shift"])
    page.get_by_role("button", name="Correct the 3 cells selected").click()
    of_colleague = visit(demo.COORDINATOR_ONE, link)
    expect(of_colleague.get_by_text("2 students × 1 module: 2 rows.")).to_be_visible()
    expect(page.get_by_text("3 students × 1 module: 3 rows.")).to_be_visible()
    pick(page, "What to set", "Score")
    fill(page, "Score", "61.5")
    page.get_by_role("button", name="Preview").click()
    save(page, "3 changes")
    expect(page.get_by_text("The 3 cells selected in the class")).to_have_count(0)
    page.get_by_role("link", name="Back to the class").click()
    expect(page.get_by_role("grid")).to_be_visible()
    expect(page.get_by_role("link", name="Correct many")).to_be_visible()
    expect(page.locator("[role=gridcell][aria-selected=true]")).to_have_count(0)


def test_a_file_is_judged_its_problems_downloaded_and_the_rest_saved(
    visit: Visit, app: App, cells: list[Cell], tmp_path: Path
) -> None:
    (_, _, _, ann, module), (_, _, _, ben, _), (_, _, _, same, _) = cells
    file = tmp_path / "grades.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows(
            [
                ["E-mail", "Module", "Percentage"],
                [ann, module, "63"],
                [same, module, "40"],
                [ben, module, "lots"],
                ["nobody@example.org", module, "50"],
            ]
        )
    page = visit(demo.COORDINATOR_ONE, "/upload", dark=True)
    page.locator("input[type=file]").set_input_files(file)
    expect(
        page.get_by_text(
            "1 change, 1 line without a change, 1 line with a problem, 1 line with an unknown student."
        )
    ).to_be_visible()
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the problem lines").click()
    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as opened:
        headings, *lines = csv.reader(opened)
    assert headings[-2:] == ["Line", "Why not"]
    assert [line[0] for line in lines] == [ben, "nobody@example.org"]
    page.get_by_role("button", name="Preview 1 change").click()
    save(page, "1 change")
    assert [percentage(app, one) for one in cells] == [63, 40, 40]
