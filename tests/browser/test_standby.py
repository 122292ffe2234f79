"""The dashboard with a replica, and over a standby alone, in Chromium."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from playwright.sync_api import Browser, Page, expect

from dashboard.components.empty_and_error import ONLY_READ
from dashboard.web.private import USER_COOKIE
from data.access.sign_in import NOBODY_NEW
from tests import people
from tests.accessibility.axe import violations
from tests.accounts import Service, serving_over, signed
from tests.browsing import Visitor, free_port
from tests.clusters import embedded_programs
from tests.database.replicated import stopped
from tests.machine import until

CLASS = f"/classroom?class={people.CLASS_1A}"
SCORE = re.compile("Ann Ågren, Fractions test: .*score 37")
SCORED = (
    "update public.student_module_progress set score = %s where student_id = %s and module_id = %s"
)


@contextmanager
def page_of(chromium: Browser, url: str, cookie: str) -> Iterator[Page]:
    """A class, in a browser that shows this cookie."""
    page = Visitor.to(chromium).page
    page.context.add_cookies([{"name": USER_COOKIE, "value": cookie, "url": url}])
    try:
        page.goto(url + CLASS)
        yield page
    finally:
        page.context.close()


def probed(port: int) -> tuple[int, dict[str, object]]:
    connection = HTTPConnection("localhost", port)
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def test_a_page_with_a_replica_shows_a_change_at_once_and_over_that_alone_is_read_only(
    chromium: Browser, tmp_path: Path
) -> None:
    service, port = Service(("cora",)), free_port()
    services, url = {"school": service.section}, f"http://localhost:{port}"
    known, new = (signed(url, service, "cora") for _ in range(2))
    for one in ("both", "standby"):
        (tmp_path / one).mkdir()
    with stopped(embedded_programs()) as made, made.pair(confirming="") as pair:
        primary, standby = (
            one.cluster.url("progress_app", pair.name) for one in (pair.primary, pair.standby)
        )
        key = {"DATABASE_CLAIMS_KEY": pair.key.written}
        both = key | {"DATABASE_URL": primary, "DATABASE_READ_URL": standby}
        with (
            pair.standby.root() as root,
            psycopg.connect(pair.primary.cluster.url("progress_owner", pair.name)) as owner,
            serving_over(both, tmp_path / "both", port, services),
            page_of(chromium, url, known) as page,
        ):
            expect(page.locator("h1.words-h1")).to_have_text("1A", timeout=30_000)
            expect(page.get_by_text(ONLY_READ)).to_have_count(0)
            assert probed(port)[1]["replica"] == "serves"
            root.execute("select pg_wal_replay_pause()")
            owner.execute(SCORED, [37, people.ANN, people.ASSESSMENT])
            owner.commit()
            expect(page.get_by_role("gridcell", name=SCORE)).to_be_visible(timeout=20_000)
            root.execute("select pg_wal_replay_resume()")
            followed = "select pg_last_wal_replay_lsn() >= %s::pg_lsn"
            end = owner.execute("select pg_current_wal_flush_lsn()").fetchone() or ("",)
            until(lambda: root.execute(followed, [end[0]]).fetchone() == (True,))
        alone = key | {"DATABASE_URL": standby}
        with serving_over(alone, tmp_path / "standby", port, services):
            with page_of(chromium, url, known) as page:
                expect(page.locator("h1.words-h1")).to_have_text("1A", timeout=30_000)
                expect(page.get_by_role("alert").get_by_text(ONLY_READ)).to_be_visible()
                expect(page.get_by_role("gridcell", name=SCORE)).to_be_visible()
                assert violations(page) == []
            with page_of(chromium, url, new) as page:
                title = page.locator("h1.words-h1")
                expect(title).to_have_text("The database can only be read", timeout=30_000)
                expect(page.get_by_text(NOBODY_NEW)).to_be_visible()
            told = probed(port)
            assert (told[0], told[1]["checks"]["writable"]) == (503, "read only")  # type: ignore[index]
