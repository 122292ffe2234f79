"""Why no connection could be had: what whoever runs the dashboard has to mend, with the reason that was given.

A server's sentence may be in any language, so its SQLSTATE decides. psycopg has none of a connection that was
never made: a server that refuses is asked once more, with libpq set to tell it.
"""

from __future__ import annotations

import ctypes
import re
import selectors
import sys
import time
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

PATIENCE: Final = 5.0  # seconds

REFUSED_PASSWORD: Final = "28P01"  # noqa: S105
SHUT_OUT: Final = "42501"

BY_STATE: Final = {
    "3D000": "The server has no database of the name in the URL.",
    "28000": "The server does not let this user in: it does not know the user, or no line of its pg_hba.conf "
    "lets the user reach this database from this machine, or only with TLS (?sslmode=require in the URL).",
    REFUSED_PASSWORD: "The server refuses the user's password.",
    SHUT_OUT: "The user may not connect to this database.",
    "53300": "The server has no connection left.",
    "57P03": "The server is starting, stopping or recovering.",
}

BY_WORDS: Final = (
    (
        r"failed to resolve host|could not translate host name",
        "The host in the URL is not known here. Is its name right, and does DNS work? In a password @ is "
        "written %40.",
    ),
    (
        r"timeout expired|timed out",
        "The host in the URL does not answer. Is it right, does it run, and does a firewall let this machine "
        "through?",
    ),
    (
        r"Connection refused|No such file or directory",
        "Nothing listens at the host and port in the URL. Are they right, and does the server run?",
    ),
    (
        r"No route to host|Network is unreachable",
        "No network leads from here to the host in the URL.",
    ),
    (
        r"does not support SSL",
        "The URL asks for TLS (sslmode), which the server does not offer.",
    ),
    (
        r"certificate verify failed|does not match host name|root certificate file",
        "The server's TLS certificate could not be verified, as sslmode in the URL asks. Name the authority's "
        "certificate with sslrootcert, and the host as the certificate does.",
    ),
    (
        r"no encryption",
        "The server lets this user in with TLS only. Write ?sslmode=require into the URL.",
    ),
    (
        r"read-only|hot standby",
        "Only standbys answer, and target_session_attrs in the URL asks for the primary.",
    ),
)
"""Said by this side, in English; of a server's own words only those that its SQLSTATE leaves open."""

NAMES: Final = re.compile(r'"[^"]*"')

WAITS: Final = {
    pq.PollingStatus.READING: selectors.EVENT_READ,
    pq.PollingStatus.WRITING: selectors.EVENT_WRITE,
}

SQLSTATE_ALONE: Final = 3  # PQERRORS_SQLSTATE
TOLD_STATE: Final = re.compile(r":  (\w{5})$", re.MULTILINE)


class Unreachable(psycopg.OperationalError):
    """No connection could be had. `sqlstate` is the server's, where it answered; no password is in `why`."""

    def __init__(self, reason: str, state: str | None = None) -> None:
        super().__init__(reason)
        self.sqlstate = state
        cause = _by_words(reason) or BY_STATE.get(state or "", "The database cannot be reached.")
        self.why = f"{cause} The reason given: {_one_line(reason)}"


def open_connection(
    dialect: Dialect, _: ConnectionPoolEntry, args: list[Any], options: dict[str, Any]
) -> object:
    """SQLAlchemy's connection. Raises Unreachable."""
    try:
        return dialect.connect(*args, **options)
    except psycopg.Error as error:
        reason = str(error)
        may_be_refused = error.pgconn is not None and not _by_words(reason)
        raise Unreachable(reason, _state(options) if may_be_refused else None) from error
    except UnicodeError as error:  # of a host that can be no name
        raise Unreachable(f"failed to resolve host: {error}") from error


def _by_words(reason: str) -> str:
    said = NAMES.sub("", reason)
    return next((cause for words, cause in BY_WORDS if re.search(words, said)), "")


def _one_line(reason: str) -> str:
    # Of several hosts, the last one's reason comes first, then everybody's.
    told = " ".join(reason.split()).removeprefix("connection failed: ")
    return told if told.endswith((".", "?")) else f"{told}."


def _state(options: dict[str, Any]) -> str | None:
    """The SQLSTATE with which the server refuses this connection, which is tried once more."""
    known = {one.keyword.decode() for one in pq.Conninfo.get_defaults()}
    conninfo = make_conninfo(**{name: one for name, one in options.items() if name in known})
    talk = pq.PGconn.connect_start(conninfo.encode())
    try:
        _tell_states(talk)
        _await_end(talk)
        told = TOLD_STATE.findall(talk.get_error_message())
    except (OSError, AttributeError):  # a libpq of another kind of psycopg
        return None
    finally:
        talk.finish()
    return told[-1] if told else None


def _tell_states(talk: pq.abc.PGconn) -> None:
    """Have errors be told as their SQLSTATE, which psycopg does not wrap."""
    libpq = ctypes.CDLL(sys.modules[type(talk).__module__].__file__)
    libpq.PQsetErrorVerbosity(ctypes.c_void_p(talk.pgconn_ptr), SQLSTATE_ALONE)  # type: ignore[attr-defined]


def _await_end(talk: pq.abc.PGconn) -> None:
    until = time.monotonic() + PATIENCE
    while (status := pq.PollingStatus(talk.connect_poll())) in WAITS and time.monotonic() < until:
        with selectors.DefaultSelector() as selector:
            selector.register(talk.socket, WAITS[status])
            selector.select(until - time.monotonic())
