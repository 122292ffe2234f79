"""Values as the history recorded them: exact, and honest about those that no program can hold."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from data.rules.progress import Field, Status, Value, Values

Side = dict[str, Any]
"""One side of a change, or a row: values by column, numbers as exact decimals."""

NO_ROW: Final[Side] = {
    "status": "NotStarted",
    "progress_percentage": None,
    "score": None,
    "completed_at": None,
}


# One decoder for all: json.loads makes a new one each time.
_EXACTLY: Final = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal)


def read_side(written: str | None) -> Side:
    """A side from its JSON text; of a row that was not there, what a missing row means."""
    if written is None:
        return dict(NO_ROW)
    # JSON as PostgreSQL writes it has nothing around it.
    side, _ = _EXACTLY.raw_decode(written)
    return {name: side[name] for name in NO_ROW if name in side}


def values_of(side: Mapping[str, Any]) -> tuple[Values, frozenset[Field]]:
    """The values that a side names, and the fields whose value cannot be read: they are None."""
    values: dict[Field, Value] = {}
    unreadable = set()
    for name in READ:
        if name not in side:
            continue
        try:
            values[name] = value_of(name, side[name])
        except ValueError:
            values[name] = None
            unreadable.add(name)
    return values, frozenset(unreadable)


# A field's value from that of the JSON, or from its text.
READ: Final[Mapping[Field, Callable[[Any], Value]]] = {
    Field.STATUS: Status,
    Field.PERCENTAGE: int,
    Field.SCORE: Decimal,
    Field.COMPLETED_AT: datetime.fromisoformat,
}


def value_of(name: Field, raw: Any) -> Value:
    """What the history's JSON, or its text, says of a field. ValueError for a moment before the year 1,
    after 9999 or without end."""
    return None if raw is None else READ[name](raw)
