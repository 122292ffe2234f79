"""Addresses as settings write them. What is wrong with one is a ValueError that goes on from the setting's
name, and repeats nothing of it: a part of a password may stand anywhere."""

import re
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from data.rules.roster import EMAIL

LAST_PORT: Final = 65535

TWO_ATS: Final = (
    "has a second @. In a user's name or password write @ as %40, : as %3A, / as %2F and % as %25."
)
SEVERAL_HOSTS: Final = (
    "names several servers. Write them behind a question mark: postgresql://user:password@/database"
    "?host=FIRST:5432&host=SECOND:5432&target_session_attrs=read-write."
)
MAIL_SERVER: Final = "is not a mail server. Write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host."
MAIL_PORTS: Final = {"smtp": 587, "smtps": 465}
HERE: Final = ("localhost", "127.0.0.1", "::1")
"""This machine: what is said to it goes over no wire."""


def _malformed(url: str) -> str:
    """What is wrong with a database's."""
    before_parameters = url.partition("?")[0]
    if before_parameters.count("@") > 1:
        return TWO_ATS
    if "," in before_parameters.rpartition("@")[2]:
        return SEVERAL_HOSTS
    return "is not a URL. Write postgresql://user:password@host/database."


def as_database_url(written: object) -> URL:
    """A PostgreSQL's, for our driver."""
    text = str(written)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # a port that is no number is a bare ValueError
        raise ValueError(_malformed(text)) from None
    if url.port is not None and not 0 < url.port <= LAST_PORT:  # a password, where its @ is missing
        raise ValueError(_malformed(text))
    if "@" in f"{url.host}{url.database}":
        raise ValueError(TWO_ATS)
    if url.get_backend_name() not in ("postgresql", "postgres"):
        raise ValueError("must begin with postgresql://; other databases are not supported.")
    return url.set(drivername="postgresql+psycopg")


def as_mail_server(written: object) -> URL:
    """A mail server's, with its port."""
    text = str(written)
    if text.count("@") > 1:
        raise ValueError(TWO_ATS)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(MAIL_SERVER) from None
    port = url.port or MAIL_PORTS.get(url.drivername, 0)
    if not (url.host and 0 < port <= LAST_PORT) or url.database or url.query:
        raise ValueError(MAIL_SERVER)
    if (url.username is None) != (url.password is None):
        raise ValueError("names a user without a password. Write both, or neither.")
    return url.set(port=port)


def as_mail_sender(written: object) -> str:
    """An e-mail address, and nothing beside it."""
    if not EMAIL.fullmatch(str(written)) or not str(written).isprintable():
        raise ValueError("is not an e-mail address. Write it as progress@school.example.")
    return str(written)


def as_listener(written: object) -> tuple[str, int]:
    """An address and a port of this machine to listen at; by itself a port is that of loopback."""
    found = re.fullmatch(
        r"(?:(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+)):)?([0-9]{1,5})", str(written), re.ASCII
    )
    if found is None or not 0 < int(found[3]) <= LAST_PORT:
        raise ValueError(
            "is not a port. Write 9101, or an address with it: 10.0.0.5:9101, [::1]:9101."
        )
    return found[1] or found[2] or "127.0.0.1", int(found[3])


def as_dashboard_url(written: object) -> str:
    """Where people open the dashboard, without a slash at its end."""
    text = str(written)
    parts = urlsplit(text)
    is_plain = text.isascii() and text.isprintable() and " " not in text
    if (
        parts.scheme not in ("https", "http")
        or not parts.netloc
        or "@" in parts.netloc
        or not is_plain
    ):
        raise ValueError("is not an address. Write it as https://progress.school.example.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError(
            "has more than the dashboard's name. Write it as https://progress.school.example."
        )
    if parts.scheme == "http" and parts.hostname not in HERE:
        raise ValueError("must begin with https://, but on this machine itself.")
    return f"{parts.scheme}://{parts.netloc}"
