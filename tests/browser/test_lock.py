"""A coordinator keeps a correction, the platform writes over it in vain, and the coordinator releases it."""

import re

from playwright.sync_api import Locator, Page, expect

from data import demo
from tests.browsing import FIRST_CELL, App, Visit, cell_panel


def platform_writes(app: App, student: str, module: str, percentage: int) -> int:
    """The platform computes a percentage; returns what the table holds then."""
    with app.owner() as owner:
        row = owner.execute(
            "update public.student_module_progress set progress_percentage = %s "
            "where student_id = %s and module_id = %s returning progress_percentage",
            (percentage, student, module),
        ).fetchone()
    assert row is not None
    return int(str(row[0]))


def a_cell(app: App) -> tuple[str, str]:
    """Ids of a student of class one and the class's first module, in progress at 40 %."""
    with app.owner() as owner:
        row = owner.execute(
            """
            update public.student_module_progress as progress
            set status = 'InProgress', progress_percentage = 40, completed_at = null
            where (progress.student_id, progress.module_id) = (
                    select student_id, module_id
                    from public.student_module_progress
                    join school.class_student using (student_id)
                    join school.class_module using (class_id, module_id)
                    where class_id = %s
                    order by position, student_id desc
                    limit 1
                )
            returning progress.student_id::text, progress.module_id::text
            """,
            (demo.CLASS_ONE,),
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1])


def cell_of(page: Page, student: str) -> Locator:
    """The student's cell in the class's first module."""
    row = page.locator("tr").filter(has=page.locator(f"a[href$='{student}']"))
    return row.locator(FIRST_CELL)


def open_panel(page: Page, student: str) -> Locator:
    cell_of(page, student).click()
    panel = cell_panel(page)
    panel.get_by_role("tab", name="Lock").click()
    return panel


def test_a_kept_correction_outlives_the_platform_until_it_is_released(
    visit: Visit, app: App
) -> None:
    student, module = a_cell(app)
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    panel = open_panel(page, student)
    panel.get_by_role("button", name="Lock a value here").click()
    panel.get_by_role("button", name="Percentage: 40 %").click()
    expect(panel.get_by_text("belong together: status and completed date")).to_be_visible()
    why = panel.get_by_role("textbox", name="Reason for locking")
    why.fill("Shown to me on paper")
    why.press("Enter")
    panel.get_by_role("button", name="Lock this").click()
    expect(panel.get_by_text("The platform cannot change it")).to_be_visible()
    assert platform_writes(app, student, module, 90) == 40
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()
    expect(cell_of(page, student)).to_have_accessible_name(re.compile("40 %.*locked"))
    open_panel(page, student)
    expect(panel.get_by_text("The platform tried to set the percentage to 90 %")).to_be_visible()
    panel.get_by_role("button", name="Unlock").click()
    expect(panel.get_by_text("Unlocked.")).to_be_visible()
    assert platform_writes(app, student, module, 91) == 91
