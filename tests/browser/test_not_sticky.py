"""Two processes behind a proxy that takes them in turn: pages say so, instead of failing half of the time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.accounts import Service
from tests.browser.behind_nginx import Installation, installed
from tests.browser.test_two_processes import CLASS, LOGGED, sign_in
from tests.clusters import Cluster
from tests.machine import slower, until

SCATTERED = "reach this page only now and then"


@pytest.fixture
def in_turn(cluster_18: Cluster, tmp_path: Path) -> Iterator[Installation]:
    service = Service(("cora",))
    service.up()
    try:
        with installed(cluster_18, tmp_path, service, is_sticky=False) as one:
            yield one
    finally:
        service.down()


@pytest.mark.by_night
@pytest.mark.parametrize("path", ["/history", CLASS])
def test_a_page_says_so_again_when_it_is_loaded_again_and_the_log_once(
    in_turn: Installation, contexts: Callable[[], BrowserContext], path: str
) -> None:
    page = contexts().new_page()
    sign_in(in_turn, page, path)
    for _ in range(2):
        page.reload()
        expect(page.get_by_text(SCATTERED)).to_be_visible(timeout=60_000 * slower())
    until(lambda: any(LOGGED in one.said() for one in in_turn.processes))
    assert all(one.said().count(LOGGED) < 2 for one in in_turn.processes)
