"""`streamlit run dashboard/app.py`: good for the demo, with its log; refused in words where people sign in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.signin import gate, opening, providers
from dashboard.web import connections
from data import demo
from data.access import audit
from tests.views.conftest import Open, words


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path | None]]:
    """Each file for which the log of who did what was begun."""
    found: list[Path | None] = []
    monkeypatch.setattr(audit, "start", found.append)
    gate.opened.clear()
    yield found
    gate.opened.clear()


def test_where_people_sign_in_nothing_is_opened_and_the_right_start_is_named(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, started: list[Path | None]
) -> None:
    monkeypatch.setattr(providers, "is_configured", lambda: True)
    monkeypatch.setattr(opening, "open_all", lambda address, **_: pytest.fail("opened"))
    page = open_page(demo.COORDINATOR_ONE)
    assert not page.exception
    assert "started with: python -m dashboard" in words(page)
    assert "The dashboard is not set up" in words(page)
    assert [one.label for one in page.button] == []  # trying again would not help
    assert not started


def test_the_demo_opens_with_its_log(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, started: list[Path | None]
) -> None:
    page = open_page(demo.COORDINATOR_ONE)
    assert "Overview" in words(page)
    assert started == [None]
    gate.opened.clear()
    monkeypatch.setattr(connections, "_running", lambda: connections.OpenConnection("socket", ""))
    assert "Overview" in words(open_page(demo.COORDINATOR_ONE))
    assert started == [None]  # our server has begun it already
