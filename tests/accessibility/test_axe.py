"""axe-core over every page in both themes, at desk and phone width."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from data import demo
from data.access.session import Actor, acting_as, connect
from data.database import embedded
from data.database.claims_keys import present_key
from data.reading.notes import Note, notes
from data.reading.students.students import students_of_class
from data.writing.notes import Content, correct, withdraw, write
from tests.browsing import App, Visit, in_both_themes, settle

PAGES = [
    *("overview", "classroom", "student", "edit", "bulk", "upload", "sign-in", "help"),
    *("history", "saves", "save", "undo", "restore", "past-day"),
    *("grid", "check", "check-kind"),
    *("student-time", "student-compared", "student-timeline", "student-report"),
    *("notes", "held"),
    *("module", "module-lessons"),
]


def path_of(page: str, app: App) -> str:
    if page.startswith("student-"):
        return f"{path_of('student', app)}&show={page.removeprefix('student-')}"
    if page in ("student", "edit"):
        with app.owner() as owner:
            row = owner.execute(
                "select student_id, module_id from public.student_module_progress "
                "join school.class_student using (student_id) "
                "where class_id = %s and status = 'InProgress' order by 1, 2 limit 1",
                (demo.CLASS_ONE,),
            ).fetchone()
        assert row is not None
        return f"/{page}?student={row[0]}&module={row[1]}"
    if page in ("notes", "held"):
        return path_to_noted(page, app)
    if page.startswith("module"):
        with app.owner() as owner:
            row = owner.execute(
                "select module_id from school.class_module join school.module on id = module_id "
                "where class_id = %s and lower(type) = 'course' order by position limit 1",
                (demo.CLASS_ONE,),
            ).fetchone()
        assert row is not None
        show = "lessons" if page == "module-lessons" else ""
        return f"/module?class={demo.CLASS_ONE}&module={row[0]}&show={show}&sort=-score"
    if page == "save":
        with app.owner() as owner:
            row = owner.execute(
                "select batch_id from dashboard.history join school.class_student "
                "using (student_id) where class_id = %s and batch_id is not null "
                "group by batch_id order by count(*) desc limit 1",
                (demo.CLASS_ONE,),
            ).fetchone()
        assert row is not None
        return f"/history?batch={row[0]}"
    if page in ("undo", "restore", "past-day"):
        return path_into_the_past(page, app)
    alone = {
        "overview": "/",
        "sign-in": "/",
        "upload": "/upload",
        "check": "/check",
        "check-kind": "/check?kind=score_out_of_range",
        "history": "/history",
        "saves": "/history?show=saves",
    }
    return alone.get(page, f"/{page}?class={demo.CLASS_ONE}")


def path_to_noted(page: str, app: App) -> str:
    """A student with a corrected and a withdrawn note of the coordinator's own, written once."""
    server = embedded.running(app.data_dir)
    assert server is not None
    database = connect(server.app_url, key=present_key(server.owner_url), pool_size=1)
    priya = Actor(demo.COORDINATOR_ONE, "", "", database=database)
    with acting_as(priya) as connection:
        student = students_of_class(connection, demo.CLASS_ONE)[0].id
    if not noted(priya, student):
        for text in ("A note", "Another"):
            assert write(priya, student, Content(text), key=uuid4()) is None
        newer, older = noted(priya, student)
        assert correct(priya, older, Content("A better note"), key=uuid4()) is None
        assert withdraw(priya, newer, key=uuid4()) is None
    priya.database.engine.dispose()
    return f"/student?student={student}&show={page}"


def noted(actor: Actor, student: UUID) -> list[Note]:
    with acting_as(actor) as connection:
        return [one for one in notes(connection, student) if one.author_id == actor.id]


def path_into_the_past(page: str, app: App) -> str:
    with app.owner() as owner:
        row = owner.execute(
            "select id, batch_id, student_id, module_id, at::date - 1 from dashboard.history "
            "where source = 'form' and student_id in "
            "(select student_id from school.class_student where class_id = %s) "
            "order by id desc limit 1",
            (demo.CLASS_ONE,),
        ).fetchone()
    assert row is not None
    entry, batch, student, module, day = row
    return {
        "undo": f"/history?batch={batch}&undo=1",
        "restore": f"/history?student={student}&module={module}&entry={entry}",
        "past-day": f"/classroom?class={demo.CLASS_ONE}&day={day}",
    }[page]


def violations(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return found


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_violations(visit: Visit, app: App, name: str, width: int) -> None:
    person = None if name == "sign-in" else demo.COORDINATOR_ONE
    page = visit(person, path_of(name, app), width=width)
    told = [
        f"{scheme}, {one['id']}: {one['help']}\n  "
        + "\n  ".join(
            node["html"][:200] + " " + node["failureSummary"][:200] for node in one["nodes"][:4]
        )
        for scheme in in_both_themes(page)
        for one in violations(page)
    ]
    assert told == [], "\n".join(told)


@pytest.mark.parametrize("width", [1280, 390])
def test_the_notice_after_a_save_has_no_violations(visit: Visit, app: App, width: int) -> None:
    page = visit(demo.COORDINATOR_ONE, path_of("edit", app), width=width)
    settle(page)
    box = page.get_by_role("textbox", name="Percentage", exact=True)
    box.fill("34" if box.input_value() != "34" else "35")
    box.press("Enter")
    expect(page.get_by_role("table", name="What will change")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    notice = page.get_by_role("region", name="Just saved")
    for scheme in in_both_themes(page):
        expect(notice).to_contain_text("Saved")
        assert Axe().run(page, context=".sn").response["violations"] == [], scheme
