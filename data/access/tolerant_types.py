"""Reading what some writer managed to store: one poisoned row must not break a page of thousands."""

import json
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.datetime import TimestamptzBinaryLoader, TimestamptzLoader
from psycopg.types.json import set_json_loads


class TolerantTimestamptz(TimestamptzLoader):
    """'infinity', BC and the years after 9999 are legal in PostgreSQL and nowhere else: they load as None.

    Pages that show one moment select its text beside it, and say that it could not be read.
    """

    def load(self, data: Any) -> datetime:
        written = bytes(data)
        try:
            # Of UTC, which every session of ours is in, it is the same as psycopg's own, twenty times as fast.
            if written.endswith(b"+00"):
                return datetime.fromisoformat(written.decode())
        except ValueError:
            pass  # no plain date: let it say what it is
        try:
            return super().load(data)
        except psycopg.DataError:
            return None  # type: ignore[return-value]


class TolerantTimestamptzBinary(TimestamptzBinaryLoader):
    """The same for moments that travel in binary."""

    def load(self, data: Any) -> datetime:
        try:
            return super().load(data)
        except psycopg.DataError:
            return None  # type: ignore[return-value]


def tolerant_json(data: str | bytes) -> Any:
    """JSON as Python values; numbers of thousands of digits as text, and what is nested too deep as text."""
    try:
        return json.loads(data)
    except ValueError:
        return json.loads(data, parse_int=str)
    except RecursionError:
        return data.decode("utf-8", "replace") if isinstance(data, bytes) else data


def tolerate(connection: Any, _record: object = None) -> None:
    """Register both on a psycopg connection (fits SQLAlchemy's `connect` event)."""
    connection.adapters.register_loader("timestamptz", TolerantTimestamptz)
    connection.adapters.register_loader("timestamptz", TolerantTimestamptzBinary)
    set_json_loads(tolerant_json, context=connection)
