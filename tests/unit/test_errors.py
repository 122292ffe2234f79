"""PostgreSQL's answers in words, once for everybody."""

from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from sqlalchemy import exc

import data as data_room
from data.access.errors import (
    AWAY_SENTENCE,
    PROBLEMS,
    SLOW_SENTENCE,
    DatabaseAway,
    DatabaseNotReady,
    DataError,
    as_outage,
    as_problem,
    explained,
    refused,
    sqlstate,
)
from data.rules.progress import Field

BY_CLASS = {
    errors.OperationalError: exc.OperationalError,
    errors.DataError: exc.DataError,
    errors.IntegrityError: exc.IntegrityError,
    errors.ProgrammingError: exc.ProgrammingError,
    errors.InternalError: exc.InternalError,
}


def answer(state: str) -> exc.DBAPIError:
    """What SQLAlchemy raises where PostgreSQL answers with this SQLSTATE."""
    original = errors.lookup(state)
    wrapper = next(theirs for ours, theirs in BY_CLASS.items() if issubclass(original, ours))
    return wrapper("select", {}, original("said no"))


@pytest.mark.parametrize("state", PROBLEMS)
def test_every_problem_is_a_sentence_and_no_outage(state: str) -> None:
    problem = as_problem(answer(state))
    assert problem is not None
    assert (problem.code, problem.field) == (PROBLEMS[state].code, PROBLEMS[state].field)
    assert problem.message.endswith(".")
    assert as_outage(answer(state)) is None


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("42501", "refused"),
        ("23514", "out_of_range"),
        ("22003", "out_of_range"),
        ("22007", "unreadable"),
        ("22008", "out_of_range"),
        ("22009", "out_of_range"),
        ("22021", "unreadable"),
        ("22P05", "unreadable"),
        ("23503", "unknown"),
        ("40P01", "busy"),
        ("55P03", "busy"),
    ],
)
def test_what_a_value_can_meet_in_the_table_has_a_name(state: str, code: str) -> None:
    problem = as_problem(answer(state))
    assert problem is not None
    assert problem.code == code
    assert problem.field == (Field.PERCENTAGE if state == "23514" else None)


@pytest.mark.parametrize(
    ("state", "kind", "sentence"),
    [
        ("08006", DatabaseAway, AWAY_SENTENCE),
        ("57P01", DatabaseAway, AWAY_SENTENCE),
        ("57P03", DatabaseAway, AWAY_SENTENCE),
        ("53300", DatabaseAway, "Too many use the database"),
        ("53100", DatabaseAway, "no room left, so nothing was saved"),
        ("58030", DatabaseAway, AWAY_SENTENCE),
        ("57014", DatabaseAway, SLOW_SENTENCE),
        ("25006", DatabaseNotReady, "can only be read"),
        ("42P01", DatabaseNotReady, "migrate"),
        ("42703", DatabaseNotReady, "migrate"),
        ("42883", DatabaseNotReady, "migrate"),
        ("3F000", DatabaseNotReady, "migrate"),
    ],
)
def test_an_outage_is_told_apart_from_an_older_schema(
    state: str, kind: type[DataError], sentence: str
) -> None:
    outage = as_outage(answer(state))
    assert type(outage) is kind
    assert sentence in str(outage)
    assert as_problem(answer(state)) is None


@pytest.mark.parametrize("state", ["42601", "22012", "P0001", "23505", "42804"])
def test_a_fault_of_the_program_stays_a_fault(state: str) -> None:
    assert as_outage(answer(state)) is None
    assert as_problem(answer(state)) is None


def test_a_connection_that_said_nothing_is_away() -> None:
    silent = exc.OperationalError("select", {}, psycopg.OperationalError("connection is bad"))
    assert sqlstate(silent) == ""
    assert isinstance(as_outage(silent), DatabaseAway)
    assert isinstance(as_outage(exc.TimeoutError()), DatabaseAway)


def test_a_value_that_the_driver_will_not_send_is_no_outage() -> None:
    unsent = exc.DataError("select", {}, psycopg.DataError("cannot contain NUL (0x00) bytes"))
    assert as_outage(unsent) is None
    assert as_outage(exc.InvalidRequestError()) is None


def test_whoever_writes_may_say_another_sentence_and_a_fault_is_raised_again() -> None:
    instead = {"refused": refused("write here")}
    assert (
        explained(answer("42501"), instead).message == "You may not write here. Nothing was saved."
    )
    assert explained(answer("40001"), instead) == PROBLEMS["40001"]
    unwritable = UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
    assert explained(unwritable, {}).code == "unreadable"
    with pytest.raises(exc.ProgrammingError):
        explained(answer("42601"), instead)


def test_every_refusal_is_worded_in_one_place() -> None:
    data = Path(data_room.__file__).parent
    worded = [file.name for file in data.rglob("*.py") if "You may not" in file.read_text("utf-8")]
    assert worded == ["errors.py"]
