"""Why no connection could be had: what whoever runs the dashboard has to mend, with the reason that was given.

A server's sentence may be in any language, so its SQLSTATE decides. psycopg has none of a connection that was
never made: a server that refuses is asked once more, with libpq set to tell it.
"""

import ctypes
import re
import selectors
import sys
import time
from collections.abc import Sequence
from typing import Any, Final

import psycopg
from psycopg import pq
from psycopg.abc import RV, PQGen
from psycopg.conninfo import make_conninfo
from sqlalchemy.engine import Dialect
from sqlalchemy.pool import ConnectionPoolEntry

from data.access.outage_words import BY_STATE, BY_WORDS, OF_A_POOLER, PROTOCOL, TLS_ONLY

PATIENCE: Final = 5.0  # seconds

CONNECTING: Final = {
    "connect_timeout": "5",
    # A firewall that forgets a quiet connection tells nobody. So it is found out within 15 seconds, and nothing
    # that is sent waits longer for being taken.
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "12000",
    "client_encoding": "utf8",
}
"""Where the URL says nothing else: seconds, and thousandths in the last."""
OF_SEVERAL: Final = CONNECTING | {"connect_timeout": "3"}
"""The same for each of several servers."""

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
        self.why = f"{_cause(reason, state)} {given(reason)}"


class PatientConnection(psycopg.Connection[Any]):
    """One that is given up where the server says nothing for `patience` seconds; None: never. A pooler, or a
    server that was halted, keeps the connection alive and is silent all the same."""

    patience: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As psycopg waits for an answer."""
        try:
            return super().wait(gen, interval, self.patience if timeout is None else timeout)
        except psycopg.OperationalError as error:
            is_silent = error.sqlstate is None and self.pgconn.status == pq.ConnStatus.OK
            if timeout is not None or not is_silent:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"no answer within {self.patience:.0f} seconds (timeout expired)"
            ) from error


_reached: Final[dict[tuple[str, ...], tuple[str, str]]] = {}
"""Of each list of hosts and of ports, and of each kind that is asked for, the server that was reached last."""


def connected(*args: Any, **options: Any) -> PatientConnection:
    """A connection to where the engine connects, with what it says itself. Of several servers the one that was
    reached last comes first: a machine that is gone costs its time but once. Raises psycopg.Error."""
    named = str(options.get("host", "")), str(options.get("port", ""))
    kind = (*named, str(options.get("target_session_attrs", "")))
    hosts, ports = (one.split(",") for one in named)
    usual = CONNECTING
    if len(hosts) == len(ports) > 1:
        usual = OF_SEVERAL
        servers = sorted(zip(hosts, ports, strict=True), key=lambda one: one != _reached.get(kind))
        options |= {
            "host": ",".join(host for host, _ in servers),
            "port": ",".join(port for _, port in servers),
        }
    made = PatientConnection.connect(*args, **usual | options)
    _reached[kind] = made.info.host, str(made.info.port)
    return made


def open_connection(
    _: Dialect, __: ConnectionPoolEntry, args: list[Any], options: dict[str, Any]
) -> object:
    """SQLAlchemy's connection. Raises Unreachable."""
    try:
        return connected(*args, **options)
    except psycopg.Error as error:
        reason = str(error)
        may_be_refused = error.pgconn is not None and not _found(BY_WORDS, reason)
        raise Unreachable(reason, _state(options, reason) if may_be_refused else None) from error
    except UnicodeError as error:  # of a host that can be no name
        raise Unreachable(f"failed to resolve host: {error}") from error


def given(reason: str) -> str:
    """The reason as the server or the system gave it, in one line."""
    words = re.sub(r"^connection (failed|is bad): ", "", " ".join(reason.split()))
    return f"The reason given: {words}" + ("" if words.endswith((".", "?")) else ".")


def _cause(reason: str, state: str | None) -> str:
    # Without TLS libpq tries where it was refused with TLS: then the lack of it is not why.
    if reason.count("connection to server") == 1 and "no encryption" in NAMES.sub("", reason):
        return TLS_ONLY
    return (
        _found(BY_WORDS, reason) or BY_STATE.get(state or "") or "The database cannot be reached."
    )


def _found(table: Sequence[tuple[str, str]], reason: str) -> str | None:
    sentence = NAMES.sub("", reason)
    return next((found for words, found in table if re.search(words, sentence)), None)


def _state(options: dict[str, Any], reason: str) -> str | None:
    """The SQLSTATE with which the server refuses this connection."""
    state = _state_reported(options)
    return _found(OF_A_POOLER, reason) or state if state in (None, PROTOCOL) else state


def _state_reported(options: dict[str, Any]) -> str | None:
    """The first that is told where the connection is tried once more: with TLS, if that is tried first."""
    known = {one.keyword.decode() for one in pq.Conninfo.get_defaults()}
    conninfo = make_conninfo(**{name: one for name, one in options.items() if name in known})
    talk = pq.PGconn.connect_start(conninfo.encode())
    try:
        _report_states(talk)
        _await_end(talk)
        states = TOLD_STATE.findall(talk.get_error_message())
    except (OSError, AttributeError):  # a libpq of another kind of psycopg
        return None
    finally:
        talk.finish()
    return states[0] if states else None


def _report_states(talk: pq.abc.PGconn) -> None:
    """Have errors be told as their SQLSTATE, which psycopg does not wrap."""
    libpq = ctypes.CDLL(sys.modules[type(talk).__module__].__file__)
    libpq.PQsetErrorVerbosity(ctypes.c_void_p(talk.pgconn_ptr), SQLSTATE_ALONE)  # type: ignore[attr-defined]


def _await_end(talk: pq.abc.PGconn) -> None:
    until = time.monotonic() + PATIENCE
    while (status := pq.PollingStatus(talk.connect_poll())) in WAITS and time.monotonic() < until:
        with selectors.DefaultSelector() as selector:
            selector.register(talk.socket, WAITS[status])
            selector.select(until - time.monotonic())
