"""The dashboard on a school's own database, in Chromium, while its platform writes."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.pages import PAGES
from dashboard.web.private import USER_COOKIE
from data.database.attaching.detach import detach
from tests.accessibility.axe import looks, take, violations
from tests.accounts import CONTACT, signed
from tests.browser import correcting
from tests.browser.attached import (
    ENROLLED,
    AttachedApp,
    Cell,
    by_status,
    completed,
    serving_attached,
)
from tests.browsing import Visitor, dress, go_to, settle
from tests.database.attached.attaching import asked, attached, nobody_told
from tests.database.attached.host import CLIENT, MODULE, PRODUCT, STUDENT, id_of
from tests.profiles import chosen

NORTH, SOUTH = id_of(CLIENT, 1), id_of(CLIENT, 2)
PAUSED = id_of(STUDENT, 41), id_of(MODULE, 2)
"""The platform's fourth status."""

ENTERED = f"""
insert into auth.users (id) values ('{id_of(STUDENT, 900)}');
insert into public.students (id, client_id, full_name) values ('{id_of(STUDENT, 900)}', '{NORTH}', 'New Here')
"""
BELIEVE = "update internal.claims_key set (id, inner_pad, outer_pad) = (%s, %s, %s)"

Walk = Callable[..., Page]


class Colleague(NamedTuple):
    """Somebody of the staff: of an institution or of all, and perhaps with one class alone."""

    email: str
    role: str
    client: UUID | None = None
    teaches: UUID | None = None

    def sees(self, cell: Cell) -> bool:
        """Is this one of theirs?"""
        return self.client in (None, cell.client) and self.teaches in (None, cell.class_id)


def mathematics(client: UUID) -> UUID:
    """That class of an institution."""
    both = f"{client}{id_of(PRODUCT, 1)}"
    return UUID(hashlib.md5(both.encode(), usedforsecurity=False).hexdigest())


COLLEAGUES: Final = {
    "coordinator": Colleague("staff20", "coordinator", NORTH),
    "administrator": Colleague("staff1", "admin"),
    "teacher": Colleague("staff6", "teacher", NORTH, mathematics(NORTH)),
    "viewer": Colleague("staff10", "viewer", SOUTH),
    "viewer of all": Colleague("staff9", "viewer"),
}

BY_DAY: Final = {
    "administrator": ("overview", "school"),
    "teacher": ("overview", "module"),
    "viewer": ("overview", "history"),
    "viewer of all": ("overview",),
}
"""The pages that are opened by day, where not all are: tests/database/attached/test_pages.py draws each."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AttachedApp]:
    with serving_attached(tmp_path_factory.mktemp("attached")) as one:
        yield one


@pytest.fixture(scope="module")
def walk(app: AttachedApp, chromium: Browser) -> Iterator[Walk]:
    """`walk("staff20", "/school")`: that page, signed in by that e-mail; the same browser each time."""
    visitors: dict[str, Visitor] = {}

    def walked(email: str, path: str = "/") -> Page:
        if email in visitors:
            page = visitors[email].page
            go_to(page, path)
            return page
        visitors[email] = Visitor.to(chromium)
        page = visitors[email].page
        dress(page)
        cookie = signed(app.url, app.service, email)
        page.context.add_cookies([{"name": USER_COOKIE, "value": cookie, "url": app.url}])
        page.goto(app.url + path)
        expect(page.locator("h1.words-h1")).to_be_visible(timeout=30_000)
        settle(page)
        return page

    yield walked
    foreign = [url for one in visitors.values() for url in one.foreign(app.url)]
    for one in visitors.values():
        one.page.context.close()
    assert foreign == []


def paths(who: Colleague) -> Mapping[str, str]:
    """Where the pages for somebody are: of a class, and of a student and an assessment there."""
    client = who.client or NORTH
    student = PAUSED[0] if client == NORTH else id_of(STUDENT, 75)
    of_class = f"?class={mathematics(client)}"
    of_module, of_cell = f"{of_class}&module={PAUSED[1]}", f"?student={student}&module={PAUSED[1]}"
    more = {"overview": "", "classroom": of_class, "student": of_cell, "module": of_module}
    more |= {"edit": of_cell, "grid": of_module, "bulk": of_module}
    return {
        page.name: f"/{page.name if more.get(page.name, '?') else ''}{more.get(page.name, '')}"
        for page in PAGES
        if who.role in page.roles
    }


def told(app: AttachedApp, who: Colleague) -> Mapping[str, list[str]]:
    """What the pages say of how many, by the platform's tables."""
    seen = [one for one in app.cells() if who.sees(one)]
    classes = defaultdict[UUID, list[Cell]](list)
    for one in seen:
        classes[one.class_id].append(one)
    here = classes[mathematics(who.client or NORTH)]
    of_module = [one for one in here if one.module == PAUSED[1]]
    of_student = {
        one.module: one for one in seen if str(one.student) in paths(who)["student"]
    }.values()
    people = [client for (client,) in asked(app.host, ENROLLED) if who.client in (None, client)]
    return {
        "overview": [
            f"{completed(some)} completed, {by_status(some)}" for some in classes.values()
        ],
        "classroom": [f"{completed(here)} of {len(here)} modules completed", by_status(here)],
        "student": [f"{completed(of_student)} of {len(of_student)} modules completed"],
        "module": [
            f"{completed(of_module)} of {len(of_module)} students completed",
            by_status(of_module),
        ],
        "history": ["Known since"],
        "grid": [f"{len(of_module)} rows of Mathematics"],
        "bulk": [f"{len(of_module)} students × 1 module"],
        "school": [f"{len(people)} students in"],
    }


def text_of(page: Page) -> str:
    return " ".join(page.get_by_test_id("stMain").inner_text().split())


@pytest.mark.parametrize("role", COLLEAGUES)
def test_every_page_opens_for_each_role_and_counts_what_the_platform_has(
    app: AttachedApp, walk: Walk, role: str
) -> None:
    who = COLLEAGUES[role]
    where = paths(who)
    for name in chosen(sample=BY_DAY.get(role, where), nightly=where):
        page = walk(who.email, where[name])
        text = text_of(page)
        assert "went wrong" not in text, name
        assert "The database is" not in text, name
        for sentence in told(app, who).get(name, ()):
            assert sentence in text, name


@pytest.mark.parametrize("email", ["staff2", "student7"])
def test_whom_the_platform_switched_off_and_who_is_a_student_sees_nothing(
    walk: Walk, email: str
) -> None:
    page = walk(email, f"/classroom?class={mathematics(NORTH)}")
    expect(page.locator("h1")).to_have_text("You do not have access")
    expect(page.get_by_text(f"Ask {CONTACT}.")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    assert "Student " not in text_of(page)


def test_a_coordinator_corrects_beside_the_platform_imports_locks_and_takes_along(
    app: AttachedApp, walk: Walk
) -> None:
    app.platform.writes(8, 3, 40)
    page = walk("staff20", correcting.FORM)
    correcting.against_the_platform(page, app)
    correcting.by_a_file(page, app)
    correcting.for_good(page, app)
    correcting.is_told_by_the_history(page)
    if chosen(sample=False, nightly=True):  # by day in tests/database/attached/test_pages.py
        correcting.makes_a_report(page)
    correcting.exports_what_the_platform_alone_knows(page, mathematics(NORTH))


def test_the_school_is_the_platforms_and_is_read_again_when_asked(
    app: AttachedApp, walk: Walk
) -> None:
    page = walk("staff1", "/school")
    expect(page.get_by_text("People, classes and modules are the platform’s here")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^Names as of \d\d:\d\d"))).to_be_visible()
    before = len(asked(app.host, ENROLLED))
    for number, statement in enumerate(
        (ENTERED, "alter table public.clients rename to institutions")
    ):
        app.host.spoil(statement)
        correcting.press(page, "Read it again now")
        expect(page.get_by_text(("Read again.", "could not be read")[number]).first).to_be_visible()
        expect(page.get_by_text(f"{before + 1} students in")).to_be_visible()
        expect(page.get_by_role("link", name=re.compile("^(Add|From a file)"))).to_have_count(0)
        for look in looks(number):
            take(look, page)
            assert violations(page) == [], look
    overview = walk("staff1")
    expect(overview.get_by_text("they could not be read again since")).to_be_visible()
    for look in looks(2):
        take(look, overview)
        assert violations(overview) == [], look
    app.host.spoil("alter table public.institutions rename to clients")


def test_detached_while_it_runs_it_says_so_and_attached_again_it_works(
    app: AttachedApp, walk: Walk
) -> None:
    """Last in this file: all that was saved here goes."""
    page = walk("staff20")
    page.goto(f"{app.url}/history")
    expect(page.get_by_text("Known since")).to_be_visible()
    (believed,) = asked(app.host, "select id, inner_pad, outer_pad from internal.claims_key")
    detach(app.host.owner_url, nobody_told)
    page.reload()
    expect(page.locator("h1")).to_have_text(re.compile("^The database is"))
    attached(app.host).engine.dispose()
    page.reload()
    expect(page.get_by_text("The database does not accept this app's signature.")).to_be_visible()
    asked(app.host, BELIEVE, *believed)
    correcting.press(page, "Try again")
    expect(page.locator("h1")).to_have_text("History")
    expect(page.get_by_text("Known since")).to_be_visible()
