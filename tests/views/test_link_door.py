"""What one's own school shows to whoever is not signed in there: where the link is, or the beginning."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.signin import gate, opening, school_link
from dashboard.signin.demo_allowed import SignInKind
from dashboard.signin.opening import SharedDatabase
from data.access import sign_in
from data.access.sign_in import SignInAccount, SignInRefusal
from data.database import embedded
from data.open import open_database
from data.settings import read_settings
from tests.views.conftest import Open, press, words

CAME = SignInAccount(*school_link.ACCOUNT, "", False, 2e9, uuid4())
DOOR = "Open the link that is in the terminal"


@pytest.fixture(autouse=True)
def by_link(demo_server: embedded.Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if the demo's database were a school that opens by a link."""
    shared = SharedDatabase(open_database(read_settings()), SignInKind.LINK)
    monkeypatch.setattr(opening, "open_all", lambda address, **_: shared)
    gate.opened.clear()
    yield
    gate.opened.clear()
    shared.database.engine.dispose()


def door(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, refusal: SignInRefusal | None
) -> AppTest:
    came = None if refusal is None else CAME
    monkeypatch.setattr(school_link, "who_came", lambda: came)
    monkeypatch.setattr(sign_in, "sign_in", lambda database, account, hours: refusal)
    test = open_page(None)
    assert not test.exception
    return test


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (None, ""),
        (
            SignInRefusal.EXPIRED,
            "You were signed out because you signed in more than 12 hours ago.",
        ),
        (SignInRefusal.ENDED, "You were signed out here, in another tab or on another device."),
        (SignInRefusal.DISABLED, "Your account here was switched off."),
    ],
)
def test_it_says_why_and_where_the_link_is_and_nothing_else(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, refusal: SignInRefusal | None, said: str
) -> None:
    test = door(open_page, monkeypatch, refusal)
    assert DOOR in words(test)
    assert said in words(test)
    assert ('role="alert"' in words(test)) is bool(said)
    assert not test.button
    assert not test.text_input


def test_it_begins_with_three_questions_and_refuses_a_second_beginning(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = door(open_page, monkeypatch, SignInRefusal.NO_EMAIL)
    assert [one.label for one in test.text_input] == [
        "What is your school called?",
        "What is your name?",
        "What is your e-mail address?",
    ]
    press(test, "Begin")
    assert words(test).count('role="alert"') == 3
    for box, typed in zip(test.text_input, ("Brook", "Ada", "ada at brook"), strict=True):
        box.input(typed)
    press(test, "Begin")
    assert "This is not an e-mail address" in words(test)
    assert words(test).count('role="alert"') == 1
    assert [one.value for one in test.text_input] == ["Brook", "Ada", "ada at brook"]
    test.text_input[2].input("ada@brook.example")
    press(test, "Begin")
    assert "There is an administrator already" in words(test)


def test_whoever_is_signed_in_by_it_sees_nothing_of_a_stranger(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database asks each time whether the sign-in counts: one that it does not know is none."""
    monkeypatch.setattr(school_link, "who_came", lambda: CAME)
    outcomes = iter([uuid4(), SignInRefusal.ENDED])
    monkeypatch.setattr(sign_in, "sign_in", lambda database, account, hours: next(outcomes))
    test = open_page(None, "overview")
    assert DOOR in words(test)
    assert "administrator" not in words(test).replace("You will be its administrator", "")
