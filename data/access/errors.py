"""What can go wrong, in words a person can act on: one translation of PostgreSQL's answers for everybody."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from data.access.outage_words import (
    AWAY,
    BROKEN,
    LOGIN,
    OUTAGES,
    READ_ONLY,
    REFUSED_PASSWORD,
    UNMADE,
)
from data.access.unreachable import Unreachable, given
from data.rules.progress import Field, Problem, must_be


class DataError(Exception):
    """A failure with one clear sentence that says what to do.

    `why` is for whoever runs the dashboard: the cause, where there is more to say than to somebody at a page;
    `state` the SQLSTATE, where the database is at fault.
    """

    def __init__(self, sentence: str, why: str = "", state: str = "") -> None:
        super().__init__(sentence)
        self.why, self.state = why, state


class DatabaseAway(DataError):
    """The database cannot be reached, or takes too long."""


class DatabaseNotReady(DataError):
    """The database is there but older, newer or set up differently than this program needs."""


class Misconfigured(DataError):
    """Settings that cannot stand together, or a start that leaves something out: waiting does not help."""


class MissingIdentity(DataError):
    """A transaction was begun without saying for whom: a fault in the program, never in the person."""


def to_operator(error: DataError) -> str:
    """What the terminal and the log are told of it."""
    return error.why or str(error)


UNREADABLE: Final = Problem(None, "unreadable", "The text holds a character that cannot be stored.")
_UNREADABLE_DATE: Final = Problem(
    None, "unreadable", "A date could not be read. Check what you typed."
)
_DATE_OUT_OF_RANGE: Final = Problem(
    None, "out_of_range", "A date is out of range. Nothing was saved."
)
_TOO_LARGE: Final = Problem(None, "out_of_range", "A number is too large. Nothing was saved.")
_MISSING: Final = Problem(None, "missing", "A value that is needed is missing. Nothing was saved.")
_UNKNOWN: Final = Problem(
    None, "unknown", "This student or module is not known any more. Nothing was saved."
)
AT_ONCE: Final = Problem(
    None, "busy", "Somebody else was saving at the same moment. Please save again."
)
"""Of two who wait for each other one was ended, and nothing of its transaction stays: it may be begun again."""
_LOCKED: Final = Problem(
    None, "busy", "Somebody else is changing the same rows. Please save again."
)


def refused(act: str, *, alone: bool = True) -> Problem:
    """They may not do this: `act` goes on from "You may not". One of several edits is not `alone`."""
    nothing = " Nothing was saved." if alone else ""
    return Problem(None, "refused", f"You may not {act}.{nothing}")


OWN_PROGRESS: Final = Problem(
    None, "refused", "This is your own progress: only a colleague can correct it."
)
"""Of staff who are students too. The policies refuse it in any case; this says why."""

PROBLEMS: Final = {
    "42501": refused("change this student's progress"),
    "44000": refused("change this student's progress"),  # outside of dashboard.editable_progress
    "22P02": Problem(None, "unreadable", "A value could not be read. Check what you typed."),
    "22003": _TOO_LARGE,
    "22007": _UNREADABLE_DATE,
    "22008": _DATE_OUT_OF_RANGE,
    "22009": _DATE_OUT_OF_RANGE,
    "22021": UNREADABLE,
    "22P05": UNREADABLE,
    "23502": _MISSING,
    "23503": _UNKNOWN,
    "23514": must_be(Field.PERCENTAGE, "out_of_range"),
    "40001": AT_ONCE,
    "40P01": AT_ONCE,
    "55P03": _LOCKED,
}
"""What an SQLSTATE means to a person who changes progress."""

AWAY_SENTENCE: Final = (
    "The database cannot be reached just now. Nothing is lost: wait a moment and try again."
)
UNSIGNED: Final = (
    "The database does not accept this app's signature. Set DATABASE_CLAIMS_KEY to the key that python -m data "
    "migrate printed, or make a new one with python -m data rekey; a new login first needs python -m data "
    "migrate. Then start the app again."
)
NOT_OWNER: Final = (
    "DATABASE_OWNER_URL must name the user to whom the tables belong; restored with --no-owner, they belong to "
    "whoever restored them."
)
SLOW_SENTENCE: Final = (
    "The database took too long to answer. Nothing was changed: wait a moment and try again."
)


def sqlstate(error: BaseException) -> str:
    """The five-character SQLSTATE of a database error, or '' where the server said nothing."""
    original = getattr(error, "orig", error)
    return getattr(original, "sqlstate", None) or ""


def is_refused_password(error: BaseException) -> bool:
    """Did the server answer, and take the password for a wrong one?"""
    return sqlstate(error) == REFUSED_PASSWORD


RAISED_BY_THEIRS: Final = re.compile(
    r"PL/\w+ function (?!(?:internal|dashboard|school|roster)\.|inline_code_block)"
)
"""How the context of an error begins that a function raised which is none of ours."""


def as_problem(error: DBAPIError) -> Problem | None:
    """The named problem behind an error of a statement, or None where it is nobody's input."""
    why = _of_the_platforms(error.orig) if isinstance(error.orig, psycopg.Error) else None
    if why is not None:
        return Problem(
            None, "platform", f"The platform does not take this: {why}. Nothing was saved."
        )
    return PROBLEMS.get(sqlstate(error))


def _of_the_platforms(error: psycopg.Error) -> str | None:
    """What a trigger or a constraint that is the platform's says against a change of progress."""
    rule = error.diag.constraint_name
    is_theirs = error.diag.table_name == "student_module_progress"
    match error.sqlstate:
        case "P0001" if RAISED_BY_THEIRS.match(error.diag.context or ""):
            return _said(error).rstrip(".")
        case "23505" | "23P01" | "23514" if is_theirs and rule and "percentage" not in rule:
            return f"its rule “{rule}” refuses it"
    return None


def explained(
    error: DBAPIError | UnicodeEncodeError,
    instead: Mapping[str, Problem],
    broken: Mapping[str, Problem] = MappingProxyType({}),
) -> Problem:
    """The named problem behind an error, for whoever writes; `instead` has what is said there in place of a
    problem of that code, `broken` what a constraint or a guard means, by its name. An error that is nobody's
    input is raised again."""
    diagnosis = getattr(getattr(error, "orig", None), "diag", None)
    if (known := broken.get(getattr(diagnosis, "constraint_name", None) or "")) is not None:
        return known
    problem = UNREADABLE if isinstance(error, UnicodeEncodeError) else as_problem(error)
    if problem is None:
        raise error
    return instead.get(problem.code, problem)


@contextmanager
def outages_in_words() -> Iterator[None]:
    """Where the database is away, slow or not as it should be, DatabaseAway or DatabaseNotReady is raised."""
    try:
        yield
    except SQLAlchemyError as error:
        outage = as_outage(error)
        if outage is None:
            raise
        raise outage from error


def as_outage(error: SQLAlchemyError) -> DataError | None:
    """The expected state (away, slow, older schema) behind an error, or None where it is a fault."""
    if isinstance(error, PoolTimeout):
        return DatabaseAway(SLOW_SENTENCE)
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, Unreachable):
        return _as_unreachable(error.orig)
    state = sqlstate(error)
    if state == "57014":
        return DatabaseAway(SLOW_SENTENCE)
    if state == READ_ONLY:
        return DatabaseNotReady(*OUTAGES[state], state)
    if state in {"42P01", "42703", "42883", "3F000", "28000", "22023", "42704"}:
        return DatabaseNotReady(
            "The database is there, but its structure is not what this program needs. "
            "Run: python -m data migrate"
        )
    # Where the server said nothing, the connection is at fault, unless it was the value: the driver will
    # not send a NUL.
    silent = not state and isinstance(error, OperationalError | InterfaceError)
    if error.connection_invalidated or state[:2] in AWAY or silent:
        sentence, cause = OUTAGES.get(state, (AWAY_SENTENCE, "The database does not answer."))
        return DatabaseAway(sentence, f"{cause} {given(_said(error.orig))}", state or BROKEN)
    return None


def _said(error: BaseException | None) -> str:
    """The server's sentence alone: what it adds may quote rows."""
    primary = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return primary or str(error)


def said(error: BaseException) -> str:
    """The server's sentence and the function that it comes from, without statements and rows."""
    original = getattr(error, "orig", None) or error
    context = original.diag.context if isinstance(original, psycopg.Error) else None
    where = re.match(r"PL/pgSQL function .+? line \d+", context or "")
    return _said(original).rstrip(".") + (f" ({where[0]})" if where else "")


def _as_unreachable(error: Unreachable) -> DataError:
    state = error.sqlstate or UNMADE
    if state in LOGIN:
        return DatabaseNotReady(LOGIN[state], error.why, state)
    return DatabaseAway(OUTAGES.get(state, (AWAY_SENTENCE,))[0], error.why, state)
