"""A coordinator keeps a correction in a cell's panel, the platform writes over it in vain, and it is released."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from data import demo
from tests.browsing import App, Visit


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


def a_cell(app: App) -> tuple[str, str, str]:
    """Id and name of a student of class one and the class's first module, in progress at 40 %."""
    with app.owner() as owner:
        row = owner.execute(
            """
            update public.student_module_progress as progress
            set status = 'InProgress', progress_percentage = 40, completed_at = null
            from school.student
            where student.id = progress.student_id
                and (progress.student_id, progress.module_id) = (
                    select student_id, module_id
                    from public.student_module_progress
                    join school.class_student using (student_id)
                    join school.class_module using (class_id, module_id)
                    where class_id = %s
                    order by position, student_id desc
                    limit 1
                )
            returning student.id::text, progress.module_id::text, student.full_name
            """,
            (demo.CLASS_ONE,),
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1]), str(row[2])


def open_cell(page: Page, name: str) -> None:
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name))
    row.locator("[role=gridcell]").first.click()


def test_a_kept_correction_outlives_the_platform_until_it_is_released(
    visit: Visit, app: App
) -> None:
    student, module, name = a_cell(app)
    page = visit(demo.COORDINATOR_ONE, f"/classroom?class={demo.CLASS_ONE}")
    open_cell(page, name)
    panel = page.get_by_role("dialog")
    panel.get_by_role("tab", name="Keep").click()
    panel.get_by_role("button", name="Keep something here").click()
    panel.get_by_role("button", name="Percentage: 40 %").click()
    expect(panel.get_by_text("belong together: status and completed date")).to_be_visible()
    why = panel.get_by_role("textbox", name="Why it is to stand")
    why.fill("Shown to me on paper")
    why.press("Enter")
    panel.get_by_role("button", name="Keep this").click()
    expect(panel.get_by_text("The platform can no longer change it")).to_be_visible()
    assert platform_writes(app, student, module, 90) == 40
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_have_count(0)
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=name))
    expect(row.locator("[role=gridcell]").first).to_have_accessible_name("xx")
    open_cell(page, name)
    panel.get_by_role("tab", name="Keep").click()
    expect(panel.get_by_text("The platform tried to set the percentage to 90 %")).to_be_visible()
    panel.get_by_role("button", name="Release").click()
    expect(panel.get_by_text("Released.")).to_be_visible()
    assert platform_writes(app, student, module, 91) == 91
