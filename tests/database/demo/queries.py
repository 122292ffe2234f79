"""Asking the demo's database."""

import json
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.types.json import set_json_loads

from tests.clusters import Scratch

Rows = list[tuple[Any, ...]]


def silently(_sentence: str) -> None:
    """Says nothing."""


def ask(database: Scratch, question: str, **values: Any) -> Rows:
    """The answer as rows; JSON numbers as exact decimals."""
    with psycopg.connect(database.owner_url) as connection:
        set_json_loads(lambda text: json.loads(text, parse_float=Decimal), connection)
        return connection.execute(question.encode(), values or None).fetchall()
