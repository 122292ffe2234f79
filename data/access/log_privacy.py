"""What the log is told of an error: where it was, and nothing of what a row holds."""

import logging
import re
import traceback
from collections.abc import Iterator
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
