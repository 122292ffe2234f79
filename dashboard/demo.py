"""When the demo may be opened as anybody: only where that harms nobody. Pure, so that start-up can ask."""

from __future__ import annotations

from typing import Final

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


def conflict(*, address: str, has_database_url: bool, has_auth_section: bool) -> str | None:
    """The first condition of the demo sign-in that does not hold, as a sentence; None where all do.

    The last condition, the marker in the database, is the database's to know: without it there are no
    demo people.
    """
    if has_auth_section:
        return "Sign-in is configured in secrets.toml, so nobody can be opened as a demo person."
    if has_database_url:
        return "This is your own database (DATABASE_URL is set), so there are no demo people."
    if address not in LOOPBACK:
        return (
            f"The page is served on {address or 'every address'}, where others could reach it. "
            "The demo opens only on 127.0.0.1."
        )
    return None
