"""Our components' scripts as files: kept where they are what was asked for, and never one as another."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard.web import front, scripts


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(scripts, "_scripts", {})
    scripts.component("known_to_a_test", "export default () => 'ü';")
    routes = [Route(scripts.PATH, scripts.answer), Route("/", front.answer)]
    with TestClient(Starlette(routes=routes)) as client:
        yield client


def test_a_script_is_kept_as_what_it_is_and_another_version_is_not(known: TestClient) -> None:
    (address,) = scripts.addresses()
    answer = known.get(address)
    assert answer.text == "export default () => 'ü';"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    older = known.get(f"{address[:-3]}xyz")
    assert older.text == answer.text
    assert older.headers["cache-control"] == "no-store"


def test_a_script_has_the_address_of_what_is_in_it(known: TestClient) -> None:
    (before,) = scripts.addresses()
    scripts.component("known_to_a_test", "export default () => 'u';")
    (after,) = scripts.addresses()
    assert before != after
    assert known.get(after).text.endswith("'u';")


@pytest.mark.parametrize("asked", ["", "?", "?unknown.0", "?../front.py", "?known_to_a_tes"])
def test_what_is_no_component_is_not_found(known: TestClient, asked: str) -> None:
    assert known.get(scripts.PATH + asked).status_code == 404


def test_a_page_loads_the_scripts_ahead(known: TestClient) -> None:
    (address,) = scripts.addresses()
    assert f'<link rel="modulepreload" href="{address}">' in known.get("/").text
