"""A connection as the owner of the tables, whom no policy binds: for commands and start-up, not for pages."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.sql import Composable
from sqlalchemy import Connection
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, ProgrammingError

from data.access.engine import engine_for_once
from data.access.errors import (
    NOT_OWNER,
    DatabaseAway,
    DataError,
    outages_in_words,
    said,
    sqlstate,
)
from data.access.outage_words import SHUT_OUT


@contextmanager
def as_owner(url: URL | str) -> Iterator[Connection]:
    """One transaction at the owner's URL: committed at the end, rolled back on an exception.

    Raises DatabaseAway or DatabaseNotReady, in words, where the database is not as it should be, and DataError
    where its tables are somebody else's.
    """
    try:
        with engine_for_once(url) as engine, outages_in_words(), engine.begin() as connection:
            yield connection
    except ProgrammingError as error:
        if sqlstate(error) != SHUT_OUT:
            raise
        raise DataError(NOT_OWNER) from error


def run(connection: Connection, *said: str | Composable) -> None:
    """Statements by the driver's own connection: SQLAlchemy's reads a colon as a parameter."""
    driver = connection.connection.driver_connection
    if driver is None:
        raise DatabaseAway("The connection was lost; nothing was changed.")
    for statement in said:
        driver.execute(statement)


@contextmanager
def refusals_in_words(then: str) -> Iterator[None]:
    """Whatever the server refuses, such as by an event trigger of a platform's, is a DataError: its sentence,
    where it comes from, and `then` what to do."""
    try:
        with outages_in_words():
            yield
    except (DBAPIError, psycopg.Error) as error:
        raise DataError(f"The server refused a step: {said(error)}. {then}") from error
