"""How people come in to a database that is really there: the marker in it counts, and who runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.signin import gate, providers
from dashboard.signin.demo_allowed import SignInConflict, SignInKind
from data.access.session import Database
from data.database import embedded
from data.settings import SETTINGS
from tests.clusters import Scratch


def way_in(
    school: Scratch, monkeypatch: pytest.MonkeyPatch, *, auth: bool, runs: bool
) -> SignInKind:
    """With or without sign-in configured; `runs`: by the program's own launcher."""
    asked: list[bool] = []

    def opened(*_: Any, with_demo: bool) -> Database:
        asked.append(with_demo)
        return school.database

    monkeypatch.setattr(providers, "is_configured", lambda: auth)
    monkeypatch.setattr(providers, "check", lambda: None)
    monkeypatch.setattr(gate, "open_database", opened)
    if runs:
        monkeypatch.setattr(embedded, "running", lambda folder: object())
    try:
        return gate.open_all("127.0.0.1").sign_in_kind
    finally:
        assert asked == [not auth]  # no invented people where there are accounts


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PROGRESS_DATA_DIR", str(tmp_path))


@pytest.fixture
def marked(school_18: Scratch) -> Scratch:
    with school_18.owner() as owner:
        owner.execute("insert into internal.demo_marker default values")
    return school_18


def test_a_marked_database_of_the_launchers_is_the_demo_and_takes_no_accounts(
    marked: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert way_in(marked, monkeypatch, auth=False, runs=True) is SignInKind.DEMO
    with pytest.raises(SignInConflict, match="holds the demo"):
        way_in(marked, monkeypatch, auth=True, runs=True)


def test_a_marked_database_that_somebody_else_runs_is_no_demo(
    marked: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SignInConflict, match="no demo people of this program's"):
        way_in(marked, monkeypatch, auth=False, runs=False)


def test_a_database_that_was_never_marked_takes_accounts_and_is_no_demo(
    school_18: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert way_in(school_18, monkeypatch, auth=True, runs=True) is SignInKind.ACCOUNTS
    with pytest.raises(SignInConflict, match="no demo people of this program's"):
        way_in(school_18, monkeypatch, auth=False, runs=True)
