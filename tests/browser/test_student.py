"""One student: into the details and back by keyboard, over time, day by day; what was stored stays text."""

from playwright.sync_api import expect
from psycopg.types.json import Jsonb

from data import demo
from tests.browsing import App, Visit

MARKUP = "<img src=x onerror=alert(1)> **bold**"


def test_a_teacher_unfolds_a_module_and_sees_how_it_came_to_this(visit: Visit, app: App) -> None:
    with app.owner() as owner:
        row = owner.execute(
            "select student_id, module_id, modules.name from dashboard.fact "
            "join school.class_student using (student_id) join public.modules on modules.id = module_id "
            "where class_id = %s and attempts >= 3 order by 1, 2 limit 1",
            (demo.CLASS_ONE,),
        ).fetchone()
        assert row is not None
        student, module, name = map(str, row)
        owner.execute(
            "update public.student_module_progress "
            "set progress_details = progress_details || %s where student_id = %s and module_id = %s",
            (Jsonb({MARKUP: MARKUP}), student, module),
        )
    page = visit(demo.TEACHER_ONE, f"/student?student={student}")
    attention = page.get_by_role("region", name="What needs attention")
    expect(attention).to_contain_text("Only staff can clear it.")

    heading = page.get_by_role("rowheader").get_by_role("button", name=name, exact=True)
    expect(heading).to_have_attribute("aria-expanded", "false")
    heading.press("Enter")
    expect(heading).to_have_attribute("aria-expanded", "true")
    expect(heading).to_be_focused()
    expect(page).to_have_url(f"{app.url}/student?student={student}&module={module}")
    beneath = page.get_by_role("group", name=name)
    expect(beneath).to_contain_text("lessons done")
    expect(beneath.get_by_role("cell", name=MARKUP)).to_be_visible()
    assert beneath.locator("img, script").count() == 0

    page.go_back()
    expect(heading).to_have_attribute("aria-expanded", "false")
    expect(beneath).to_have_count(0)

    ways = page.get_by_role("navigation", name="Sections of this page")
    ways.get_by_role("link", name="Over time").press("Enter")
    expect(page.get_by_role("heading", name="of the modules since")).to_be_visible()
    expect(ways.get_by_role("link", name="Over time")).to_have_attribute("aria-current", "page")
    expect(ways.get_by_role("link", name="Over time")).to_be_focused()
    page.get_by_text("The numbers as a table").click()
    expect(page.get_by_role("columnheader", name="Completed in all")).to_be_visible()

    ways.get_by_role("link", name="Timeline").click()
    expect(page.get_by_text("Open in History, to filter or export")).to_be_visible()
    attention.get_by_role("link").first.click()
    expect(page.get_by_role("rowheader").locator("[aria-expanded=true]")).to_be_in_viewport()


def test_the_menu_opens_by_mouse_at_320_pixels(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, "/student", width=320)
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(page.get_by_role("link", name="Import a file")).to_be_visible()


def test_the_menu_shows_where_the_focus_is(visit: Visit) -> None:
    page = visit(demo.COORDINATOR_ONE, "/student")
    menu = page.get_by_role("navigation", name="App pages")
    menu.get_by_role("link", name="Class", exact=True).press("Tab")
    focused = menu.get_by_role("link", name="Student", exact=True)
    expect(focused).to_be_focused()
    expect(focused).to_have_css("outline-style", "solid")
    expect(focused).to_have_css("outline-width", "2px")
