"""Addresses as settings write them. What is wrong with one is a ValueError that goes on from the setting's
name, and repeats nothing of it: a part of a password may stand anywhere."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from data.rules.roster import EMAIL

LAST_PORT: Final = 65535

TWO_ATS: Final = (
    "has a second @. In a user's name or password write @ as %40, : as %3A, / as %2F and % as %25."
)
SEVERAL_SERVERS: Final = (
    "names several servers, but not each as host:port. Write "
    "postgresql://user:password@FIRST:5432,SECOND:5432/database."
)
SERVER: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([\w.-]+|/[^,:]+))(?::([0-9]{0,5}))?")
"""One of several: a name, an address or the folder of a socket, and perhaps a port."""
OF_SEVERAL: Final = {"target_session_attrs": "primary"}
"""Which is meant where the URL does not say: the one that others copy. `read-write` would find none while that
is set to read only, as hosts do where the disk is full, and pages can be read all the same."""
OF_REPLICAS: Final = {"target_session_attrs": "standby"}
MAIL_SERVER: Final = "is not a mail server. Write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host."
MAIL_PORTS: Final = {"smtp": 587, "smtps": 465}
HERE: Final = ("localhost", "127.0.0.1", "::1")
"""This machine: what is said to it goes over no wire."""


def _malformed(url: str) -> str:
    """What is wrong with a database's."""
    if url.partition("?")[0].count("@") > 1:
        return TWO_ATS
    return "is not a URL. Write postgresql://user:password@host/database."


def as_replica_url(written: object) -> URL:
    """The same of a standby; of several servers, any that is one."""
    return as_database_url(written, meant=OF_REPLICAS)


def as_database_url(written: object, *, meant: Mapping[str, str] = OF_SEVERAL) -> URL:
    """A PostgreSQL's, for our driver. Several servers may be named in libpq's way or in SQLAlchemy's; they are
    in the query then, hosts and ports each as libpq's list."""
    text, servers = _without_servers(str(written))
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
    return _of_several(url.set(drivername="postgresql+psycopg"), servers, meant)


def _without_servers(url: str) -> tuple[str, list[str]]:
    """The URL without what libpq reads between @ and /, and the servers that are named there, if several."""
    before, question, parameters = url.partition("?")
    scheme, slashes, rest = before.partition("://")
    user, at, place = rest.rpartition("@")
    servers, slash, database = place.partition("/")
    if "," not in servers or "@" in user:
        return url, []
    left = "".join((scheme, slashes, user, at, slash, database, question, parameters))
    return left, [unquote(one) for one in servers.split(",")]


def _of_several(url: URL, servers: list[str], meant: Mapping[str, str]) -> URL:
    named = servers or _in_query(url)
    if len(named) < 2:
        return url
    found = [one for one in map(SERVER.fullmatch, named) if one and _is_port(one[3])]
    twice = {"host", "port"} & {*url.query} if servers else url.host or url.port
    # libpq pairs addresses with hosts by place, and the one that was reached last comes first here.
    if len(found) < len(named) or twice or "hostaddr" in url.query:
        raise ValueError(SEVERAL_SERVERS)
    hosts, ports = [one[1] or one[2] for one in found], [one[3] or "5432" for one in found]
    where = {"host": ",".join(hosts), "port": ",".join(ports)}
    return url.set(host="", query={**meant, **url.query, **where})


def _in_query(url: URL) -> list[str]:
    """The servers in `?host=a:1&host=b:2`, or in `?host=a,b&port=1,2`."""
    hosts, ports = url.query.get("host", ""), url.query.get("port", "")
    if not isinstance(hosts, str) and not ports:
        return [*hosts]
    numbers = str(ports).split(",")
    if not isinstance(hosts, str) or len(numbers) not in (1, hosts.count(",") + 1):
        raise ValueError(SEVERAL_SERVERS)
    names = hosts.split(",")
    numbers = numbers * len(names) if len(numbers) == 1 else numbers
    bracketed = [f"[{one}]" if ":" in one else one for one in names]
    return [f"{one}:{port}" for one, port in zip(bracketed, numbers, strict=True)]


def _is_port(written: str | None) -> bool:
    return not written or 0 < int(written) <= LAST_PORT


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
