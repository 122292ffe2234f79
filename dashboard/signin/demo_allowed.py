"""Which sign-in there is: the demo's, which opens as anybody and so exists only where that harms nobody; the
link of somebody's own school, which opens as whoever sits at this computer; or the one with accounts. Pure, so
that start-up can ask."""

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
    LINK = "link"
    ACCOUNTS = "accounts"


class SignInConflict(Misconfigured):
    """Nobody may come in as things are set up; the sentence names what stands against what."""


@dataclass(frozen=True)
class Conditions:
    """What decides. The demo exists only where all six are as its own, the link only where they are as its."""

    address: str
    """On which the page is served; '' is every one."""
    has_auth_section: bool
    has_database_url: bool
    is_launchers: bool
    """The database runs by our own launcher."""
    has_marker: bool
    """The launcher filled it with demo people, and wrote so into it."""
    is_school: bool
    """Started for a school of one's own on this computer (--school)."""


def sign_in_kind(found: Conditions) -> SignInKind:
    """The one way in. Raises Conflict where there is none, or would be one too many."""
    if found.is_school:
        kind, reason = SignInKind.LINK, _against_link(found)
    elif found.has_auth_section:
        kind, reason = SignInKind.ACCOUNTS, _against_accounts(found)
    else:
        kind, reason = SignInKind.DEMO, _against_demo(found)
    if reason is not None:
        raise SignInConflict(reason)
    return kind


def sign_in_kind_before_opening(
    *, address: str, has_auth_section: bool, has_database_url: bool, is_school: bool
) -> SignInKind:
    """The same as far as it can be known while the database is not open yet. Raises Conflict."""
    return sign_in_kind(
        Conditions(
            address=address,
            has_auth_section=has_auth_section,
            has_database_url=has_database_url,
            is_launchers=not has_database_url,
            has_marker=not (has_auth_section or is_school),
            is_school=is_school,
        )
    )


def _against_link(found: Conditions) -> str | None:
    if found.has_auth_section:
        return (
            "With --school you sign in by a link on this computer, but accounts are configured in "
            "secrets.toml. Start without --school, or remove the [auth] section."
        )
    if found.has_database_url:
        return (
            "With --school a database of its own on this computer is opened, but DATABASE_URL is set. Start "
            "without --school, or unset DATABASE_URL."
        )
    if found.address not in LOOPBACK:
        return (
            f"The page is served on {found.address or 'every address'}, where others could reach it. With "
            "--school it opens only on 127.0.0.1."
        )
    if found.has_marker or not found.is_launchers:
        return (
            "This folder holds the demo with its invented people, or a database that this program does not "
            "run. Choose another --data-dir for your own school."
        )
    return None


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
            f"{EXAMPLE}, or choose another --data-dir to see the demo. Your own school on this computer opens "
            "with --school."
        )
    return None
