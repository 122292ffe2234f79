"""The one way to an engine, whoever connects."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from data.access.tolerant_types import tolerate
from data.access.unreachable import open_connection


def new_engine(url: URL | str, **options: Any) -> Engine:
    """An engine for PostgreSQL by psycopg; `options` are SQLAlchemy's. Nothing is opened yet."""
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        hide_parameters=True,  # from every message: they are people's
        # Never prepared: behind a pooler a prepared statement may be another client's, and a plan kept
        # from the first five runs fits the sixth person badly.
        connect_args={"prepare_threshold": None},
        **options,
    )
    event.listen(engine, "do_connect", open_connection)
    event.listen(engine, "connect", tolerate)
    return engine


@contextmanager
def engine_for_once(url: URL | str) -> Iterator[Engine]:
    """The same for a command or a start: its connections are closed at the end."""
    engine = new_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
