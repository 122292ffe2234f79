"""Every page over a school whose every text is an attack: nothing runs, no request leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from dashboard.views.classroom.arrange_and_export import PANELS
from dashboard.views.module.sections import SECTIONS as OF_MODULE
from dashboard.views.school.sections import SECTIONS as OF_SCHOOL
from dashboard.views.student.sections import SECTIONS as OF_STUDENT
from dashboard.web import wire
from tests.browser import hostile
from tests.browser.hostile import COORDINATOR, HOSTILE_CLASS, PAYLOADS, TEACHER
from tests.browsing import App, go_to_section, serving, settle

FIRST, SECOND = hostile.STUDENTS[:2]
CLASS = f"class={HOSTILE_CLASS}"
# Everything on the page that a browser may fetch from, run, or follow.
LEADS_AWAY = """(home) => [...document.querySelectorAll("[href], [src], [action], [srcdoc]")]
    .map((one) => one.getAttribute("srcdoc") ?? one.href?.baseVal ?? one.href ?? one.src ?? one.action)
    .filter((to) => typeof to === "string" && to && !/^(#|data:image|blob:)/.test(to)
        && !to.startsWith(home))"""
# What a person could read: text, names for screen readers, values, and titles.
READABLE = """() => {
    const told = [document.body.textContent];
    for (const one of document.querySelectorAll("[aria-label], [title], input, textarea, option"))
        told.push(one.getAttribute("aria-label"), one.title, one.value, one.textContent);
    return told.filter(Boolean).join("\\n");
}"""


class Watched:
    """A page of one person whose every request, script, dialog and complaint is written down."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        # Nothing is stopped on its way: that would cost the browser its cache. It finds no host but this one.
        self.home = home
        self.strangers: list[str] = []
        self.happened: list[str] = []
        self.bare: list[str] = []
        self.pairs: set[tuple[str, str]] = set()
        self.page: Page = context.new_page()
        self.page.on("request", lambda request: self._ask(request.url))
        self.page.on("console", lambda message: self._say(message.text))
        self.page.on("dialog", self._dismiss)
        self.page.on(
            "response",
            lambda one: (
                None
                if not one.url.startswith(home) or "content-security-policy" in one.headers
                else self.bare.append(one.url)
            ),
        )

    def _dismiss(self, dialog: Dialog) -> None:
        self.happened.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _ask(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:")):
            self.strangers.append(url)

    def _say(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.happened.append(text)

    def open(self, path: str) -> Page:
        self.page.goto(self.home + path)
        expect(self.page.locator("h1.words-h1")).to_be_visible()
        self.look(path)
        return self.page

    def go_to(self, section: str) -> None:
        go_to_section(self.page, section)
        self.look(section)

    def look(self, place: str) -> None:
        """Judge the page as it stands now."""
        settle(self.page, 150)
        if self.page.evaluate("window.__pwned") is not None:
            self.happened.append(f"a script ran on {place}")
        away = self.page.evaluate(LEADS_AWAY, self.home)
        self.happened += [f"{place} leads to {one}" for one in away]
        told = squeezed(self.page.evaluate(READABLE))
        self.pairs |= {(text, place) for text in PAYLOADS if squeezed(text) in told}

    def verdict(self) -> tuple[list[str], list[str], list[str]]:
        return self.strangers, self.happened, self.bare


Watching = Callable[..., Watched]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with serving(tmp_path_factory.mktemp("hostile")) as app:
        hostile.fill(app)
        yield app


@pytest.fixture(scope="module")
def watched(chromium: Browser, school: App) -> Iterator[Watching]:
    """`watched(person, has_policy=False)`: in one of two browsers, with the page's policy and without."""
    browsers = {has: chromium.new_context(bypass_csp=not has) for has in (True, False)}

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
    page.locator("[role=grid] [tabindex='0']").first.focus()
    page.keyboard.press("Control+Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    watch.look("panel")


def of_teachers(watch: Watched) -> None:
    watch.open("/overview")
    of_class(watch, tuple(PANELS))
    watch.open(f"/student?student={FIRST}&module={hostile.COURSE}")
    watch.open(f"/module?{CLASS}&module={hostile.COURSE}")


def of_coordinators(watch: Watched) -> None:
    of_class(watch)
    watch.open(f"/student?student={FIRST}&module={hostile.ASSESSMENT}")
    for section in OF_STUDENT[1:]:
        watch.go_to(section.title)
    for module in hostile.MODULES[2:4]:  # a project, and a type that nobody knows
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
    for form in (
        f"students&student={FIRST}",
        f"students&student={FIRST}&merge={SECOND}",
        f"modules&module={hostile.COURSE}",
        f"staff&colleague={TEACHER}",
    ):
        watch.open(f"/school?show={form}")


def test_no_stored_text_runs_and_no_request_leaves(watched: Watching) -> None:
    teacher = watched(TEACHER, has_policy=False)
    of_teachers(teacher)
    assert teacher.verdict() == ([], [], [])
    coordinator = watched(COORDINATOR)
    of_coordinators(coordinator)
    nobody = watched(None)
    nobody.open("/")
    for one in (coordinator, nobody):
        assert one.verdict() == ([], [], [])
    both = (("teacher", teacher), ("coordinator", coordinator))
    pairs = {(who, *pair) for who, watch in both for pair in watch.pairs}
    # Else the above says nothing: the texts were there to be read.
    places = {place for _, _, place in pairs}
    unread = set(PAYLOADS) - {text for _, text, _ in pairs}
    assert not unread, (len(pairs), unread)
    assert len(pairs) > 700, f"{len(pairs)} pairs of payload and page on {sorted(places)}"


@pytest.mark.parametrize("has_policy", [True, False])
def test_the_watch_sees_what_it_is_there_to_see(watched: Watching, has_policy: bool) -> None:
    """The control: the same texts as markup, with the policy and without it."""
    watch = watched(TEACHER, has_policy=has_policy)
    page = watch.open("/overview")
    page.evaluate(
        "(all) => document.body.append(document.createRange().createContextualFragment(all))",
        "".join(text for text in PAYLOADS if "refresh" not in text and "<base" not in text),
    )
    page.wait_for_timeout(300)
    watch.look("control")
    ran = "a script ran on control" in watch.happened
    assert any("leads to" in one for one in watch.happened)
    assert ran is not has_policy
    assert watch.strangers  # the policy's refusal is told here too
    assert any("Content Security Policy" in one for one in watch.happened) is has_policy
