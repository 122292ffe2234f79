"""The page teachers live in: by keyboard, live, arranged, kept and taken along."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from data import demo
from tests.browsing import FIRST_CELL, App, Visit, cell_panel, focus, leads, press, settle
from tests.machine import slower
from tests.profiles import by_turns

CLASS = f"/classroom?class={demo.CLASS_ONE}"


LEAVE = """(to) => {
    history.pushState({}, "", to);
    dispatchEvent(new PopStateEvent("popstate", { state: {} }));
}"""


@pytest.fixture
def cell(app: App) -> tuple[str, str, str]:
    """A student in progress with the first module of class one, at 40 %: ids and the student's name."""
    with app.owner() as owner:
        row = owner.execute(
            """
            insert into public.student_module_progress (
                student_id, module_id, status, progress_percentage
            )
            select student.id, class_module.module_id, 'InProgress', 40
            from school.class_student
            join school.student on student.id = class_student.student_id
            join school.class_module on class_module.class_id = class_student.class_id
            where class_student.class_id = %s and class_module.position = (
                select min(position) from school.class_module where class_id = %s
            )
            order by student.full_name
            limit 1
            on conflict (student_id, module_id) do update
            set status = 'InProgress', progress_percentage = 40, completed_at = null
            returning student_id::text, module_id::text,
                (select full_name from school.student where id = student_id)
            """,
            (demo.CLASS_ONE, demo.CLASS_ONE),
        ).fetchone()
    assert row is not None
    return str(row[0]), str(row[1]), str(row[2])


def percentage(app: App, cell: tuple[str, str, str], value: int) -> None:
    with app.owner() as owner:
        owner.execute(
            "update public.student_module_progress set progress_percentage = %s "
            "where student_id = %s and module_id = %s",
            (value, cell[0], cell[1]),
        )


def row_of(page: Page, cell: tuple[str, str, str]) -> str:
    """The selector of the student's cell in the first module."""
    place = page.locator("tr").filter(has=page.locator(f"a[href$='{cell[0]}']"))
    return f"tr[aria-rowindex='{place.get_attribute('aria-rowindex')}'] {FIRST_CELL}"


def test_a_keyboard_alone_finds_a_student_reads_a_cell_and_goes_by_its_panel_to_them_and_back(
    visit: Visit, cell: tuple[str, str, str]
) -> None:
    page = visit(demo.TEACHER_ONE, CLASS)
    box = page.get_by_role("searchbox", name="Student name")
    focus(box)
    page.keyboard.type(cell[2])
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"Showing [12] of"))).to_be_visible()
    focus(page.locator("[role=grid] [tabindex='0']").first)
    page.keyboard.press("Control+Home")
    for _ in range(leads(page)):
        page.keyboard.press("ArrowRight")
    focused = page.locator("*:focus")
    expect(focused).to_have_attribute(
        "aria-label", re.compile(f"^{cell[2]}, .+: in progress, 40 %")
    )
    page.keyboard.press("Enter")
    panel = cell_panel(page)
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading", name="What changed lately")).to_be_visible()
    expect(panel.get_by_role("tab", name="Correct")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator("*:focus")).to_have_attribute("aria-label", re.compile(f"^{cell[2]}, "))
    page.keyboard.press("Enter")
    panel.get_by_role("link", name="Open the student").press("Enter")
    expect(page.locator("h1")).to_have_text(cell[2])
    expect(page.get_by_role("table", name="Modules")).to_be_visible()
    page.go_back()
    expect(page.get_by_text(re.compile(r"Showing [12] of"))).to_be_visible()
    expect(page).to_have_url(re.compile(str(demo.CLASS_ONE)))


def test_what_somebody_else_changes_appears_without_a_reload(
    walk: Visit, app: App, cell: tuple[str, str, str]
) -> None:
    page = walk(demo.TEACHER_ONE, CLASS)
    expect(page.get_by_role("grid")).to_be_visible()
    place = row_of(page, cell)
    expect(page.locator(place)).to_have_attribute("aria-label", re.compile(", 40 %"))
    page.evaluate("window.notReloaded = true")
    percentage(app, cell, 63)
    changed = re.compile(", 63 %")
    expect(page.locator(place)).to_have_attribute("aria-label", changed, timeout=3000 * slower())
    assert page.evaluate("window.notReloaded")


def test_what_is_changed_before_the_page_hears_of_changes_appears_too(
    visit: Visit, app: App, cell: tuple[str, str, str]
) -> None:
    told = visit(demo.COORDINATOR_ONE, CLASS)
    page = visit(demo.TEACHER_ONE, "/help").context.new_page()
    asked: list[Route] = []
    page.route("**/live?*", lambda route: asked.append(route))
    page.goto(app.url + CLASS)
    place = page.locator(row_of(page, cell))
    expect(place).to_have_attribute("aria-label", re.compile(", 40 %"))
    settle(page)
    assert len(asked) == 1
    percentage(app, cell, 65)
    # By now whoever listens has been told of it.
    expect(told.locator(row_of(told, cell))).to_have_attribute("aria-label", re.compile(", 65 %"))
    asked[0].continue_()
    expect(place).to_have_attribute("aria-label", re.compile(", 65 %"))


def test_what_somebody_else_changes_keeps_nobody_from_leaving_for_another_page(
    visit: Visit, app: App, cell: tuple[str, str, str]
) -> None:
    page = visit(demo.TEACHER_ONE, "/help").context.new_page()
    late: list[str | bytes] = []
    browsers: list[WebSocketRoute] = []
    is_slow = False

    def answer_late(browser: WebSocketRoute) -> None:
        browsers.append(browser)
        server = browser.connect_to_server()
        server.on_message(lambda said: late.append(said) if is_slow else browser.send(said))

    page.route_web_socket("**/_stcore/stream", answer_late)
    page.goto(app.url + CLASS)
    expect(page.locator(row_of(page, cell))).to_have_attribute("aria-label", re.compile(", 40 %"))
    settle(page)
    is_slow = True
    page.evaluate(LEAVE, f"/student?student={cell[0]}")
    percentage(app, cell, 64)
    page.wait_for_timeout(3000)  # what is noticed is drawn a second later
    is_slow = False
    assert late
    for said in late:
        browsers[0].send(said)
    expect(page.locator("h1")).to_have_text(cell[2])


def test_a_name_that_somebody_corrects_appears_in_the_class_and_in_the_list_of_the_school(
    visit: Visit, app: App, cell: tuple[str, str, str]
) -> None:
    pages = [
        visit(demo.TEACHER_ONE, CLASS),
        visit(demo.COORDINATOR_ONE, f"/school?show=students&class={demo.CLASS_ONE}"),
    ]
    for page in pages:
        expect(page.get_by_role("link", name=cell[2], exact=True)).to_be_visible()
        settle(page)
    correct = "update school.student set full_name = %s where id = %s"
    with app.owner() as owner:
        owner.execute(correct, ("Aaron Corrected", cell[0]))
    for page in pages:
        expect(page.get_by_role("link", name="Aaron Corrected")).to_be_visible()
    with app.owner() as owner:
        owner.execute(correct, (cell[2], cell[0]))


def leading(page: Page) -> list[str]:
    """What is seen of each student and in all, beside a panel and without one."""
    seen = page.locator(f".mx-name, .mx-why, .mx-done, {FIRST_CELL}, .mx-total-done")
    return [text.strip() for text in seen.all_inner_texts()]


def test_an_edit_in_the_panel_stands_in_the_matrix_at_once(
    walk: Visit, cell: tuple[str, str, str]
) -> None:
    page = walk(demo.COORDINATOR_ONE, CLASS)
    expect(page.get_by_role("grid")).to_be_visible()
    place = row_of(page, cell)
    page.locator(place).click()
    panel = cell_panel(page)
    panel.get_by_role("tab", name="Correct").click()
    panel.get_by_text("Completed", exact=True).click()
    expect(panel.get_by_role("cell", name="100 %")).to_be_visible()
    panel.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(place)).to_have_attribute("aria-label", re.compile(", 100 %"))
    expect(panel.get_by_text("Saved: status In progress → Completed")).to_be_visible()
    expect(panel.get_by_role("button", name="Save", exact=True)).to_be_focused()
    settle(page)
    shown = leading(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Dismiss")).to_be_visible()
    expect(panel).to_be_hidden()
    settle(page)
    assert leading(page) == shown


def test_what_somebody_else_changes_is_shown_beside_an_open_panel_and_what_is_typed_there_stays(
    walk: Visit, app: App, cell: tuple[str, str, str]
) -> None:
    page = walk(demo.COORDINATOR_ONE, CLASS)
    place = row_of(page, cell)
    page.locator(place).click()
    panel = cell_panel(page)
    panel.get_by_role("tab", name="Correct").click()
    box = panel.get_by_role("textbox", name="Percentage")
    settle(page)
    page.wait_for_timeout(1000 * slower())  # whoever is told of changes has come to listen by then
    box.fill("57")  # and the field is not left
    percentage(app, cell, 64)
    expect(page.locator(place)).to_have_attribute("aria-label", re.compile(", 64 %"))
    settle(page)
    expect(box).to_be_focused()
    expect(box).to_have_value("57")
    page.keyboard.press("Escape")
    expect(page.get_by_text("You have unsaved changes in 1 row")).to_be_visible()
    with app.owner() as owner:
        owner.execute("delete from dashboard.draft")  # what was typed is kept


@pytest.mark.parametrize("way", by_turns(["Escape", "Close", "Back"], 1))
def test_what_is_being_typed_is_kept_however_the_panel_is_closed_and_the_page_stays(
    walk: Visit, app: App, cell: tuple[str, str, str], way: str
) -> None:
    page = walk(demo.COORDINATOR_ONE, CLASS)
    place = row_of(page, cell)
    page.locator(place).click()
    panel = cell_panel(page)
    panel.get_by_role("tab", name="Correct").click()
    panel.get_by_role("textbox", name="Percentage").fill("57")  # and the field is not left
    if way == "Back":
        page.go_back()
    elif way == "Close":
        panel.get_by_role("button", name="Close").click()
    else:
        page.keyboard.press("Escape")
    expect(page.get_by_text("You have unsaved changes in 1 row")).to_be_visible()
    expect(panel).to_be_hidden()
    expect(page).to_have_url(re.compile(re.escape(CLASS) + "$"))
    page.locator(place).click()
    expect(panel.get_by_role("textbox", name="Percentage")).to_have_value("57")
    panel.get_by_role("button", name="Discard draft").click()
    expect(panel.get_by_role("textbox", name="Percentage")).to_have_value("40")
    press(page, "Escape")
    expect(panel).to_be_hidden()
    with app.owner() as owner:
        assert owner.execute("select count(*) from dashboard.draft").fetchone() == (0,)


def test_a_panel_is_open_again_after_a_reload_and_one_step_back_closes_it(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, "/")
    page.get_by_role("table", name="My classes").get_by_role("link", name="Mathematics 9A").click()
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    address = page.url
    page.locator(FIRST_CELL).first.click()
    panel = cell_panel(page)
    expect(panel).to_be_visible()
    settle(page)
    name = panel.get_by_role("heading").first.inner_text()
    page.reload()
    expect(panel.get_by_role("heading").first).to_have_text(name)
    settle(page)
    page.go_back()
    expect(panel).to_be_hidden()
    settle(page)
    expect(page).to_have_url(address)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Overview")


def test_a_panel_that_is_closed_gives_up_its_step_back_after_a_reload_too(visit: Visit) -> None:
    page = visit(demo.TEACHER_ONE, "/")
    page.get_by_role("table", name="My classes").get_by_role("link", name="Mathematics 9A").click()
    expect(page.get_by_role("grid")).to_be_visible()
    page.locator(FIRST_CELL).first.click()
    expect(cell_panel(page)).to_be_visible()
    press(page, "Escape")
    settle(page)
    page.reload()
    expect(page.get_by_role("grid")).to_be_visible()
    settle(page)
    expect(cell_panel(page)).to_be_hidden()
    page.go_back()
    expect(page.locator("h1")).to_have_text("Overview")


def test_sorting_is_in_the_address_and_survives_a_reload(walk: Visit) -> None:
    page = walk(demo.TEACHER_ONE, CLASS)
    head = page.get_by_role("columnheader", name=re.compile("^Completed"))
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(page).to_have_url(re.compile("sort=-completion"))
    page.reload()
    expect(head).to_have_attribute("aria-sort", "descending")


def test_a_default_view_opens_the_page_and_the_last_one_comes_back(visit: Visit, app: App) -> None:
    page = visit(demo.TEACHER_ONE, f"{CLASS}&type=assessment")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("textbox", name="Name this view").fill("Tests only")
    page.get_by_role("textbox", name="Name this view").press("Enter")
    page.get_by_role("button", name="Save view").click()
    page.get_by_role("button", name="Make default").click()
    expect(page.get_by_role("button", name="No default")).to_be_visible()
    afresh = visit(demo.TEACHER_ONE, "/classroom")
    expect(afresh.get_by_text("modules of type assessment")).to_be_visible()
    afresh.get_by_role("button", name="Clear all").click()
    expect(afresh.get_by_text("modules of type assessment")).to_have_count(0)
    afresh.get_by_role("link", name="Overview").click()
    expect(afresh.locator("h1")).to_have_text("Overview")
    afresh.get_by_role("link", name="Class", exact=True).click()
    expect(afresh.locator("h1")).to_have_text("Mathematics 9A")
    expect(afresh.get_by_text("modules of type assessment")).to_have_count(0)
    with app.owner() as owner:
        owner.execute("delete from dashboard.saved_view")


def test_the_file_holds_what_the_screen_shows(walk: Visit, tmp_path: Path) -> None:
    page = walk(demo.TEACHER_ONE, f"{CLASS}&type=assessment&sort=-completion")
    expect(page.get_by_role("grid")).to_be_visible()
    heads = page.locator("[role=rowheader] a").all_inner_texts()
    names = [head.partition("\n")[0] for head in heads]  # below it what tells it from another's
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download CSV").click()
    file = tmp_path / "export.csv"
    downloading.value.save_as(file)
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row[0] for row in rows[1 : len(names) + 1]] == names
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Make Excel file").click()
        page.get_by_role("button", name=re.compile("Download Excel file")).click()
    assert downloading.value.suggested_filename.endswith(".xlsx")
