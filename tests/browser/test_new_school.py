"""A school on a server from nothing, by two commands and then the pages alone: without SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.accounts import Service, serving_over
from tests.browser import founding
from tests.browsing import free_port
from tests.clusters import Cluster
from tests.database.command_line import run

NAME, EMAIL = "Ada Brook", "ada@example.org"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    yield page
    page.context.close()


@contextmanager
def founded(cluster: Cluster, folder: Path, service: Service) -> Iterator[str]:
    """The address of a dashboard on an empty database that was prepared as OPERATING.md says."""
    owner_url, app_url = cluster.empty_database()
    both: dict[str, str | None] = {"DATABASE_OWNER_URL": owner_url, "DATABASE_URL": app_url}
    key = run("migrate", **both).stdout.partition("DATABASE_CLAIMS_KEY=")[2].split()[0]
    founder = "--organisation", "Brook School", "--admin", EMAIL, "--name", NAME
    assert run("init", *founder, **both).exit_code == 0
    database = {"DATABASE_URL": app_url, "DATABASE_CLAIMS_KEY": key}
    service.up()
    try:
        with serving_over(database, folder, free_port(), {"school": service.section}) as url:
            yield url
    finally:
        service.down()


def test_an_empty_postgresql_15_comes_to_a_corrected_score_a_report_and_a_second_year(
    cluster_15: Cluster, tmp_path: Path, page: Page
) -> None:
    with founded(cluster_15, tmp_path, Service(("ada",))) as url:
        page.goto(url)
        way_in = page.get_by_role("button", name="Sign in with School account")
        way_in.click()
        page.get_by_role("button", name="ada", exact=True).click()
        expect(page.get_by_text(f"{NAME}, administrator")).to_be_visible()
        founding.bring_students_in(page)
        founding.to_a_corrected_score_and_a_report(page)
        founding.begin_second_year(page, with_students=True)
        page.get_by_role("button", name="Sign out").click()
        page.get_by_text("In this browser").click()
        page.wait_for_url(lambda at: "end_session" in at)
        page.goto(url)
        expect(way_in).to_be_visible()
