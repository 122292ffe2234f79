"""axe-core over every page of PAGES and what stands behind it, in both themes, at desk and phone width."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe
from playwright.sync_api import Page, expect

from dashboard.pages import PAGES
from dashboard.views.module.sections import SECTIONS as OF_MODULE
from dashboard.views.student.sections import SECTIONS as OF_STUDENT
from data import demo
from data.access.session import Actor, acting_as, connect
from data.database import embedded
from data.database.claims_keys import present_key
from data.reading.notes import Note, notes
from data.reading.students.students import students_of_class
from data.writing.notes import Content, correct, withdraw, write
from tests.browsing import App, Visit, in_both_themes, settle
from tests.profiles import chosen

WIDTHS = (1280, 390)
STATES = [
    "sign-in",
    *("saves", "save", "undo", "restore", "past-day", "check-kind"),
    *(f"student-{section.key}" for section in OF_STUDENT[1:]),
    *(f"module-{section.key}" for section in OF_MODULE[1:]),
]
"""What stands behind a page's first view."""

ADDRESSES = {
    "overview": "/",
    "sign-in": "/",
    "history": "/history",
    "saves": "/history?show=saves",
    "check-kind": "/check?kind=score_out_of_range",
}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
"""All that a theme can change."""

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


def violations(page: Page) -> list[str]:
    """In words: everything in light, and in dark what another colour can break."""
    return [told for scheme in in_both_themes(page) for told in violations_in(scheme, page)]


def violations_in(scheme: str, page: Page) -> list[str]:
    """Of the page as it stands."""
    options = COLOURS if scheme == "dark" else DEFAULT_OPTIONS
    return [
        f"{scheme}, {one['id']}: {one['help']}\n  "
        + "\n  ".join(
            node["html"][:200] + " " + node["failureSummary"][:200] for node in one["nodes"][:4]
        )
        for one in Axe().run(page, options=options).response["violations"]
    ]


@pytest.mark.parametrize(("at", "name"), enumerate(page.name for page in PAGES))
def test_a_page_has_no_violations_and_scrolls_one_way(
    visit: Visit, app: App, at: int, name: str
) -> None:
    """As wide as a desk, and the same page as narrow as a phone. In dark at one of the two, by turns;
    `--profile nightly` tries each at both."""
    page = visit(demo.COORDINATOR_ONE, path_of(name, app))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        in_dark = chosen(sample=width == WIDTHS[at % len(WIDTHS)], nightly=True)
        told = violations(page) if in_dark else violations_in("light", page)
        assert told == [], f"{width} pixels: " + "\n".join(told)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator(".rg").evaluate_all(TOO_WIDE) == []


@pytest.mark.parametrize(
    ("name", "widths"),
    [
        (name, chosen(sample=(WIDTHS[at % len(WIDTHS)],), nightly=WIDTHS))
        for at, name in enumerate(STATES)
    ],
    ids=STATES,
)
def test_what_stands_behind_a_page_has_no_violations(
    visit: Visit, app: App, name: str, widths: tuple[int, ...]
) -> None:
    """Opened at the width of a desk or of a phone in turn; `--profile nightly` tries each at both."""
    person = None if name == "sign-in" else demo.COORDINATOR_ONE
    for width in widths:
        told = violations(visit(person, path_of(name, app), width=width))
        assert told == [], f"{width} pixels: " + "\n".join(told)


def test_the_notice_after_a_save_has_no_violations(visit: Visit, app: App) -> None:
    page = visit(demo.COORDINATOR_ONE, path_of("edit", app))
    settle(page)
    box = page.get_by_role("textbox", name="Percentage", exact=True)
    box.fill("34" if box.input_value() != "34" else "35")
    box.press("Enter")
    expect(page.get_by_role("table", name="What will change")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    notice = page.get_by_role("region", name="Just saved")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in in_both_themes(page):
            expect(notice).to_contain_text("Saved")
            found = Axe().run(page, context=".sn").response["violations"]
            assert found == [], (width, scheme)
