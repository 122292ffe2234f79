"""Modules as the catalogue has them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Row, text

from data.reading.filters import Chosen, Relation, parameters, where
from data.rules.details import Lesson

MODULE: Final = Relation("module", frozenset({"id", "name", "type", "pass_mark"}))
"""roster.module, as the filters speak of it."""


@dataclass(frozen=True)
class Module:
    """A module as the catalogue has it; `pass_mark` is 0 to 100, `type` in small letters."""

    id: UUID
    name: str
    type: str
    pass_mark: Decimal


def class_modules(
    connection: Connection, class_id: UUID, chosen: Chosen | None = None
) -> list[Module]:
    """The modules of a class in order, narrowed by the filters of scope `module`."""
    chosen = chosen or {}
    rows = connection.execute(
        text(
            """
            select module.id, module.name, module.type, module.pass_mark
            from roster.class_module
            join roster.module on module.id = class_module.module_id
            where class_module.class_id = :class_id
            """
            + where(chosen, "module", MODULE)
            + " order by class_module.position, module.name, module.id"
        ),
        parameters(chosen) | {"class_id": class_id},
    )
    return [Module(row.id, row.name, row.type, row.pass_mark) for row in rows]


def lessons_of(connection: Connection, module_ids: Collection[UUID]) -> dict[UUID, list[Lesson]]:
    """The lessons, in order, of these modules."""
    rows = connection.execute(
        text("""
            select lesson.id, lesson.module_id, lesson.title, lesson.sequence, lesson.has_quiz
            from roster.lesson
            where lesson.module_id = any(cast(:module_ids as uuid[]))
            order by lesson.module_id, lesson.sequence nulls last, lesson.title
        """),
        {"module_ids": list(module_ids)},
    )
    return _by_module(rows)


def _by_module(rows: Iterable[Row[Any]]) -> dict[UUID, list[Lesson]]:
    found: dict[UUID, list[Lesson]] = {}
    for row in rows:
        found.setdefault(row.module_id, []).append(
            Lesson(row.id, row.title, row.sequence, row.has_quiz)
        )
    return found
