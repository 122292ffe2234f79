"""Finding students, classes and modules by a few letters, from every page."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from data.reading.students.namesakes import Named, apart
from data.rules.texts import is_text

Kind = Literal["student", "class", "module"]

MOST: Final = 6
"""Of each kind: what of a longer list is meant, another letter says sooner than reading it."""

MOST_TYPED: Final = 100
"""Characters."""


@dataclass(frozen=True)
class Found:
    """One that is meant. `beside` says where it belongs, and tells it from others of its name; `is_here` is
    False where a student left or a class is archived, `is_near` True where a word is not what was typed."""

    kind: Kind
    id: UUID
    name: str
    beside: str
    is_here: bool
    is_near: bool


def find(connection: Connection, typed: str, opened: Collection[UUID] = ()) -> list[Found]:
    """Whom and what I see as staff of whose words one begins so for each word typed, in any order; where there
    is nobody and nothing, those that differ by a letter. At most MOST of each kind, those in `opened` first and
    in its order; where nothing is typed, these alone.

    Source: dashboard.found (data/database/sql/found.sql).
    """
    if not is_text(typed):
        return []
    rows = connection.execute(
        text("select * from dashboard.found(:typed, cast(:opened as uuid[]), :most)"),
        {"typed": typed[:MOST_TYPED], "opened": [*opened], "most": MOST},
    ).all()
    told = apart(Named(row.id, row.name, row.email) for row in rows if row.kind == "student")
    found = [
        Found(
            row.kind,
            row.id,
            row.name,
            " · ".join(filter(None, (row.beside, told.get(row.id)))),
            row.is_here,
            row.is_near,
        )
        for row in rows
    ]
    order = {one: place for place, one in enumerate(opened)}
    return sorted(found, key=lambda one: order.get(one.id, len(order)))
