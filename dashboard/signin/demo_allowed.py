"""Which sign-in there is: the demo's, which opens as anybody and so exists only where that harms nobody, or the
one with accounts. Pure, so that start-up can ask."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from data.access.errors import Misconfigured

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")

EXAMPLE: Final = (
    "Write an [auth] section in .streamlit/secrets.toml (secrets.example.toml beside it shows how)"
)


class SignInKind(StrEnum):
    """How people come in."""

    DEMO = "demo"
    ACCOUNTS = "accounts"


class SignInConflict(Misconfigured):
    """Nobody may come in as things are set up; the sentence names what stands against what."""


@dataclass(frozen=True)
class Conditions:
    """What decides. The demo's exists only where all five are as its own."""

    address: str
    """On which the page is served; '' is every one."""
    has_auth_section: bool
    has_database_url: bool
    is_launchers: bool
    """The database runs by our own launcher."""
    has_marker: bool
    """The launcher filled it with demo people, and wrote so into it."""


def sign_in_kind(found: Conditions) -> SignInKind:
    """The one way in. Raises Conflict where there is none, or would be one too many."""
    reason = _against_accounts(found) if found.has_auth_section else _against_demo(found)
    if reason is not None:
        raise SignInConflict(reason)
    return SignInKind.ACCOUNTS if found.has_auth_section else SignInKind.DEMO


def sign_in_kind_before_opening(
    *, address: str, has_auth_section: bool, has_database_url: bool
) -> SignInKind:
    """The same as far as it can be known while the database is not open yet. Raises Conflict."""
    return sign_in_kind(
        Conditions(
            address=address,
            has_auth_section=has_auth_section,
            has_database_url=has_database_url,
            is_launchers=not has_database_url,
            has_marker=not has_auth_section,
        )
    )


def _against_accounts(found: Conditions) -> str | None:
    if found.has_marker:
        return (
            "Sign-in is configured in secrets.toml, but this database holds the demo with its invented people. "
            "Use another database (--data-dir or DATABASE_URL), or remove the [auth] section to see the demo."
        )
    return None


def _against_demo(found: Conditions) -> str | None:
    if found.has_database_url:
        return (
            "This is your own database (DATABASE_URL is set), so there are no demo people, and no sign-in is "
            f"configured. {EXAMPLE}, or unset DATABASE_URL to see the demo."
        )
    if found.address not in LOOPBACK:
        return (
            f"The page is served on {found.address or 'every address'}, where others could reach it. The demo "
            f"opens only on 127.0.0.1. {EXAMPLE} to let people sign in."
        )
    if not (found.is_launchers and found.has_marker):
        return (
            "This database holds no demo people of this program's, and no sign-in is configured. "
            f"{EXAMPLE}, or choose another --data-dir to see the demo."
        )
    return None
