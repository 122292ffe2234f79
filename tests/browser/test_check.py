"""The data check in the browser: a fix for a chosen row, previewed and saved."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from data import demo
from tests.browsing import App, Visit, settle


@pytest.fixture
def broken(app: App) -> Iterator[None]:
    """Two completed courses of class one at 90 percent: the demo has no other."""
    with app.owner() as owner:
        owner.execute("delete from dashboard.dismissal")
        owner.execute(
            """
            update public.student_module_progress
            set progress_percentage = 90
            where (student_id, module_id) in (
                select student_id, module_id
                from public.student_module_progress
                join public.modules on modules.id = module_id
                join school.class_student using (student_id)
                where class_id = %s and lower(type) = 'course' and status = 'Completed'
                order by 1, 2
                limit 2
            )
            """,
            (demo.CLASS_ONE,),
        )
        yield
        owner.execute(
            "update public.student_module_progress set progress_percentage = 100 "
            "where status = 'Completed' and progress_percentage = 90 "
            "and module_id in (select id from public.modules where lower(type) = 'course')"
        )


def choose_first_row(page: Page) -> None:
    page.get_by_text("Rows that I choose").click()
    rows = page.get_by_role("combobox", name="Rows")
    rows.click()
    page.get_by_role("option").filter(has_text=": ").first.click()
    page.keyboard.press("Escape")


def test_a_fix_is_proposed_previewed_and_saved_and_the_count_falls(
    visit: Visit, broken: None
) -> None:
    page = visit(demo.COORDINATOR_ONE, "/check")
    page.get_by_role("link", name="Completed, but not at 100 percent").click()
    expect(page.get_by_text("2 rows. The module is completed")).to_be_visible()
    choose_first_row(page)
    page.get_by_role("button", name="Propose a fix").click()
    preview = page.get_by_role("table", name="What will change")
    expect(preview.get_by_role("cell", name="Percentage: 90 % → 100 %")).to_be_visible()
    page.get_by_role("button", name="Save 1 change").click()
    expect(page.get_by_text("1 row. The module is completed")).to_be_visible()


def test_what_can_be_mended_comes_first_and_the_rest_is_folded(visit: Visit, broken: None) -> None:
    page = visit(demo.COORDINATOR_ONE, "/check")
    mended = page.get_by_role("table", name="Status and percentage")
    expect(mended.get_by_role("link", name="Completed, but not at 100 percent")).to_be_visible()
    dates = page.get_by_role("table", name="Completed dates")
    expect(dates.get_by_role("row", name="Completed without a date")).to_contain_text(" students")
    rest = page.get_by_role("link", name="Progress in a module of no class")
    expect(rest).not_to_be_visible()
    settle(page)
    page.get_by_text("without an automatic fix, in").click()
    expect(rest).to_be_in_viewport()
    settle(page)
    rest.click()
    expect(page.get_by_text("There is no automatic fix for this kind.")).to_be_visible()
