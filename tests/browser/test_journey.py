"""The main job, from signing in to a saved edit that the teacher sees."""

import re

import pytest
from playwright.sync_api import Page, expect

from dashboard.web import wire
from data import demo
from tests.browsing import App, Visit
from tests.machine import until


@pytest.fixture
def student(app: App) -> tuple[str, str, str]:
    """Id and name of a student of class one with a course in progress, and that course's name."""
    with app.owner() as owner:
        row = owner.execute(
            """
            update public.student_module_progress as progress
            set progress_percentage = 40
            from school.student, public.modules
            where student.id = progress.student_id
                and modules.id = progress.module_id
                and (progress.student_id, progress.module_id) = (
                    select student_id, module_id
                    from public.student_module_progress
                    join public.modules on modules.id = module_id
                    join school.class_student using (student_id)
                    where class_id = %s and status = 'InProgress' and lower(type) = 'course'
                        -- two students of the class have the very same name
                        and student_id in (
                            select min(id::text)::uuid
                            from school.student
                            group by full_name
                            having count(*) = 1
                        )
                    order by 1, 2
                    limit 1
                )
            returning student.id::text, student.full_name, modules.name
            """,
            (demo.CLASS_ONE,),
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1]), str(row[2])


def fill(page: Page, label: str, value: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(value)
    box.press("Enter")


def test_a_coordinator_corrects_a_percentage_and_the_teacher_sees_it(
    visit: Visit, student: tuple[str, str, str]
) -> None:
    _, name, module = student
    page = visit(None)
    page.get_by_role("button", name=re.compile(r"Priya Hollingsworth")).click()
    page.get_by_role("table", name="My classes").get_by_role("link", name="Mathematics 9A").click()
    expect(page.locator("h1")).to_have_text("Mathematics 9A")
    page.get_by_role("searchbox", name="Student name").fill(name)
    expect(page.get_by_text("Showing 1 of")).to_be_visible()
    page.get_by_role("link", name=name).click()
    expect(page.locator("h1")).to_have_text(name)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=module, exact=True))
    row.get_by_role("link", name="Edit").click()
    expect(page.locator("h1")).to_have_text("Edit one")
    fill(page, "Percentage", "57")
    expect(page.get_by_role("cell", name="57 %")).to_be_visible()
    fill(page, "Reason", "Handed in on paper")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: percentage 40 % → 57 %.")).to_be_visible()

    page.reload()
    expect(page.get_by_role("textbox", name="Percentage", exact=True)).to_have_value("57")

    teacher = visit(demo.TEACHER_ONE, f"/student?student={student[0]}")
    row = teacher.get_by_role("row").filter(
        has=teacher.get_by_role("rowheader", name=module, exact=True)
    )
    expect(row.get_by_text("57 %")).to_be_visible()
    expect(teacher.get_by_role("link", name="Edit")).to_have_count(0)
    teacher.get_by_role("link", name="Timeline").click()
    expect(teacher.get_by_text("Handed in on paper")).to_be_visible()


def test_signing_out_survives_a_reload(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("Open it as one of them")).to_be_visible()
    until(lambda: wire.PERSON not in {one["name"] for one in page.context.cookies()})
    page.reload()
    expect(page.get_by_text("Open it as one of them")).to_be_visible()


def test_a_deep_link_signed_out_asks_who_is_there_first_and_is_opened_then(
    visit: Visit, student: tuple[str, str, str]
) -> None:
    link = f"/student?student={student[0]}&show=timeline"
    page = visit(None, link)
    expect(page.get_by_text("Open it as one of them")).to_be_visible()
    expect(page.get_by_text(student[1])).to_have_count(0)
    expect(page.get_by_role("navigation", name="App pages")).to_have_count(0)
    page.get_by_role("button", name=re.compile(r"Priya Hollingsworth")).click()
    expect(page.locator("h1")).to_have_text(student[1])
    expect(page).to_have_url(re.compile(re.escape(link) + "$"))
    expect(page).to_have_title(f"{student[1]} – Progress")
