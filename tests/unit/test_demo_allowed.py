"""Of all that can stand around the page, exactly one lets anybody open it as anybody, and exactly one lets in
whoever has the link."""

from dataclasses import asdict, replace
from itertools import product
from typing import Any

import pytest

from dashboard.signin.demo_allowed import (
    Conditions,
    SignInConflict,
    SignInKind,
    sign_in_kind,
    sign_in_kind_before_opening,
)

ADDRESSES = ("127.0.0.1", "0.0.0.0")
EVERY = [
    Conditions(address, *told)
    for address, told in product(ADDRESSES, product((False, True), repeat=5))
]
DEMO = Conditions(
    address="127.0.0.1",
    has_auth_section=False,
    has_database_url=False,
    is_launchers=True,
    has_marker=True,
    is_school=False,
)
LINK = replace(DEMO, has_marker=False, is_school=True)


def way_in(found: Conditions) -> SignInKind | None:
    try:
        return sign_in_kind(found)
    except SignInConflict:
        return None


def test_exactly_one_of_all_combinations_opens_the_demo() -> None:
    assert len(set(EVERY)) == 64
    assert [one for one in EVERY if way_in(one) is SignInKind.DEMO] == [DEMO]


def test_exactly_one_of_all_combinations_opens_by_a_link() -> None:
    assert [one for one in EVERY if way_in(one) is SignInKind.LINK] == [LINK]


def test_accounts_are_asked_for_wherever_they_are_configured_but_over_the_demo_or_beside_a_link() -> (
    None
):
    with_accounts = [one for one in EVERY if way_in(one) is SignInKind.ACCOUNTS]
    assert with_accounts == [
        one for one in EVERY if one.has_auth_section and not one.has_marker and not one.is_school
    ]


def test_no_other_combination_opens_at_all() -> None:
    opened = [one for one in EVERY if way_in(one) is not None]
    assert len(opened) == 1 + 1 + 8


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"has_database_url": True}, "DATABASE_URL is set"),
        ({"address": "0.0.0.0"}, "served on 0.0.0.0"),
        ({"address": ""}, "served on every address"),
        ({"is_launchers": False}, "no demo people of this program's"),
        ({"has_marker": False}, "no demo people of this program's"),
        ({"has_auth_section": True}, "Sign-in is configured in secrets.toml, but"),
    ],
)
def test_a_conflict_refuses_and_is_named(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(SignInConflict, match=named):
        sign_in_kind(Conditions(**(asdict(DEMO) | changed)))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"has_database_url": True}, "but DATABASE_URL is set"),
        ({"address": "0.0.0.0"}, "served on 0.0.0.0"),
        ({"address": ""}, "served on every address"),
        ({"is_launchers": False}, "this program does not run"),
        ({"has_marker": True}, "holds the demo"),
        ({"has_auth_section": True}, "accounts are configured in secrets.toml"),
        ({"is_school": False}, "opens with --school"),
    ],
)
def test_a_conflict_with_the_link_refuses_and_is_named(changed: dict[str, Any], named: str) -> None:
    assert way_in(LINK) is SignInKind.LINK
    with pytest.raises(SignInConflict, match=named):
        sign_in_kind(replace(LINK, **changed))


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "::1"])
def test_before_the_database_is_open_only_what_is_known_refuses(address: str) -> None:
    def before(
        *, address: str = address, auth: bool = False, url: bool = False, school: bool = False
    ) -> SignInKind:
        return sign_in_kind_before_opening(
            address=address, has_auth_section=auth, has_database_url=url, is_school=school
        )

    assert before() is SignInKind.DEMO
    assert before(school=True) is SignInKind.LINK
    assert (
        before(auth=True) is before(auth=True, url=True, address="0.0.0.0") is SignInKind.ACCOUNTS
    )
    for school in (False, True):
        with pytest.raises(SignInConflict):
            before(url=True, school=school)
        with pytest.raises(SignInConflict):
            before(address="0.0.0.0", school=school)
    with pytest.raises(SignInConflict):
        before(school=True, auth=True)
