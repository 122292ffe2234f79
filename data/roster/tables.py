"""The roster's tables where it is ours, as SQLAlchemy has them: what people change through `data.roster`."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from data.tables import METADATA, MOMENT, given, needed


def _table(name: str, *parts: Any, key: Sequence[str] = ("id",), schema: str = "school") -> Table:
    return Table(name, METADATA, *parts, PrimaryKeyConstraint(*key), schema=schema)


def _in_class(name: str, whose: str, *parts: Any) -> Table:
    """Who or what is in which class."""
    ids = needed("class_id", Uuid), needed(whose, Uuid)
    return _table(name, *ids, *parts, key=("class_id", whose))


SCHOOL: Final = {
    "organisation": _table(
        "organisations", given("id", Uuid), needed("name", Text), schema="public"
    ),
    "module": _table(
        "modules",
        given("id", Uuid),
        needed("type", Text),
        needed("name", Text),
        Column("sequence", Integer),
        Column("configuration", JSONB),
        schema="public",
    ),
    "lesson": _table(
        "lessons",
        given("id", Uuid),
        needed("module_id", Uuid),
        needed("title", Text),
        Column("sequence", Integer),
        given("has_quiz", Boolean),
        schema="public",
    ),
    "staff": _table(
        "staff",
        needed("id", Uuid),
        Column("organisation_id", Uuid),
        needed("full_name", Text),
        needed("email", Text),
        needed("role", Text),
        given("is_active", Boolean),
        UniqueConstraint("email"),
    ),
    "student": _table(
        "student",
        needed("id", Uuid),
        needed("organisation_id", Uuid),
        needed("full_name", Text),
        Column("email", Text),
        given("is_active", Boolean),
        Column("number", Text),
        Column("left_on", Date),
        Column("merged_into", Uuid),
        Column("plain_name", Text),
        Column("plain_email", Text),
        Column("found_by", TSVECTOR),
    ),
    "class": _table(
        "class",
        given("id", Uuid),
        needed("organisation_id", Uuid),
        needed("name", Text),
        Column("school_year", Text),
        Column("archived_at", MOMENT),
        Column("found_by", TSVECTOR),
        UniqueConstraint("organisation_id", "name", "school_year"),
    ),
    "class_teacher": _in_class("class_teacher", "staff_id"),
    "class_student": _in_class("class_student", "student_id"),
    "class_module": _in_class("class_module", "module_id", needed("position", Integer)),
    "retired_module": _table(
        "retired_module",
        needed("module_id", Uuid),
        given("retired_at", MOMENT),
        key=("module_id",),
    ),
    "source_id": _table(
        "source_id",
        needed("organisation_id", Uuid),
        needed("source", Text),
        needed("kind", Text),
        needed("source_id", Text),
        needed("our_id", Uuid),
        key=("organisation_id", "source", "kind", "source_id"),
    ),
    "roster_lock": _table(
        "roster_lock",
        needed("organisation_id", Uuid),
        needed("kind", Text),
        needed("locked_id", Uuid),
        needed("field", Text),
        key=("locked_id", "field"),
    ),
}
"""The roster where it is ours, by the names that its history uses; what others refer to comes first."""
