"""Putting back: after a save, from the history, one cell; and the class as it stood."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.browsing import FIRST_CELL, App, Visit, cell_panel, focus, go_to, press

Cell = tuple[str, str, str, str]


@pytest.fixture
def cell(app: App) -> Cell:
    """A course in progress at 40 %: the student's and the module's ids and names."""
    with app.owner() as owner:
        row = owner.execute(
            """
            update public.student_module_progress as progress
            set progress_percentage = 40, score = null
            from school.student, public.modules
            where student.id = progress.student_id
                and modules.id = progress.module_id
                and (progress.student_id, progress.module_id) = (
                    select student_id, module_id
                    from public.student_module_progress
                    join public.modules on modules.id = module_id
                    join school.class_student using (student_id)
                    where class_id = %s and status = 'InProgress' and lower(type) = 'course'
                    order by 1 desc, 2 desc
                    limit 1
                )
            returning student.id::text, modules.id::text, student.full_name, modules.name
            """,
            (demo.CLASS_ONE,),
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1]), str(row[2]), str(row[3])


def percentage(app: App, cell: Cell) -> object:
    with app.owner() as owner:
        row = owner.execute(
            "select progress_percentage from public.student_module_progress "
            "where student_id = %s and module_id = %s",
            cell[:2],
        ).fetchone()
    assert row is not None
    return row[0]


def save(page: Page, value: str) -> None:
    """In the form that is open."""
    box = page.get_by_role("textbox", name="Percentage", exact=True)
    box.fill(value)
    box.press("Enter")
    expect(page.get_by_role("cell", name=f"{value} %")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile("Saved: percentage"))).to_be_visible()


def notice(page: Page) -> Locator:
    return page.get_by_role("region", name="Just saved")


def in_matrix(page: Page, cell: Cell) -> Locator:
    """The student's cell in the module, on the class page narrowed to that module."""
    row = page.locator("tr").filter(has=page.locator(f"a[href$='{cell[0]}']"))
    return row.locator(FIRST_CELL)


def test_a_save_is_undone_from_its_notice_and_the_undo_is_undone(
    walk: Visit, app: App, cell: Cell
) -> None:
    where = f"/classroom?class={demo.CLASS_ONE}&module={cell[1]}"
    page = walk(demo.COORDINATOR_ONE, where)
    in_matrix(page, cell).click()
    panel = cell_panel(page)
    panel.get_by_role("tab", name="Correct").click()
    save(page, "73")
    press(page, "Escape")
    expect(panel).to_be_hidden()
    expect(in_matrix(page, cell)).to_contain_text("73")
    expect(notice(page)).to_contain_text("Saved: 1 change.")
    for standing in ("40", "73"):
        notice(page).get_by_role("link", name="Undo").press("Enter")
        expect(page.get_by_role("table", name="What will change")).to_contain_text(
            f"→ {standing} %"
        )
        page.get_by_role("button", name="Undo 1 change").click()
        expect(page.get_by_text("All of it has been undone.")).to_be_visible()
        assert percentage(app, cell) == int(standing)
        expect(notice(page)).to_contain_text("Saved: 1 change.")
        expect(page).not_to_have_url(re.compile("undo="))
    page.get_by_role("link", name="Class", exact=True).click()
    expect(in_matrix(page, cell)).to_contain_text("73")
    notice(page).get_by_role("button", name="Dismiss").click()
    expect(notice(page)).to_have_count(0)


def test_an_undo_leads_from_the_panel_too_and_stops_where_somebody_was_faster(
    visit: Visit, app: App, cell: Cell
) -> None:
    page = visit(demo.COORDINATOR_ONE, f"/edit?student={cell[0]}&module={cell[1]}")
    expect(notice(page)).to_have_count(0)
    save(page, "81")
    page.get_by_role("link", name="Undo this").click()
    expect(page.get_by_role("table", name="What will change")).to_contain_text("81 % → 40 %")
    with app.owner() as owner:
        owner.execute(
            "update public.student_module_progress set progress_percentage = 90 "
            "where student_id = %s and module_id = %s",
            cell[:2],
        )
    page.get_by_role("button", name="Undo 1 change").click()
    expect(page.get_by_text("Nothing has been saved yet")).to_be_visible()
    assert percentage(app, cell) == 90


def test_one_cell_is_restored_to_an_earlier_value(walk: Visit, app: App, cell: Cell) -> None:
    page = walk(demo.COORDINATOR_ONE, f"/edit?student={cell[0]}&module={cell[1]}")
    save(page, "66")
    go_to(page, f"/history?student={cell[0]}&module={cell[1]}")
    entry = page.get_by_role("row").filter(has_text="40 % → 66 %").first
    entry.get_by_role("link", name="Restore").click()
    expect(page.get_by_text("It is now: In progress, 66 %")).to_be_visible()
    page.get_by_role("button", name="Restore this value").click()
    expect(page.get_by_role("table", name="What will change")).to_contain_text("66 % → 40 %")
    page.get_by_role("button", name="Save 1 change").click()
    expect(page).not_to_have_url(re.compile("entry="))
    expect(page.get_by_role("table", name="Changes")).to_contain_text("66 % → 40 %")
    assert percentage(app, cell) == 40
    go_to(page, f"/history?student={cell[0]}&module={cell[1]}&source=restore")
    expect(page.get_by_role("row").filter(has_text="66 % → 40 %").first).to_be_visible()


def test_the_filters_of_the_history_are_in_the_url_and_a_reload_keeps_them(
    visit: Visit, cell: Cell
) -> None:
    page = visit(demo.TEACHER_ONE, "/history")
    page.get_by_role("combobox", name="Source").select_option("The student's own work")
    expect(page.get_by_text("whose source is “The student's own work”")).to_be_visible()
    page.get_by_role("searchbox", name="Student").fill(cell[2])
    expect(page).to_have_url(re.compile(r"student=|name="))
    page.get_by_role("button", name="More filters").click()
    page.get_by_label("From", exact=True).fill("2026-01-01")
    expect(page).to_have_url(re.compile("since=2026-01-01"))
    page.reload()
    expect(page.get_by_role("combobox", name="Source")).to_have_value("student")
    expect(page.get_by_role("searchbox", name="Student")).to_have_value(cell[2])
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("Showing all changes.")).to_be_visible()
    expect(page).not_to_have_url(re.compile("source="))
    expect(page.get_by_role("link", name="Restore", exact=True)).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_new_since_friday_is_one_key_away_and_back(
    visit: Visit, cell: Cell, width: int
) -> None:
    page = visit(demo.TEACHER_ONE, f"/history?student={cell[0]}", width=width)
    periods = page.get_by_role("navigation", name="Period")
    expect(periods.get_by_role("link", name="All")).to_have_attribute("aria-current", "page")
    focus(periods.get_by_role("link", name="Since Friday"))
    press(page, "Enter")
    expect(page).to_have_url(re.compile("since=friday"))
    expect(page.get_by_text(re.compile("^Showing changes of .* from "))).to_be_visible()
    focus(periods.get_by_role("link", name="7 days"))
    press(page, "Enter")
    expect(page).to_have_url(re.compile("since=week"))
    page.go_back()
    expect(periods.get_by_role("link", name="Since Friday")).to_have_attribute(
        "aria-current", "page"
    )


def test_a_class_is_shown_as_it_stood_and_nothing_can_be_changed_there(
    walk: Visit, app: App, cell: Cell
) -> None:
    with app.owner() as owner:
        row = owner.execute(
            "select (max(at) at time zone 'Europe/Vienna')::date - 7 from dashboard.history"
        ).fetchone()
    assert row is not None
    day = row[0]
    page = walk(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}&module={cell[1]}")
    expect(in_matrix(page, cell)).to_contain_text("40")
    page.get_by_role("button", name="More filters").click()
    page.get_by_label("As it stood on").fill(str(day))
    expect(
        page.get_by_text(re.compile(r"As it stood at the end of .+\. Read only\. Who .+ today's\."))
    ).to_be_visible()
    expect(page).to_have_url(re.compile(f"day={day}"))
    page.get_by_role("searchbox", name="Student name").fill(cell[2])
    expect(page.get_by_text(re.compile(r"Showing [12] of"))).to_be_visible()
    expect(page).to_have_url(re.compile(f"day={day}"))
    in_matrix(page, cell).click()
    panel = cell_panel(page)
    expect(panel.get_by_text("This is today's value")).to_be_visible()
    expect(panel.get_by_role("tab", name="Correct")).to_have_count(0)
    press(page, "Escape")
    expect(panel).to_be_hidden()
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert download.value.suggested_filename.startswith(f"As of {day}, Mathematics 9A ")
    page.get_by_role("button", name="Back to today").click()
    expect(page.get_by_text("Read only.")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("day="))
    in_matrix(page, cell).click()
    expect(panel.get_by_role("tab", name="Correct")).to_be_visible()
