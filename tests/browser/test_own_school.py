"""From the terminal to a school of one's own: its link opens it once, and its founder does all by the pages."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from dashboard.signin.school_link import COOKIE
from data.settings import SETTINGS
from tests.accessibility.axe import looks, take, violations
from tests.browser import founding
from tests.browsing import ROOT, free_port, settle, wait_until_up
from tests.profiles import chosen

CALLED, NAME, EMAIL = "What is your school called?", "What is your name?", "What is your e-mail"
OVER = "That link was used already, or is older than 10 minutes."
DOOR = "Open the link that is in the terminal"


@dataclass(frozen=True)
class OwnSchool:
    """As `python -m dashboard --school` serves it."""

    url: str
    log: Path

    @property
    def link(self) -> str:
        found = re.search(rf"{re.escape(self.url)}/start\?token=[\w-]{{43}}", self.said)
        assert found, self.said
        return found.group()

    @property
    def token(self) -> str:
        return self.link.partition("token=")[2]

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


@contextmanager
def serving_school(folder: Path) -> Iterator[OwnSchool]:
    port, log = free_port(), folder / "log"
    environment = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    command = [sys.executable, "-m", "dashboard", "--school", "--no-browser", "--port", str(port),
               "--data-dir", str(folder / "data")]  # fmt: skip
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_up(url, process, log)
        yield OwnSchool(url, log)
    finally:
        process.terminate()
        process.wait(30)


def new_page(chromium: Browser) -> Page:
    return chromium.new_context().new_page()


def test_a_school_of_ones_own_opens_by_its_link_once_and_is_filled_by_its_founder(
    tmp_path: Path, chromium: Browser
) -> None:
    """Further than its first students only by night: test_new_school.py goes on at the same pages."""
    with serving_school(tmp_path) as school:
        nobody_comes_in_without_the_link(school, chromium)
        page = opened_by_the_link(school, chromium)
        found_school(page)
        its_cookie_is_for_the_connection_alone(page)
        nobody_comes_in_by_it_again(school, chromium)
        signing_out_ends_every_tab(school, page)
        page.reload()
        expect(page.get_by_text(DOOR)).to_be_visible()
        by_ids_alone(school)
    with serving_school(tmp_path) as school:  # another link, and the same person
        expect(page.get_by_text(DOOR)).to_be_visible()
        page.goto(school.link)
        expect(page.get_by_text("Ada Brook, administrator")).to_be_visible()
        founding.bring_students_in(page)
        if chosen(sample=False, nightly=True):
            founding.to_a_corrected_score_and_a_report(page)
            founding.begin_second_year(page, with_students=False)


def nobody_comes_in_without_the_link(school: OwnSchool, chromium: Browser) -> None:
    page = new_page(chromium)
    page.goto(school.url)
    expect(page.get_by_text(DOOR)).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    for look in looks(3):
        take(look, page)
        assert violations(page) == [], look
    for path in "/", school.link.removeprefix(school.url):
        asked = urllib.request.Request(f"{school.url}{path}", headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=60)
        assert refused.value.code == 421


def opened_by_the_link(school: OwnSchool, chromium: Browser) -> Page:
    page, seen = new_page(chromium), list[Request]()
    page.on("request", lambda one: seen.append(one))
    page.goto(school.link)
    settle(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("alert")).to_have_count(3)
    for look in looks(1):
        take(look, page)
        assert violations(page) == [], look
    expect(page).to_have_url(f"{school.url}/")
    assert [one.url for one in seen if school.token in one.url] == [school.link]
    assert not [one.url for one in seen if school.token in str(one.headers)]
    return page


def found_school(page: Page) -> None:
    page.get_by_label(CALLED).fill("Brook School")
    page.get_by_label(NAME).fill("Ada Brook")
    page.get_by_label(EMAIL).fill("ada@brook.example")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Ada Brook, administrator")).to_be_visible()


def its_cookie_is_for_the_connection_alone(page: Page) -> None:
    (cookie,) = [one for one in page.context.cookies() if one["name"] == COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert cookie["path"] == "/_stcore/stream"


def nobody_comes_in_by_it_again(school: OwnSchool, chromium: Browser) -> None:
    other = new_page(chromium)
    other.goto(school.link)
    expect(other.get_by_role("alert")).to_have_text(OVER)
    expect(other.get_by_text(DOOR)).to_be_visible()


def signing_out_ends_every_tab(school: OwnSchool, page: Page) -> None:
    second = page.context.new_page()
    second.goto(f"{school.url}/history")
    expect(second.get_by_text("Ada Brook, administrator")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("In this browser").click()
    for one in page, second:
        expect(one.get_by_text(DOOR)).to_be_visible()
        expect(one.get_by_text("Ada Brook")).to_have_count(0)
    second.close()  # a tab behind another is drawn once a second


def by_ids_alone(school: OwnSchool) -> None:
    head, _, log = school.said.partition("Ctrl-C ends it.")
    assert head.count("http://") == 1  # else somebody opens what does not let them in
    assert "http://" not in log
    assert "restart" not in log
    for event in "signed in issuer=this-computer actor=", "came in actor=", "signed out actor=":
        assert event in log
    assert school.token not in log
    assert "Brook" not in log
