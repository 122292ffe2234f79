"""Every page over a school whose every text is an attack: nothing runs, no request leaves."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from dashboard.views.classroom.arrange_and_export import PANELS
from dashboard.views.module.sections import SECTIONS as OF_MODULE
from dashboard.views.school.sections import SECTIONS as OF_SCHOOL
from dashboard.views.student.sections import SECTIONS as OF_STUDENT
from dashboard.web import wire
from tests.browser import hostile
from tests.browser.hostile import ADMIN, COORDINATOR, HOSTILE_CLASS, PAYLOADS, TEACHER
from tests.browser.watched import Watched
from tests.browsing import ASKED, App, cell_panel, focus, leads, serving
from tests.machine import until
from tests.profiles import by_turns, chosen

FIRST, SECOND = hostile.STUDENTS[:2]
CLASS = f"class={HOSTILE_CLASS}"

Watching = Callable[..., Watched]


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with serving(tmp_path_factory.mktemp("hostile")) as app:
        hostile.fill(app)
        yield app


@pytest.fixture(scope="module")
def watched(chromium: Browser, school: App) -> Iterator[Watching]:
    """`watched(person, has_policy=False)`: in one of two browsers, with the page's policy and without."""
    browsers = {has: chromium.new_context(bypass_csp=not has) for has in (True, False)}
    for one in browsers.values():
        one.add_init_script(ASKED)

    def watching(person: UUID | None, *, has_policy: bool = True) -> Watched:
        context = browsers[has_policy]
        context.clear_cookies()
        if person is not None:
            context.add_cookies([{"name": wire.PERSON, "value": str(person), "url": school.url}])
        return Watched(context, school.url)

    yield watching
    for context in browsers.values():
        context.close()


def of_class(watch: Watched, panels: tuple[str, ...] = ()) -> None:
    """The class page with these panels and a cell's panel open, one after another."""
    page = watch.open(f"/classroom?{CLASS}")
    for panel in panels:
        page.get_by_role("button", name=panel, exact=True).click()
        watch.look(f"panel {panel}")
    focus(page.locator("[role=grid] [tabindex='0']").first)
    page.keyboard.press("Control+Home")
    for _ in range(leads(page)):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(cell_panel(page)).to_be_visible()
    watch.look("panel")


def of_teachers(watch: Watched) -> None:
    watch.open("/overview")
    of_class(watch, tuple(PANELS))
    watch.open(f"/student?student={FIRST}&module={hostile.COURSE}")
    watch.open(f"/module?{CLASS}&module={hostile.COURSE}")
    watch.open(f"/trends?{CLASS}&module={hostile.COURSE}")


def of_coordinators(watch: Watched) -> None:
    if chosen(sample=False, nightly=True):  # the teacher's is looked at
        of_class(watch)
    watch.open(f"/student?student={FIRST}&module={hostile.ASSESSMENT}")
    for section in OF_STUDENT[1:]:
        watch.go_to(section.title)
    # A project, and a type that nobody knows.
    for module in by_turns(hostile.MODULES[2:4], 1):
        watch.open(f"/student?student={FIRST}&module={module}")
    watch.open(f"/module?{CLASS}&module={hostile.ASSESSMENT}&show=scores")
    watch.open(f"/module?{CLASS}&module={hostile.COURSE}")
    for part in OF_MODULE[1:]:
        if part.key != "scores":
            watch.go_to(part.title)
    watch.open(f"/history?student={SECOND}")
    watch.open("/history?show=saves")
    page = watch.page
    page.get_by_role("link", name=re.compile("^Undo|changes?$|row")).first.click()
    watch.look("one save")
    watch.open(f"/edit?student={SECOND}&module={hostile.MODULES[5]}")
    watch.open(f"/grid?{CLASS}")
    watch.open(f"/bulk?{CLASS}")
    of_school(watch)
    watch.open("/upload")
    watch.open("/check")
    page.locator("a[href*='kind=']").first.click()
    watch.look("one kind")


def of_school(watch: Watched) -> None:
    """Its sections, and a form of each kind, with its lists of classes, modules and colleagues."""
    watch.open(f"/school?{CLASS}")
    for section in OF_SCHOOL:
        if "coordinator" in section.roles:
            watch.go_to(section.title)
    watch.go_to("Changes")
    watch.page.get_by_role("table", name="Changes of the school").get_by_role("link").click()
    watch.look("one change of the school")
    forms = (
        f"students&student={FIRST}",
        f"students&student={FIRST}&merge={SECOND}",
        f"modules&module={hostile.COURSE}",
        f"staff&colleague={TEACHER}",
    )
    for form in chosen(sample=forms[1:3], nightly=forms):
        watch.open(f"/school?show={form}")


def of_what_is_begun(watch: Watched) -> None:
    """Previews of the school, which nobody leaves unasked: of several classes, and of a list of people."""
    page = watch.open("/school?show=classes")
    page.get_by_role("button", name="Choose all").click()
    page.get_by_role("textbox", name="School year").fill("2027/28")
    watch.look("what is done with several classes")
    page.get_by_role("button", name="Preview").click()
    told(watch, "What changes")
    watch.go_to("From a file")
    page.get_by_label("Or paste a list with its headings").fill(hostile_list())
    page.get_by_role("button", name="Check pasted list").click()
    told(watch, "Lines of the file")
    page.get_by_role("button", name=re.compile("^Preview")).click()
    told(watch, "What changes")


def hostile_list() -> str:
    """Of people, of whom each heading, name and class is hostile."""
    lines = io.StringIO()
    heading = hostile.ALL.replace("@", "")  # a line with an e-mail is none of headings
    rows = [("Name", "Class", heading), *((text, text, text) for text in PAYLOADS)]
    csv.writer(lines).writerows(rows)
    return lines.getvalue()


def of_administrators(watch: Watched) -> None:
    page = watch.open("/school?show=data-protection")
    page.get_by_role("textbox", name="Find a student").fill("script")
    page.get_by_role("textbox", name="Find a student").press("Enter")
    told(watch, "Students found")
    watch.open(f"/school?show=data-protection&student={FIRST}")
    watch.open(f"/student?student={FIRST}")
    watch.open(f"/school?show=data-protection&student={FIRST}&seen=yes")
    told_in = watch.page.get_by_role("table", name="Who has seen it, newest first", exact=True)
    expect(told_in.get_by_text("Looked at").first).to_be_visible()


def told(watch: Watched, table: str) -> None:
    """The page once it has this table, with a text that wants to be more than text."""
    found = watch.page.get_by_role("table", name=table, exact=True)
    expect(found.get_by_text(PAYLOADS[0]).first).to_be_visible()
    watch.look(table)


def test_no_stored_text_runs_and_no_request_leaves(watched: Watching) -> None:
    teacher = watched(TEACHER, has_policy=False)
    of_teachers(teacher)
    assert teacher.verdict() == ([], [], [])
    coordinator = watched(COORDINATOR)
    of_coordinators(coordinator)
    of_what_is_begun(coordinator)
    admin = watched(ADMIN)
    of_administrators(admin)
    nobody = watched(None)
    nobody.open("/")
    for one in (coordinator, admin, nobody):
        assert one.verdict() == ([], [], [])
    all_of_them = {"teacher": teacher, "coordinator": coordinator, "admin": admin}
    pairs = {(who, *pair) for who, watch in all_of_them.items() for pair in watch.pairs}
    # Else the above says nothing: the texts were there to be read.
    places = {place for _, _, place in pairs}
    unread = set(PAYLOADS) - {text for _, text, _ in pairs}
    assert not unread, (len(pairs), unread)
    enough = chosen(sample=550, nightly=700)
    assert len(pairs) > enough, f"{len(pairs)} pairs of payload and page on {sorted(places)}"


@pytest.mark.parametrize("has_policy", [True, False])
def test_the_watch_sees_what_it_is_there_to_see(watched: Watching, has_policy: bool) -> None:
    """The control: the same texts as markup, with the policy and without it."""
    watch = watched(TEACHER, has_policy=has_policy)
    page = watch.open("/overview")
    page.evaluate(
        "(all) => document.body.append(document.createRange().createContextualFragment(all))",
        "".join(text for text in PAYLOADS if "refresh" not in text and "<base" not in text),
    )
    page.wait_for_timeout(300)  # with the policy nothing runs: by then it would
    until(
        lambda: (
            page.evaluate("window.__pwned") == (None if has_policy else 1) and bool(watch.strangers)
        )
    )
    watch.look("control")
    ran = "a script ran on control" in watch.happened
    assert any("leads to" in one for one in watch.happened)
    assert ran is not has_policy
    assert watch.strangers  # the policy's refusal is told here too
    assert any("Content Security Policy" in one for one in watch.happened) is has_policy
