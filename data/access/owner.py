"""A connection as the owner of the tables, whom no policy binds: for commands and start-up, not for pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, make_url

from data.access.errors import outages_in_words
from data.access.tolerant_types import tolerate


@contextmanager
def as_owner(url: URL | str) -> Iterator[Connection]:
    """One transaction at the owner's URL: committed at the end, rolled back on an exception.

    Raises DatabaseAway or DatabaseNotReady, in words, where the database is not as it should be.
    """
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        connect_args={"prepare_threshold": None, "connect_timeout": 5},
    )
    event.listen(engine, "connect", tolerate)
    try:
        with outages_in_words(), engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
