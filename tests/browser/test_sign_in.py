"""Signing in with accounts, in Chromium, against a sign-in service that lets in whom a test wants."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.web.private import USER_COOKIE
from tests import people
from tests.accessibility.axe import looks, take, violations
from tests.accounts import CONTACT, App, Service, serving_accounts, signed
from tests.browsing import Visitor, free_port
from tests.clusters import Cluster

SCORE, REASON = "37.25", "Handed in on paper"
OVER = "You were signed out here, in another tab or on another device."


@dataclass(frozen=True)
class SchoolApp(App):
    """With the one service that it has."""

    service: Service


@pytest.fixture(scope="module")
def app(cluster_18: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SchoolApp]:
    service = Service(("tess", "cora", "otto", "stranger"))
    folder = tmp_path_factory.mktemp("accounts")
    service.up()
    try:
        with serving_accounts(cluster_18, folder, free_port(), {"school": service.section}) as one:
            yield SchoolApp(one.url, one.school, one.log, service)
    finally:
        service.down()


Browse = Callable[[], Page]


@pytest.fixture(scope="module")
def visitors(chromium: Browser) -> Iterator[list[Visitor]]:
    """That have been at this dashboard before."""
    before: list[Visitor] = []
    yield before
    for one in before:
        one.page.context.close()


@pytest.fixture
def browse(app: SchoolApp, chromium: Browser, visitors: list[Visitor]) -> Iterator[Browse]:
    """A page in a browser of its own, with an empty jar."""
    here: list[Visitor] = []

    def browsed() -> Page:
        here.append(visitors.pop() if visitors else Visitor.to(chromium))
        here[-1].page.set_viewport_size({"width": 1280, "height": 900})
        here[-1].page.emulate_media(color_scheme="light")
        return here[-1].page

    yield browsed
    visitors += [one for one in reversed(here) if one.as_new(app.url)]
    app.say("update school.staff set is_active = email <> 'dora@example.org'")


def heading(page: Page, text: str) -> None:
    expect(page.locator("h1.words-h1")).to_have_text(text, timeout=30_000)


def way_in(page: Page) -> None:
    expect(page.get_by_role("button", name="Sign in with School account")).to_be_visible(
        timeout=30_000
    )


def sign_in(page: Page, who: str) -> None:
    page.get_by_role("button", name="Sign in with School account").click()
    page.get_by_role("button", name=who, exact=True).click()


def signed_in(app: SchoolApp, browse: Browse, who: str, path: str = "/") -> Page:
    """As after the way through the service, without going it."""
    page, value = browse(), signed(app.url, app.service, who)
    page.context.add_cookies([{"name": USER_COOKIE, "value": value, "url": app.url}])
    page.goto(app.url + path)
    return page


def test_a_deep_link_on_a_cold_server_is_opened_after_the_sign_in(
    app: SchoolApp, browse: Browse
) -> None:
    """First in this file: nobody has opened a page of this server yet."""
    path = f"/classroom?class={people.CLASS_1A}&status=InProgress"
    page = browse()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(app.url + path)
    way_in(page)
    sign_in(page, "tess")
    heading(page, "1A")
    expect(page).to_have_url(re.compile(re.escape(f"/classroom?class={people.CLASS_1A}")))
    expect(page).to_have_url(re.compile("status=InProgress"))
    expect(page.get_by_text("Tess Teacher, teacher")).to_be_visible()

    sent = parse_qs(urlsplit(next(url for url in asked if "/oauth2/authorize?" in url)).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= sent.keys()
    jar = {one["name"]: one for one in page.context.cookies() if one["name"] == USER_COOKIE}
    assert (jar[USER_COOKIE]["httpOnly"], jar[USER_COOKIE]["sameSite"]) == (True, "Lax")
    assert "progress_wanted" not in {one["name"] for one in page.context.cookies()}


def test_who_cancels_may_try_again_and_somebody_unknown_sees_whom_to_ask_and_nothing_else(
    app: SchoolApp, browse: Browse
) -> None:
    page = browse()
    page.goto(app.url + "/history")
    way_in(page)
    page.get_by_role("button", name="Sign in with School account").click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("Signing in did not work")).to_be_visible()
    sign_in(page, "stranger")
    heading(page, "You do not have access")
    expect(
        page.get_by_text(f"Ask {CONTACT}. You signed in as stranger@example.org.")
    ).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("link")).to_have_text(["Skip to main content"])
    expect(page.get_by_role("button")).to_have_count(1)
    for look in looks(0, 3):
        take(look, page)
        assert violations(page) == [], look
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "end_session" in url)


def test_signing_out_ends_the_second_tab_by_itself_and_a_kept_cookie(
    app: SchoolApp, browse: Browse
) -> None:
    page = signed_in(app, browse, "tess")
    heading(page, "Overview")
    kept = page.context.cookies()
    second = page.context.new_page()
    second.goto(app.url + f"/classroom?class={people.CLASS_1A}")
    expect(second.get_by_text("Ann Ågren").first).to_be_visible()
    # She manages nobody.
    assert page.request.get(f"{app.url}/live?school=1").status == 403
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("In this browser").click()

    # Nobody touches it.
    expect(second.get_by_text(OVER)).to_be_visible()
    way_in(second)
    expect(second.get_by_role("navigation")).to_have_count(0)
    assert "Ågren" not in second.content()
    page.wait_for_url(lambda url: "end_session" in url)
    assert USER_COOKIE not in {one["name"] for one in page.context.cookies()}
    thief = browse()
    thief.context.add_cookies(kept)  # type: ignore[arg-type]
    thief.goto(app.url)
    expect(thief.get_by_text(OVER)).to_be_visible()


def test_signing_out_everywhere_ends_another_browser_by_itself(
    app: SchoolApp, browse: Browse
) -> None:
    here, there = signed_in(app, browse, "otto"), signed_in(app, browse, "otto")
    heading(here, "Overview")
    heading(there, "Overview")
    here.get_by_role("button", name="Sign out").click()
    here.get_by_text("Everywhere").click()
    expect(there.get_by_text(OVER)).to_be_visible()


def test_a_sign_in_that_is_too_old_or_a_person_switched_off_is_out_at_once(
    app: SchoolApp, browse: Browse
) -> None:
    page = signed_in(app, browse, "cora")
    heading(page, "Overview")
    app.say("update dashboard.staff_session set ends_at = now()")
    expect(page.get_by_text("because you signed in more than 12 hours ago")).to_be_visible()
    sign_in(page, "cora")
    heading(page, "Overview")
    app.say("update school.staff set is_active = false where email = 'cora@example.org'")
    heading(page, "You do not have access")
    expect(page.get_by_text("Your account here was switched off")).to_be_visible()


def test_a_cookie_that_was_altered_lets_nobody_in_and_says_so(
    app: SchoolApp, browse: Browse
) -> None:
    page, value = browse(), signed(app.url, app.service, "cora")
    altered = value[:20] + ("A" if value[20] != "A" else "B") + value[21:]
    page.context.add_cookies([{"name": USER_COOKIE, "value": altered, "url": app.url}])
    page.goto(app.url)
    expect(page.get_by_text("Your sign-in could not be confirmed")).to_be_visible()
    sign_in(page, "cora")
    heading(page, "Overview")


def test_a_service_that_is_down_has_a_page_of_ours_with_a_way_to_retry(
    app: SchoolApp, browse: Browse
) -> None:
    page = browse()
    page.goto(app.url + "/history?show=saves")
    way_in(page)
    app.service.down()
    page.get_by_role("button", name="Sign in with School account").click()
    expect(page.get_by_text("The sign-in service cannot be reached just now.")).to_be_visible()
    heading(page, "Progress")
    way_in(page)
    for look in looks(2):
        take(look, page)
        assert violations(page) == [], look
    app.service.up()
    sign_in(page, "cora")
    heading(page, "History")  # which was wanted before
    expect(page).to_have_url(re.compile("show=saves"))


def test_what_was_made_to_be_taken_along_is_for_this_browser_while_it_is_signed_in(
    app: SchoolApp, browse: Browse
) -> None:
    page = signed_in(app, browse, "cora", f"/edit?student={people.ANN}&module={people.ASSESSMENT}")
    for label, value in (("Score", SCORE), ("Reason", REASON)):
        box = page.get_by_role("textbox", name=label, exact=True)
        box.fill(value)
        box.press("Enter")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved: score 55 → 37.25.")).to_be_visible()

    page.goto(app.url + f"/classroom?class={people.CLASS_1A}&name=ann")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as found:
        page.get_by_role("button", name="Download CSV").click()
    assert "Ann Ågren" in found.value.path().read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Make 1 report").click()
    with page.expect_download() as report:
        page.get_by_role("button", name="Download PDF").click()
    assert report.value.path().read_bytes().startswith(b"%PDF")

    link, stranger = report.value.url, browse()
    assert stranger.request.get(app.url).ok  # from here it has a cookie, as who opens the page
    assert stranger.request.get(link).status == 403
    hints = f"{app.url}/live?class="
    for asked in (f"{hints}{people.CLASS_1A}", f"{app.url}/live?school=1"):
        assert stranger.request.get(asked).status == 403
    assert page.request.get(f"{hints}{people.CLASS_SOUTH}").status == 403  # not a class of hers
    assert page.request.get(link).status == 200  # the control
    app.say("update dashboard.staff_session set ended_at = now()")
    expect(page.get_by_text(OVER)).to_be_visible()
    assert page.request.get(link).status == 403


def test_the_log_of_all_this_names_nobody(app: SchoolApp) -> None:
    """Neither the lines of who did what, nor the program's own."""
    told = app.log.read_text(encoding="utf-8")
    for event in (
        "signed in", "came in", "wrote source=form", "class exported", "report made", "signed out",
        "signed out everywhere", "refused unknown", "refused disabled", "ended by age",
        "sign-in failed why=failed", "sign-in failed why=away", "sign-in failed why=altered",
    ):  # fmt: skip
        assert f"progress.audit {event}" in told, told
    assert f"actor={people.TEACHER}" in told
    with app.school.owner() as connection:
        names = connection.execute("""
            select full_name from school.student union select full_name from school.staff
            union select email from school.student union select email from school.staff
            union select name from public.modules union select name from public.organisations
        """).fetchall()
    assert len(names) > 20
    for secret in (*(str(one) for (one,) in names), "@example", SCORE, REASON, "stranger"):
        assert secret.lower() not in told.lower(), secret
    assert not re.search(r"\b(tess|cora|otto|ann)\b", told, re.IGNORECASE)
