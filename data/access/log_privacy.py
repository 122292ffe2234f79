"""What a line of the log holds: of an error where it was, and nothing of what a row holds; text or JSON."""

import json
import logging
import re
import traceback
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import blake2b
from secrets import token_hex
from typing import Any, Final

import psycopg
from sqlalchemy.exc import StatementError

from data.access.errors import sqlstate

BECAUSE: Final = "\nwhich was the cause of:\n\n"

# Bounded, or a long text without an @ would be walked again from each of its letters.
EMAIL: Final = re.compile(r"[^\s@<>()\"',;:=&/]{1,64}(?:@|%40)[^\s@<>()\"',;:=&/]{1,255}")


def masked(text: str) -> str:
    """Without the e-mail addresses in it."""
    return EMAIL.sub("(e-mail)", text)


def keep_rows_out_of_logs() -> None:
    """From now on every log of this process, libraries' too, is told of an error what `traced` tells."""
    make = logging.getLogRecordFactory()

    def record(*given: Any, **named: Any) -> logging.LogRecord:
        made = make(*given, **named)
        if made.exc_info and made.exc_info[1]:
            made.exc_text = traced(made.exc_info[1])  # what formatters write, where it is there
        return made

    logging.setLogRecordFactory(record)


LINE: Final = "%(line)s"
"""The format of every handler, once `write_lines` was called: a whole line, but for the traceback in text."""

SERVERS: Final = ("uvicorn", "websockets")
ASKED: Final = re.compile(r"\?[^\s\"']*")  # whom somebody searched for

_request: Final = ContextVar("request", default="")


def begin_request() -> None:
    """What this task or thread says from now on has a new request id."""
    _request.set(token_hex(4))


def write_lines(level: str, *, is_json: bool, page: Callable[[], str]) -> None:
    """From now on this process writes its log to standard error, from this level on, each line with the ids of
    its request and of its page, `page`: random ones that are nobody's, and the page's only as a digest."""
    make = logging.getLogRecordFactory()

    def record(*given: Any, **named: Any) -> logging.LogRecord:
        made = make(*given, **named)
        made.line = (_as_json if is_json else _as_text)(made, _ids(page()))
        if is_json:
            made.exc_info = made.exc_text = None  # within the line
        return made

    logging.setLogRecordFactory(record)
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(LINE))
    handler.addFilter(lambda one: one.name != "progress.audit")  # which has its own
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(level.upper())


def _ids(page: str) -> dict[str, str]:
    if not _request.get():
        begin_request()
    session = blake2b(page.encode(), digest_size=4).hexdigest() if page else "-"
    return {"session": session, "request": _request.get()}


def _as_text(made: logging.LogRecord, ids: dict[str, str]) -> str:
    when = logging.Formatter().formatTime(made)
    said = _message(made)
    return f"{when} {made.levelname} {made.name} {ids['session']} {ids['request']} {said}"


def _as_json(made: logging.LogRecord, ids: dict[str, str]) -> str:
    error = made.exc_info[1] if made.exc_info else None
    told = {
        "time": datetime.fromtimestamp(made.created, UTC).isoformat(timespec="milliseconds"),
        "level": made.levelname.lower(),
        "logger": made.name,
        **ids,
        "message": _message(made),
        **({"error": traced(error)} if error else {}),
    }
    return json.dumps(told)


def _message(made: logging.LogRecord) -> str:
    try:
        said = made.getMessage()
    except (TypeError, ValueError, LookupError, AttributeError):
        # A mistake of whoever logs, which logging would tell with what it was given.
        said, made.args = str(made.msg), None
    return masked(ASKED.sub("?…", said) if made.name.startswith(SERVERS) else said)


def traced(error: BaseException) -> str:
    """The tracebacks of an error and of its causes, the first cause first.

    Of what the database said only its SQLSTATE and the statement: its sentences quote rows, and SQLAlchemy
    adds the values. A traceback quotes lines of the program alone; what others say may hold an e-mail.
    """
    chain = list(_causes(error))
    return BECAUSE.join(_one(each) for each in reversed(chain))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    met: set[int] = set()
    while error is not None and id(error) not in met:
        met.add(id(error))
        yield error
        # Several at once, of tasks that ran together: the first tells enough.
        inner = error.exceptions[0] if isinstance(error, BaseExceptionGroup) else None
        error = (
            inner or error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        )


def _one(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"{frames}{type(error).__module__}.{type(error).__qualname__}: {_said(error)}\n"


def _said(error: BaseException) -> str:
    if isinstance(error, StatementError):
        return f"{sqlstate(error)} in {error.statement}"
    return sqlstate(error) if isinstance(error, psycopg.Error) else masked(str(error))
