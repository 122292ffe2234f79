"""A change of the roster: one row that is to become another. Whatever is saved is a list of these."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import Table

from data.roster.tables import SCHOOL

Source = Literal["form", "bulk", "file", "undo", "command line"]

Values = Mapping[str, Any]

ORDER: Final = tuple(SCHOOL)
"""Relations in the order in which rows of them can be added; removed in the other."""


@dataclass(frozen=True)
class RosterChange:
    """A row of `relation` (a key of SCHOOL), found by `key`: columns as they were seen and as they are to be.

    Where `before` is None the row is added, where `after` is None it is removed; else both name the
    columns that change, and no others.
    """

    relation: str
    key: Values
    before: Values | None
    after: Values | None

    @property
    def table(self) -> Table:
        return SCHOOL[self.relation]

    @property
    def operation(self) -> Literal["insert", "update", "delete"]:
        if self.before is None:
            return "insert"
        return "delete" if self.after is None else "update"

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What it says of the row beside its key, in the table's order."""
        said = {*(self.before or ()), *(self.after or ())}
        return tuple(column.name for column in self.table.columns if column.name in said)

    @property
    def inverse(self) -> RosterChange:
        """What puts it back."""
        return RosterChange(self.relation, self.key, self.after, self.before)

    @cached_property
    def id(self) -> tuple[str, tuple[str, ...]]:
        """Which row it is of, to look things up by."""
        return self.relation, tuple(str(self.key[column.name]) for column in self.table.primary_key)


def added(relation: str, key: Values, **values: Any) -> RosterChange:
    """A new row."""
    return RosterChange(relation, key, None, values)


def removed(relation: str, key: Values, **values: Any) -> RosterChange:
    """A row that goes; `values` are what was seen of it."""
    return RosterChange(relation, key, values, None)


def changed(relation: str, key: Values, before: Values, after: Values) -> RosterChange | None:
    """What differs of these columns; None where nothing does."""
    names = [name for name in after if before[name] != after[name]]
    if not names:
        return None
    return RosterChange(
        relation, key, {name: before[name] for name in names}, {name: after[name] for name in names}
    )


def only(
    relation: str, here: Values, column: str, before: Iterable[UUID], after: Iterable[UUID]
) -> list[RosterChange]:
    """Rows of a relation between two: of `here` those of `column` that are wanted, and no others."""
    there, wanted = set(before), set(after)
    return [
        *(removed(relation, {**here, column: gone}) for gone in sorted(there - wanted)),
        *(added(relation, {**here, column: new}) for new in sorted(wanted - there)),
    ]


def as_json(value: Any) -> Any:
    """A value of the roster as JSON has it: ids and moments as text."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def digest(source: Source, changes: Sequence[RosterChange]) -> str:
    """The same for the same changes, in whatever order: SHA-256 in hexadecimal."""
    lines = sorted(
        json.dumps(
            [
                one.relation,
                dict(one.key),
                one.before and dict(one.before),
                one.after and dict(one.after),
            ],
            default=as_json,
            sort_keys=True,
        )
        for one in changes
    )
    return hashlib.sha256("\n".join([source, *lines]).encode()).hexdigest()
