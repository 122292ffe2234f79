"""Two processes of the release before become the next one, one after the other, while people work."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests import people
from tests.accounts import Service
from tests.browser.behind_nginx import Installation, One, came_in, installed
from tests.browser.test_two_processes import CLASS, edits, fill, on_each
from tests.browsing import settle
from tests.clusters import Cluster
from tests.database.releases.last_release import last_release
from tests.database.releases.next_release import ADDS, REVISION, make_next, migrate_by
from tests.machine import until
from tests.unit.copied_house import copy_to

DRAFT = re.compile(r"st-key-edit_score_\S+")


@pytest.fixture
def before(cluster_18: Cluster, tmp_path: Path) -> Iterator[Installation]:
    """Two processes of the release before."""
    (tmp_path / "tree").mkdir()
    service = Service(("cora",))
    service.up()
    try:
        tree = last_release().tree(tmp_path / "tree")
        with installed(cluster_18, tmp_path, service, tree=tree) as one:
            yield one
    finally:
        service.down()


@dataclass
class Work:
    """In one browser: a class that is narrowed, and a form with a score that is not saved."""

    page: Page
    form: Page
    score: str
    addresses: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        fill(self.form, "Score", self.score)
        settle(self.page)
        self.addresses = self.page.url, self.form.url

    def drawn(self) -> str:
        """What the form is called in this run of its process."""
        box = self.form.locator("[class*='st-key-edit_score_']")
        found = DRAFT.search(box.get_attribute("class") or "")
        assert found is not None
        return found[0]

    def is_there(self) -> None:
        expect(self.form.get_by_role("textbox", name="Score", exact=True)).to_have_value(self.score)
        expect(self.page.get_by_text("Showing 1 of")).to_be_visible()
        assert (self.page.url, self.form.url) == self.addresses

    def is_saved(self) -> None:
        settle(self.form)
        self.form.get_by_role("button", name="Save", exact=True).click()
        expect(self.form.get_by_text(re.compile(rf"^Saved: .*→ {self.score}"))).to_be_visible()


def begun(installation: Installation, page: Page, student: object, score: str) -> Work:
    form = page.context.new_page()
    form.goto(f"{installation.url}/edit?student={student}&module={people.ASSESSMENT}")
    return Work(page, form, score)


def replaced(one: One, by: Path, other: One, work: list[Work]) -> None:
    """Whose work was on this process has it on the other, as it was."""
    came, drawn = came_in(other), [each.drawn() for each in work]
    one.replace(by)
    until(lambda: came_in(other) >= came + 2 * len(work))
    for each, name in zip(work, drawn, strict=True):
        expect(each.form.locator(f".{name}")).to_have_count(0)


@pytest.mark.by_night
def test_nothing_of_anybodys_work_is_lost_and_everybody_saves_at_every_step(
    before: Installation, contexts: Callable[[], BrowserContext], tmp_path: Path
) -> None:
    newer = make_next(copy_to(tmp_path / "newer"), ADDS)
    (first, here), (second, there) = on_each(before, contexts, f"{CLASS}&name=ann")
    work = [begun(before, here, people.BEN, "61"), begun(before, there, people.CLEO, "62")]
    scores = iter(range(71, 80))

    def all_is_well() -> None:
        for each in work:
            each.is_there()
            tab = each.page.context.new_page()
            edits(tab, before, str(next(scores)))
            tab.close()

    assert migrate_by(newer, before.school.owner_url, before.school.app_url) == REVISION
    all_is_well()
    replaced(first, newer, second, work[:1])
    all_is_well()
    replaced(second, newer, first, work)
    all_is_well()
    for each in work:
        each.is_saved()
