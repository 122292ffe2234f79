"""The catalogue of modules, for whoever manages it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True)
class LessonEntry:
    """A lesson of a module, in its order."""

    id: UUID
    title: str
    sequence: int | None
    has_quiz: bool


@dataclass(frozen=True)
class ModuleEntry:
    """A module as the catalogue has it. `pass_mark` is the one in force; `configuration` are all its settings
    as the platform wrote them. `classes` is how many have it, `is_mine` whether I may change it, `is_used`
    whether it has progress or a class."""

    id: UUID
    name: str
    type: str
    sequence: int | None
    configuration: Any
    pass_mark: Decimal
    retired_at: datetime | None
    classes: int
    is_used: bool
    is_mine: bool


def module_entries(connection: Connection) -> tuple[ModuleEntry, ...]:
    """All of them, those in use first, in their order."""
    rows = connection.execute(
        text("""
            with mine as materialized (select internal.my_managed_modules() as id)
            select
                module.id,
                module.name,
                module.type,
                module.sequence,
                module.configuration,
                internal.pass_mark(module.configuration) as pass_mark,
                retired.retired_at,
                (
                    select count(*) from school.class_module where class_module.module_id = module.id
                ) as classes,
                exists (select from school.class_module where class_module.module_id = module.id)
                or exists (select from dashboard.fact where fact.module_id = module.id) as is_used,
                module.id in (select id from mine) as is_mine
            from public.modules as module
            left join lateral (
                select retired_at from school.retired_module where retired_module.module_id = module.id
            ) as retired on true
            order by retired.retired_at is not null, module.sequence nulls last, lower(module.name), module.id
        """)
    )
    return tuple(ModuleEntry(**row._mapping) for row in rows)


def lesson_entries(connection: Connection, module_id: UUID) -> tuple[LessonEntry, ...]:
    """The lessons of a module, in their order."""
    rows = connection.execute(
        text("""
            select id, title, sequence, has_quiz
            from public.lessons
            where module_id = :module_id
            order by sequence nulls last, title, id
        """),
        {"module_id": module_id},
    )
    return tuple(LessonEntry(**row._mapping) for row in rows)
