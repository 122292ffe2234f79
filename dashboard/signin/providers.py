"""The sign-in services of a school, as secrets.toml names them, and who came from one."""

import os
import shlex
import stat
import tomllib
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
GROUP: Final = stat.S_IRGRP | stat.S_IWGRP

USUAL_PORTS: Final = {"https": ":443", "http": ":80"}

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


def files() -> tuple[Path, ...]:
    """Where secrets.toml may be."""
    return tuple(Path(one) for one in st.get_option("secrets.files"))


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


def named(name: str) -> Provider | None:
    """The service that Streamlit calls so; None where it was taken out."""
    return next((one for one in providers() if (one.name or "default") == name), None)


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
    refuse_what_others_read(files())
    _check_address(str(auth.get("redirect_uri", "")))
    if len(str(auth.get("cookie_secret", ""))) < SHORTEST_SECRET:
        raise DataError(
            f"cookie_secret in secrets.toml needs {SHORTEST_SECRET} characters or more that nobody can guess. "
            'Make one with: python -c "import secrets; print(secrets.token_hex(32))"'
        )
    if not providers():
        raise DataError("The [auth] section in secrets.toml names no sign-in service.")
    for one in providers():
        _check_provider(one, auth if one.name is None else auth[one.name])


def _check_address(address: str) -> None:
    if not address.endswith(CALLBACK):
        raise DataError(f"redirect_uri in secrets.toml must be the page's address and {CALLBACK}.")
    if urlsplit(address).path != CALLBACK or st.get_option("server.baseUrlPath"):
        raise DataError(
            "redirect_uri in secrets.toml names a folder. The dashboard needs a name, or a port, of its own: "
            f"https://progress.example.org{CALLBACK}, without server.baseUrlPath."
        )
    # A sign-in counts where the browser calls the page so.
    if address != (written := _as_browsers_write(address)) or not address.isascii():
        raise DataError(
            f"redirect_uri in secrets.toml must be written as browsers do: {written}, and letters "
            "other than a to z as xn--…"
        )
    if not is_safe(address):
        raise DataError(
            "redirect_uri in secrets.toml must begin with https://: over http anybody on the way can read who "
            "signed in, and sign in as them. Only on this machine itself (localhost) http will do."
        )


def _as_browsers_write(address: str) -> str:
    found = urlsplit(address)
    name = found.netloc.lower().removesuffix(USUAL_PORTS.get(found.scheme, "/"))
    return f"{found.scheme}://{name}{found.path}"


def is_safe(address: str) -> bool:
    """Whether nobody on the way to it reads along, or answers in its place."""
    found = urlsplit(address)
    return found.scheme == "https" or found.hostname in LOOPBACK


def refuse_unreadable(files: Iterable[Path]) -> None:
    """Raises DataError for a file of secrets that is there and cannot be read: it says nothing of sign-in."""
    for file in files:
        try:
            if file.is_file():
                tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise DataError(
                f"{file} cannot be read ({error.strerror}) by the account that the program runs as. It may "
                "be root's where its group is the program's: chown root:progress and chmod 640, say."
            ) from error
        except ValueError as error:
            raise DataError(f"{file} is not written as TOML is: {error}.") from error


def refuse_what_others_read(files: Iterable[Path]) -> None:
    """Raises DataError for a file of secrets that is not ours alone. One of the system's may be our group's."""
    # On Windows these bits say nothing.
    for file in (one for one in files if os.name == "posix" and one.is_file()):
        found = file.stat()
        is_own = found.st_uid == os.geteuid()
        if found.st_mode & (OTHERS | (GROUP if is_own else 0)):
            raise DataError(
                f"Others on this machine can read or change {file}. Who knows its cookie_secret signs in as "
                f"anybody. Make it yours alone: chmod 600 {shlex.quote(str(file))}"
            )
        # Also where a link stands.
        for folder in (*file.absolute().parents, *file.resolve().parents):
            if _is_open_to_change(folder):
                raise DataError(
                    f"Others on this machine can put another {file.name} in place of {file}. "
                    f"Close the folder: chmod o-w {shlex.quote(str(folder))}"
                )


def _is_open_to_change(folder: Path) -> bool:
    mode = folder.stat().st_mode
    return bool(mode & stat.S_IWOTH) and not mode & stat.S_ISVTX


def _check_provider(provider: Provider, one: Mapping[str, Any]) -> None:
    where = "[auth]" if provider.name is None else f"[auth.{provider.name}]"
    missing = [key for key in NEEDED if not one.get(key)]
    if missing:
        raise DataError(f"{where} in secrets.toml lacks {', '.join(missing)}.")
    if not is_safe(str(one["server_metadata_url"])):
        raise DataError(f"{where} in secrets.toml: server_metadata_url must begin with https://.")
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
    provider = named(str(claims.get("provider")))
    return account(claims, trusts_email=provider.trusts_email) if provider is not None else None


def has_foreign_cookie() -> bool:
    """Does the browser show a sign-in that is none: altered, signed with another secret, or of a service that
    was taken out?"""
    return bool(st.context.cookies.get(USER_COOKIE)) and who_came() is None
