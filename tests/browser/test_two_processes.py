"""Two and three processes behind nginx, by `.github/deploy/nginx.conf`: everything works on whichever it is."""

import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import people
from tests.accounts import Service
from tests.browser.behind_nginx import (
    Installation,
    One,
    came_in,
    certificate,
    configuration,
    installed,
    tried,
)
from tests.browsing import settle
from tests.clusters import Cluster
from tests.machine import slower, until

LOGGED = "requests of one browser reach several processes"
CLASS = f"/classroom?class={people.CLASS_1A}"
FORM = f"/edit?student={people.ANN}&module={people.ASSESSMENT}"


@pytest.fixture(scope="module", params=[2, 3])
def installation(
    request: pytest.FixtureRequest, cluster_18: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    service = Service(("cora",))
    service.up()
    try:
        folder = tmp_path_factory.mktemp("processes")
        with installed(cluster_18, folder, service, request.param) as one:
            yield one
    finally:
        service.down()


def sign_in(installation: Installation, page: Page, path: str = "/") -> None:
    """All the way through the service, which leads back from another site."""
    page.goto(installation.url + path)
    page.get_by_role("button", name="Sign in with School account").click()
    page.get_by_role("button", name="cora", exact=True).click()
    expect(page.get_by_text("Cora Coordinator, coordinator")).to_be_visible()


def on_each(
    installation: Installation, new_context: Callable[[], BrowserContext], path: str
) -> list[tuple[One, Page]]:
    """Somebody in a browser on each process: which it is, its key decides."""
    found: dict[int, tuple[One, Page]] = {}
    for _ in range(60):
        before = [came_in(one) for one in installation.processes]
        page = new_context().new_page()
        sign_in(installation, page, path)
        after = [came_in(one) for one in installation.processes]
        (one,) = [
            process
            for process, was, now in zip(installation.processes, before, after, strict=True)
            if now > was
        ]
        found.setdefault(one.port, (one, page))
        if len(found) == len(installation.processes):
            break
    assert len(found) == len(installation.processes)
    return list(found.values())


def answered(page: Page) -> list[str]:
    """The addresses at which this page is answered from now on."""
    told: list[str] = []
    page.on("response", lambda one: told.append(one.url))
    return told


def fill(page: Page, label: str, value: str) -> None:
    box = page.get_by_role("textbox", name=label, exact=True)
    box.fill(value)
    box.press("Enter")
    expect(box).to_have_value(value)
    settle(page)


def has_score(installation: Installation, score: str) -> bool:
    with installation.school.owner() as owner:
        row = owner.execute(
            "select score from public.student_module_progress where (student_id, module_id) = (%s, %s)",
            (people.ANN, people.ASSESSMENT),
        ).fetchone()
    return row is not None and row[0] == Decimal(score)


def edits(page: Page, installation: Installation, to: str) -> None:
    page.goto(installation.url + FORM)
    fill(page, "Score", to)
    fill(page, "Reason", "Handed in on paper")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile(rf"^Saved: .*score .* → {to}"))).to_be_visible()
    assert has_score(installation, to)


def exports(page: Page, installation: Installation) -> None:
    page.goto(f"{installation.url}{CLASS}&name=ann")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as found:
        page.get_by_role("button", name="Download CSV").click()
    assert "Ann Ågren" in Path(found.value.path()).read_text(encoding="utf-8-sig")
    page.get_by_role("button", name="Make 1 report").click()
    with page.expect_download() as report:
        page.get_by_role("button", name="Download PDF").click()
    assert Path(report.value.path()).read_bytes().startswith(b"%PDF")


def uploads(page: Page, installation: Installation, to: str) -> None:
    page.goto(f"{installation.url}/upload")
    file = f"E-mail,Module,Score\nann@example.org,Fractions test,{to}\n".encode()
    box = page.locator("input[type=file]")
    box.set_input_files({"name": "scores.csv", "mimeType": "text/csv", "buffer": file})
    page.get_by_role("button", name="Preview 1 change").click()
    page.get_by_role("button", name="Save 1 change", exact=True).click()
    until(lambda: has_score(installation, to))


def test_debians_nginx_takes_the_file_as_it_is_installed(tmp_path: Path) -> None:
    certificate(tmp_path)
    written = configuration(tmp_path, (4430, 8000), (8501, 8502, 8503))
    assert len(re.findall(r"^    server 127\.0\.0\.1:850\d ", written, re.MULTILINE)) == 3
    done = tried(tmp_path, written)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr
    spoilt = tried(tmp_path, written.replace("hash $progress_browser", "hash $progress_nobody"))
    assert "unknown" in spoilt.stderr  # the control
    assert spoilt.returncode != 0


@pytest.mark.by_night  # half a minute or more: several processes, and a browser on each
def test_whichever_process_serves_somebody_everything_works(
    installation: Installation, contexts: Callable[[], BrowserContext]
) -> None:
    pages = [page for _, page in on_each(installation, contexts, "/")]
    for turn, page in enumerate(pages):
        other = pages[turn - 1]
        with other.expect_response(lambda answer: "/live?" in answer.url) as hints:
            other.goto(installation.url + CLASS)
        assert hints.value.status == 200
        cell = other.get_by_role("gridcell", name=re.compile("^Ann Ågren, Fractions test"))
        settle(other)
        edits(page, installation, to=f"{40 + turn}")
        expect(cell).to_have_attribute("aria-label", re.compile(f"{40 + turn}"))  # without a click
        exports(page, installation)
        uploads(page, installation, to=f"{50 + turn}")
    here, *elsewhere = pages
    for there in elsewhere:
        there.goto(installation.url + CLASS)
        expect(there.get_by_text("Ann Ågren").first).to_be_visible()
    here.get_by_role("button", name="Sign out").click()
    here.get_by_text("Everywhere").click()
    for there in elsewhere:
        expect(there.get_by_text("You were signed out here")).to_be_visible()


@pytest.mark.by_night
def test_nginx_refuses_what_is_not_for_the_outside_and_passes_on_the_rest(
    installation: Installation,
) -> None:
    with httpx.Client(verify=False, follow_redirects=False) as client:
        page = client.get(f"{installation.url}/")
        assert page.status_code == 200
        assert page.headers["strict-transport-security"]
        assert "content-security-policy" in page.headers
        assert page.headers["server"] == "nginx"
        for path in ("/healthz", "/readyz", "/readyz/"):
            assert client.get(installation.url + path).status_code == 404
            own = f"http://127.0.0.1:{installation.processes[0].port}{path.rstrip('/')}"
            assert client.get(own).status_code == 200  # the control
        plain = client.get(f"{installation.plain_url}/help?a=1")
        assert plain.status_code == 308
        assert plain.headers["location"] == "https://localhost/help?a=1"
        assert client.post(f"{installation.url}/", content=bytes(23_000_000)).status_code == 413
        assert client.post(f"{installation.url}/", content=bytes(20_000_000)).status_code == 405
        seen = client.get(f"{installation.url}/", headers={"Host": "elsewhere.example"})
        assert seen.status_code == 421


@pytest.mark.by_night
def test_a_page_that_is_kept_on_one_process_hears_from_that_one_alone(
    installation: Installation, contexts: Callable[[], BrowserContext]
) -> None:
    for _, page in on_each(installation, contexts, "/history"):
        asked = answered(page)
        page.bring_to_front()
        page.reload()
        deadline = time.monotonic() + 60 * slower()
        while sum("/fresh" in url for url in asked) < 18 and time.monotonic() < deadline:
            page.wait_for_timeout(200)
        assert sum("/fresh" in url for url in asked) >= 18
        expect(page.locator(".words-stale")).to_be_hidden()
    assert not any(LOGGED in one.said() for one in installation.processes)


@pytest.mark.by_night
def test_whose_process_is_killed_goes_on_with_another_within_five_seconds(
    installation: Installation, contexts: Callable[[], BrowserContext]
) -> None:
    """Last in this file: one process is gone afterwards."""
    (gone, page), *others = on_each(installation, contexts, f"{CLASS}&name=ann")
    expect(page.get_by_text("Showing 1 of")).to_be_visible()
    form = page.context.new_page()
    form.goto(installation.url + FORM)
    fill(form, "Score", "61")
    addresses = page.url, form.url

    def elsewhere() -> int:
        return sum(came_in(one) for one, _ in others)

    before = elsewhere()
    drawn = form.locator("[class*='st-key-edit_score_']")
    token = re.findall(r"st-key-edit_score_\S+", drawn.get_attribute("class") or "")[0]
    settle(page)

    gone.process.kill()
    gone.process.wait()
    began = time.monotonic()
    until(lambda: elsewhere() >= before + 2)
    expect(form.locator(f".{token}")).to_have_count(0)  # drawn anew, by another
    assert time.monotonic() - began < 5 * slower()
    expect(form.get_by_role("textbox", name="Score", exact=True)).to_have_value("61")
    expect(page.get_by_text("Showing 1 of")).to_be_visible()
    assert (page.url, form.url) == addresses
    settle(form)
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form.get_by_text(re.compile(r"^Saved: .*→ 61"))).to_be_visible()
    assert has_score(installation, "61")
    exports(page, installation)
