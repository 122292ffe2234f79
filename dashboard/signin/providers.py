"""The sign-in services of a school, as secrets.toml names them, and who came from one."""

from __future__ import annotations

import os
import shlex
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from dashboard.web.private import CALLBACK, USER_COOKIE
from data.access.errors import DataError
from data.access.sign_in import SignInAccount, account

NEEDED: Final = ("client_id", "client_secret", "server_metadata_url")
SHORTEST_SECRET: Final = 32  # characters: it signs who somebody is

# Anybody can have an account there, with any e-mail. The last is Microsoft's own tenant of the one before.
OPEN_TO_ALL: Final = (
    "/common/",
    "/organizations/",
    "/consumers/",
    "/9188040d-6c67-4c5b-b112-36a304b66dad/",
)

OTHERS: Final = stat.S_IROTH | stat.S_IWOTH

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Provider:
    """A sign-in service: `name` is its section in secrets.toml, None where [auth] itself describes it."""

    name: str | None
    label: str
    trusts_email: bool


def is_configured() -> bool:
    """Is there an [auth] section?"""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def section() -> Mapping[str, Any]:
    """The [auth] section; empty where there is none."""
    found: Mapping[str, Any] = st.secrets["auth"].to_dict() if is_configured() else {}
    return found


def is_https() -> bool:
    """Is the page reached over https? As the address says to which people come back."""
    return str(section().get("redirect_uri", "")).startswith("https://")


def own_address(port: int) -> str:
    """Where people reach the page, as redirect_uri says; `port` is for its "{port}"."""
    return str(section()["redirect_uri"]).removesuffix(CALLBACK).replace("{port}", str(port))


def providers() -> tuple[Provider, ...]:
    """All of them, in the order of the file."""
    auth = section()
    found = [_provider(None, auth)] if "client_id" in auth else []
    named = {
        name: one for name, one in auth.items() if isinstance(one, Mapping) and _describes(one)
    }
    return (*found, *(_provider(name, one) for name, one in named.items()))


def _describes(one: Mapping[str, Any]) -> bool:
    return any(key in one for key in NEEDED)


def _provider(name: str | None, one: Mapping[str, Any]) -> Provider:
    label = one.get("label") or (name.title() if name else "your school's account")
    return Provider(name, str(label), one.get("emails_are_verified") is True)


def check() -> None:
    """Raises DataError, naming what in the [auth] section cannot be used; no section at all is fine."""
    auth = section()
    if not auth and not is_configured():
        return
    refuse_what_others_read(Path(one) for one in st.get_option("secrets.files"))
    if not str(auth.get("redirect_uri", "")).endswith(CALLBACK):
        raise DataError(f"redirect_uri in secrets.toml must be the page's address and {CALLBACK}.")
    address = urlsplit(str(auth["redirect_uri"]))
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        raise DataError(
            "redirect_uri in secrets.toml must begin with https://: over http anybody on the way can read who "
            "signed in, and sign in as them. Only on this machine itself (localhost) http will do."
        )
    if len(str(auth.get("cookie_secret", ""))) < SHORTEST_SECRET:
        raise DataError(
            f"cookie_secret in secrets.toml needs {SHORTEST_SECRET} characters or more that nobody can guess. "
            'Make one with: python -c "import secrets; print(secrets.token_hex(32))"'
        )
    if not providers():
        raise DataError("The [auth] section in secrets.toml names no sign-in service.")
    for one in providers():
        _check_provider(one, auth if one.name is None else auth[one.name])


def refuse_what_others_read(files: Iterable[Path]) -> None:
    """Raises DataError for a file of secrets that is not its owner's alone (and their group's)."""
    for file in files:
        # On Windows these bits say nothing.
        if os.name == "posix" and file.is_file() and file.stat().st_mode & OTHERS:
            raise DataError(
                f"Everybody on this machine can read or change {file}. Who knows its cookie_secret signs in as "
                f"anybody. Make it yours alone: chmod 600 {shlex.quote(str(file))}"
            )


def _check_provider(provider: Provider, one: Mapping[str, Any]) -> None:
    where = "[auth]" if provider.name is None else f"[auth.{provider.name}]"
    missing = [key for key in NEEDED if not one.get(key)]
    if missing:
        raise DataError(f"{where} in secrets.toml lacks {', '.join(missing)}.")
    if "_" in (provider.name or ""):
        raise DataError(f"{where} in secrets.toml: Streamlit takes no name with an underscore.")
    if provider.trusts_email and _is_open_to_all(one["server_metadata_url"]):
        raise DataError(
            f"{where} in secrets.toml trusts every e-mail of a service where anybody can have an account "
            "with any e-mail. Write your own tenant's id into server_metadata_url."
        )


def _is_open_to_all(address: str) -> bool:
    return any(part in address.lower() for part in OPEN_TO_ALL)


def who_came() -> SignInAccount | None:
    """Whom the browser's cookie names; None where nobody signed in, the cookie is not ours, or the service that
    it is of was taken out of secrets.toml."""
    if not st.user.is_logged_in:
        return None
    claims = {name: value for name, value in st.user.to_dict().items() if name != "tokens"}
    known = {one.name or "default": one for one in providers()}
    provider = known.get(str(claims.get("provider")))
    return account(claims, trusts_email=provider.trusts_email) if provider is not None else None


def has_foreign_cookie() -> bool:
    """Does the browser show a sign-in that is none: altered, or signed with another secret?"""
    return not st.user.is_logged_in and bool(st.context.cookies.get(USER_COOKIE))
