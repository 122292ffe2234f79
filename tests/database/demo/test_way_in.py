"""How people come in to a database that is really there: the marker in it counts, and who runs it."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.signin import opening, providers
from dashboard.signin.demo_allowed import SignInConflict, SignInKind
from data.access.session import Database
from data.database import embedded
from data.settings import SETTINGS
from tests.clusters import Scratch


def way_in(
    school: Scratch,
    monkeypatch: pytest.MonkeyPatch,
    *,
    auth: bool,
    runs: bool,
    link: bool = False,
) -> SignInKind:
    """With or without sign-in configured; `runs`: by the program's own launcher; `link`: by --school."""
    asked: list[bool] = []

    def opened(*_: Any, with_demo: bool) -> Database:
        asked.append(with_demo)
        return school.database

    monkeypatch.setattr(providers, "is_configured", lambda: auth)
    monkeypatch.setattr(providers, "check", lambda: None)
    monkeypatch.setattr(opening, "open_database", opened)
    if runs:
        server = embedded.Server(Path(), school.owner_url, school.app_url, mine=True)
        monkeypatch.setattr(embedded, "running", lambda folder: server)
    try:
        return opening.open_all("127.0.0.1", is_school=link).sign_in_kind
    finally:
        # No invented people where there are accounts, or a school of one's own.
        assert asked == [not (auth or link)]


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


def owner_of_link(school: Scratch) -> list[str]:
    with school.owner() as owner:
        found = owner.execute(
            "select staff.full_name from dashboard.identity "
            "join school.staff on staff.id = identity.staff_id "
            "where issuer = 'this-computer' and subject = 'owner'"
        )
        return [str(name) for (name,) in found]


def test_a_school_of_ones_own_opens_by_a_link_that_is_its_administrators(
    school_18: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with school_18.owner() as owner:
        (admin,) = owner.execute(
            "select full_name from school.staff where role = 'admin' and is_active"
        ).fetchall()
    for _ in range(2):
        assert way_in(school_18, monkeypatch, auth=False, runs=True, link=True) is SignInKind.LINK
        assert owner_of_link(school_18) == [admin[0]]


def test_no_link_leads_to_the_demo_nor_to_a_database_that_somebody_else_runs(
    school_18: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SignInConflict, match="does not run"):
        way_in(school_18, monkeypatch, auth=False, runs=False, link=True)
    with school_18.owner() as owner:
        owner.execute("insert into internal.demo_marker default values")
    with pytest.raises(SignInConflict, match="holds the demo"):
        way_in(school_18, monkeypatch, auth=False, runs=True, link=True)
    assert owner_of_link(school_18) == []


def test_a_link_whose_owner_was_switched_off_becomes_another_administrators(
    school_18: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    way_in(school_18, monkeypatch, auth=False, runs=True, link=True)
    with school_18.owner() as owner:
        owner.execute(
            "update school.staff set role = 'admin', organisation_id = null where full_name like 'Cora%'"
        )
        owner.execute(
            "update school.staff set is_active = false "
            "where id in (select staff_id from dashboard.identity where issuer = 'this-computer')"
        )
    way_in(school_18, monkeypatch, auth=False, runs=True, link=True)
    (name,) = owner_of_link(school_18)
    assert name.startswith("Cora")
