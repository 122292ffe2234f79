"""The one way to an engine, whoever connects."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from data.access.tolerant_types import tolerate
from data.access.unreachable import open_connection

# A platform may have set others for its database or its users: the driver reads no such times, and definitions
# would not be compared with those that are expected.
PLAIN: Final = (
    "set datestyle = iso; set intervalstyle = postgres; "
    "set standard_conforming_strings = on; set quote_all_identifiers = off"
)


Leading = Callable[[dict[str, Any]], None]
"""What is done before each connection, with libpq's options for it. It may raise DataError."""


def new_engine(url: URL | str, leading: Leading | None = None, **options: Any) -> Engine:
    """An engine for PostgreSQL by psycopg; `options` are SQLAlchemy's. Nothing is opened yet."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        hide_parameters=True,  # from every message: they are people's
        # Never prepared: behind a pooler a prepared statement may be another client's, and a plan kept
        # from the first five runs fits the sixth person badly.
        connect_args={"prepare_threshold": None, "client_encoding": "utf8"},
        **options,
    )
    if leading is not None:
        event.listen(engine, "do_connect", lambda _, __, ___, named: leading(named))
    event.listen(engine, "do_connect", open_connection)
    event.listen(engine, "connect", tolerate)
    return engine


@contextmanager
def engine_for_once(url: URL | str) -> Iterator[Engine]:
    """The same for a command or a start: its connections are closed at the end."""
    engine = new_engine(url)
    event.listen(engine, "connect", _plainly)
    try:
        yield engine
    finally:
        engine.dispose()


def _plainly(raw: psycopg.Connection[Any], _: object) -> None:
    raw.execute(PLAIN)
    raw.commit()
