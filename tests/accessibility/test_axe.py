"""axe-core over every page of PAGES and what stands behind it, in both themes, at desk and phone width."""

import re
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from dashboard.pages import PAGES
from dashboard.views.module.sections import SECTIONS as OF_MODULE
from dashboard.views.school.sections import SECTIONS as OF_SCHOOL
from dashboard.views.student.sections import SECTIONS as OF_STUDENT
from data import demo
from data.access.session import Actor, acting_as, connect
from data.database import embedded
from data.database.claims_keys import present_key
from data.reading.notes import Note, notes
from data.reading.students.students import students_of_class
from data.writing.notes import Content, correct, withdraw, write
from tests.accessibility.axe import PHONE, looks, take, violations
from tests.browsing import FIRST_CELL, App, Visit, cell_panel, go_to_section

STATES = (
    *("sign-in", "saves", "save", "undo", "restore", "past-day", "check-kind"),
    *("module-scores", "new-student", "new-module", "new-colleague"),
)
"""What stands behind a page's first view, apart from the sections that it leads to."""

SECTIONS = {
    "student": [section.title for section in OF_STUDENT[1:]],
    "module": [section.title for section in OF_MODULE[1:] if section.key != "scores"],
    # The class that its address names is open, and not their list.
    "school": [section.title for section in (*OF_SCHOOL[1:], OF_SCHOOL[0])],  # for an administrator
}

ADDRESSES = {
    "overview": "/",
    "sign-in": "/",
    "history": "/history",
    "saves": "/history?show=saves",
    "check-kind": "/check?kind=score_out_of_range",
    "school-notes": f"/school?class={demo.CLASS_ONE}",
    "new-student": "/school?show=students&new=1",
    "new-module": "/school?show=modules&new=1",
    "new-colleague": "/school?show=staff&new=1",
}
TOO_WIDE = (
    "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 80))"
)
"""Tables that are cut off at the right."""


def path_of(name: str, app: App) -> str:
    """Where a page or a state of one is; a page that needs no more than a class is found by its name."""
    page, _, section = name.partition("-")
    if name in ("student-notes", "student-held"):
        return path_to_noted(section, app)
    if name in ("undo", "restore", "past-day"):
        return path_into_the_past(name, app)
    if page in ("student", "edit"):
        return path_to_student(page, app, section)
    if page == "module":
        return path_to_module(app, section)
    if name == "save":
        return path_to_save(app)
    return ADDRESSES.get(name, f"/{name}?class={demo.CLASS_ONE}")


def first(app: App, question: str, *bound: str) -> tuple[object, ...]:
    """The first row of an answer about the demo's first class."""
    with app.owner() as owner:
        row = owner.execute(question.encode(), (demo.CLASS_ONE, *bound)).fetchone()
    assert row is not None
    return row


def path_to_student(page: str, app: App, section: str) -> str:
    student, module = first(
        app,
        "select student_id, module_id from public.student_module_progress "
        "join school.class_student using (student_id) "
        "where class_id = %s and status = 'InProgress' order by 1, 2 limit 1",
    )
    return f"/{page}?student={student}&module={module}&show={section}"


def path_to_module(app: App, section: str) -> str:
    (module,) = first(
        app,
        "select module_id from school.class_module join school.module on id = module_id "
        "where class_id = %s and lower(type) = %s order by position limit 1",
        "assessment" if section == "scores" else "course",
    )
    return f"/module?class={demo.CLASS_ONE}&module={module}&show={section}&sort=-score"


def path_to_save(app: App) -> str:
    (batch,) = first(
        app,
        "select batch_id from dashboard.history join school.class_student "
        "using (student_id) where class_id = %s and batch_id is not null "
        "group by batch_id order by count(*) desc limit 1",
    )
    return f"/history?batch={batch}"


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


def path_into_the_past(name: str, app: App) -> str:
    entry, batch, student, module, day = first(
        app,
        "select id, batch_id, student_id, module_id, at::date - 1 from dashboard.history "
        "where source = 'form' and student_id in "
        "(select student_id from school.class_student where class_id = %s) "
        "order by id desc limit 1",
    )
    return {
        "undo": f"/history?batch={batch}&undo=1",
        "restore": f"/history?student={student}&module={module}&entry={entry}",
        "past-day": f"/classroom?class={demo.CLASS_ONE}&day={day}",
    }[name]


@pytest.mark.parametrize(("at", "name"), [*enumerate(page.name for page in PAGES)])
def test_a_page_has_no_violations_and_scrolls_one_way(
    walk: Visit, app: App, at: int, name: str
) -> None:
    """Each on a phone, and looked at there or at a desk, in one theme or the other, by turns."""
    page = walk(demo.COORDINATOR_ONE, path_of(name, app), width=PHONE)
    scrolls_one_way(page, PHONE)
    for look in looks(at):
        take(look, page)
        told = violations(page)
        assert told == [], f"{look}: " + "\n".join(told)
        scrolls_one_way(page, look.width)


def scrolls_one_way(page: Page, width: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".rg").evaluate_all(TOO_WIDE) == []


@pytest.mark.parametrize(("at", "name"), [*enumerate(STATES)])
def test_what_stands_behind_a_page_has_no_violations(
    visit: Visit, walk: Visit, app: App, at: int, name: str
) -> None:
    path = path_of(name, app)
    page = visit(None, path) if name == "sign-in" else walk(demo.COORDINATOR_ONE, path)
    for look in looks(at):
        take(look, page)
        told = violations(page)
        assert told == [], f"{look}: " + "\n".join(told)


@pytest.mark.parametrize("name", SECTIONS)
def test_the_sections_of_a_page_have_no_violations(walk: Visit, app: App, name: str) -> None:
    who = demo.ADMIN if name == "school" else demo.COORDINATOR_ONE
    page = walk(who, path_of(f"{name}-notes", app))
    for at, section in enumerate(SECTIONS[name]):
        go_to_section(page, section)
        for look in looks(at):
            take(look, page)
            told = violations(page, "main")
            assert told == [], f"{section}, {look}: " + "\n".join(told)


def luminance(colour: str) -> float:
    """Of a computed colour, as WCAG reckons it."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_chosen_tab_of_a_panel_can_be_read_in_the_dark(walk: Visit, app: App) -> None:
    """Behind what floats over the page axe cannot tell the background."""
    page = walk(demo.COORDINATOR_ONE, path_of("classroom", app), dark=True)
    page.locator(FIRST_CELL).first.click()
    chosen = cell_panel(page).get_by_role("tab", selected=True).locator("p")
    expect(chosen).to_have_text("What happened")
    colour = chosen.evaluate("e => getComputedStyle(e).color")
    behind = page.locator(".stApp").evaluate("e => getComputedStyle(e).backgroundColor")
    assert (luminance(colour) + 0.05) / (luminance(behind) + 0.05) > 4.5


def test_the_notice_after_a_save_has_no_violations(walk: Visit, app: App) -> None:
    page = walk(demo.COORDINATOR_ONE, path_of("edit", app))
    box = page.get_by_role("textbox", name="Percentage", exact=True)
    box.fill("34" if box.input_value() != "34" else "35")
    box.press("Enter")
    expect(page.get_by_role("table", name="What will change")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("region", name="Just saved")).to_contain_text("Saved")
    for look in looks(0, 3):
        take(look, page)
        assert violations(page, ".sn") == [], look


def test_what_was_found_from_any_page_has_no_violations(walk: Visit) -> None:
    page = walk(demo.COORDINATOR_ONE, "/")
    page.get_by_role("button", name="Search students").click()
    page.get_by_role("combobox", name="Students, classes and modules").fill("ma")
    expect(page.get_by_role("option").first).to_be_visible()
    for look in looks(0, 3):
        take(look, page)
        assert violations(page, ".se-box") == [], look
